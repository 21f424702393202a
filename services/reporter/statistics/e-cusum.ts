// Has a rate fallen, and since when? In: scores of successive days against a baseline. Out: the running evidence of a fall
// and the alarm by it. Knows nothing of another version: must never be read as a comparison.

/** Drop the evidence is built for, in standard errors of a day. */
export const CUSUM_LAMBDA = 1;

/**
 * Evidence after one more day, a natural logarithm: max(before, 0) - lambda z - lambda^2 / 2. Starts from 0.
 * Source: Shin, Ramdas and Rinaldo 2022, the e-CUSUM detector, for normal scores and a fall.
 */
export function eCusumStep(before: number, score: number, lambda = CUSUM_LAMBDA): number {
  return Math.max(before, 0) - lambda * score - (lambda * lambda) / 2;
}

/** Evidence after each day. */
export function eCusum(scores: readonly number[], lambda = CUSUM_LAMBDA): number[] {
  let evidence = 0;
  return scores.map((score) => (evidence = eCusumStep(evidence, score, lambda)));
}

/** Page's classical sum for a fall, with slack `k`: max(0, before - z - k). Source: Page 1954. */
export function cusumLower(scores: readonly number[], k: number): number[] {
  let sum = 0;
  return scores.map((score) => (sum = Math.max(0, sum - score - k)));
}

/** Evidence from which a fall is said, when `watched` series may together give one false alarm in `days` days: ln(ARL). */
export function eCusumThreshold(watched: number, days: number): number {
  return Math.log(watched * days);
}

/**
 * First day of the climb that is under way at `last`: the day on which the evidence rose above 0 for the last time.
 * undefined when there is none.
 */
export function fallBegan(evidence: readonly number[], last = evidence.length - 1): number | undefined {
  let day = last;
  while (day >= 0 && (evidence[day] as number) > 0) day--;
  return day < last ? day + 1 : undefined;
}
