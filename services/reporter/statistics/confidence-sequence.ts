// A difference that is looked at every day: an interval and a p-value that hold at all looks together. In: difference,
// standard error, tau and alpha of one look. Out: numbers, undefined when there is no standard error. Must never be fed
// a standard error that takes the generations of one person for independent: then it is wrong in half of all cases.
import { around, type Interval } from './interval.js';

/** What one look knows: `difference` is B minus A, `standardError` that of persons. */
export interface Look {
  readonly difference: number;
  readonly standardError: number;
}

function ratio(standardError: number, tau: number): number | undefined {
  const k = (tau / standardError) ** 2;
  return standardError > 0 && Number.isFinite(k) && k > 0 ? k : undefined;
}

/**
 * Half the width at level `alpha`: se * sqrt((1 + 1/k) * ln((1 + k) / alpha^2)), k = (tau / se)^2. `tau` is the smallest
 * difference that matters, fixed before the first look. Source: Robbins' normal mixture (Howard et al. 2021), also the
 * mSPRT of Johari et al. with mixing N(0, tau^2).
 */
export function halfWidth(standardError: number, tau: number, alpha: number): number | undefined {
  const k = ratio(standardError, tau);
  if (k === undefined) return undefined;
  return standardError * Math.sqrt((1 + 1 / k) * (Math.log1p(k) - 2 * Math.log(alpha)));
}

/** The interval of one look, inside the sequence that covers the truth at all looks with probability 1 - `alpha`. */
export function sequenceInterval(look: Look, tau: number, alpha: number): Interval | undefined {
  const half = halfWidth(look.standardError, tau, alpha);
  return half === undefined ? undefined : around(look.difference, half);
}

/** Natural logarithm of the E-value against no difference: -ln(1 + k) / 2 + (D / se)^2 / 2 * k / (1 + k). */
export function logE({ difference, standardError }: Look, tau: number): number | undefined {
  const k = ratio(standardError, tau);
  if (k === undefined) return undefined;
  const z = difference / standardError;
  return -Math.log1p(k) / 2 + (((z * z) / 2) * k) / (1 + k);
}

/** p-value of one look, valid however often one looked: min(1, 1 / E). */
export function anytimeP(logEValue: number): number {
  return Math.min(1, Math.exp(-logEValue));
}

/** Smallest value up to each place: of p-values of successive looks, the p-value that counts. */
export function runningMinimum(values: readonly number[]): number[] {
  let least = Number.POSITIVE_INFINITY;
  return values.map((value) => (least = Math.min(least, value)));
}

/** Half the width when drops alone matter. Source: Waudby-Smith et al., arXiv 2103.06476, equation 134. */
export function oneSidedHalfWidth(standardError: number, tau: number, alpha: number): number | undefined {
  const k = ratio(standardError, tau);
  if (k === undefined) return undefined;
  return standardError * Math.sqrt(2 * (1 + 1 / k) * Math.log1p(Math.sqrt(1 + k) / (2 * alpha)));
}

/**
 * tau for which the sequence is narrowest at `trials` trials of variance `variance`, at level `alpha`; for one-sided
 * widths give twice their alpha. Source: Waudby-Smith et al., equation 9 and what follows it.
 */
export function tauForTrials(variance: number, trials: number, alpha: number): number {
  const twice = -2 * Math.log(alpha);
  return Math.sqrt((variance * (twice + Math.log(twice + 1))) / trials);
}
