// How much B differs from A within prompts, so that a changed mix of prompts is no difference. In: what each person did in
// each stratum and arm, in any order and any number of pieces. Out: the difference and its standard error by persons. Must
// never take generations of one person for independent, nor a person of both arms for two.

export interface PersonRow {
  readonly person: string | number;
  readonly stratum: string | number;
  readonly arm: 'A' | 'B';
  /** Generations, and their successes or the sum of their similarities. */
  readonly n: number;
  readonly y: number;
}

export interface StratumDifference {
  readonly stratum: string | number;
  readonly nA: number;
  readonly nB: number;
  readonly yA: number;
  readonly yB: number;
  readonly difference: number;
  /** nA nB / (nA + nB). */
  readonly weight: number;
}

export interface StratifiedDifference {
  /** B minus A. */
  readonly difference: number;
  /** undefined with one person; 0 when nobody differs from what the strata predict. */
  readonly standardError: number | undefined;
  /** Persons of the strata that count, one who saw both arms once. */
  readonly persons: number;
  /** Those in which both arms were shown: the others tell nothing. */
  readonly strata: readonly StratumDifference[];
  /** Sum of the strata's weights. */
  readonly weight: number;
}

function strataOf(rows: readonly PersonRow[]): StratumDifference[] {
  const sums = new Map<string | number, { nA: number; nB: number; yA: number; yB: number }>();
  for (const { stratum, arm, n, y } of rows) {
    const sum = sums.get(stratum) ?? { nA: 0, nB: 0, yA: 0, yB: 0 };
    if (arm === 'A') {
      sum.nA += n;
      sum.yA += y;
    } else {
      sum.nB += n;
      sum.yB += y;
    }
    sums.set(stratum, sum);
  }
  return [...sums]
    .filter(([, { nA, nB }]) => nA > 0 && nB > 0)
    .map(([stratum, sum]) => ({
      stratum,
      ...sum,
      difference: sum.yB / sum.nB - sum.yA / sum.nA,
      weight: (sum.nA * sum.nB) / (sum.nA + sum.nB),
    }));
}

/**
 * D = sum w_k (p_Bk - p_Ak) / W, w_k = nA nB / (nA + nB): the Mantel-Haenszel risk difference, equal to the coefficient of
 * the arm in a regression on arm and strata. With pi_k = nB / (nA + nB) and a_k = (yA + yB) / (nA + nB) - D pi_k, a person's
 * score is sum (1 - pi_k)(y_B - n_B (a_k + D)) - pi_k (y_A - n_A a_k), and se^2 = J/(J-1) sum score^2 / W^2.
 * Equals sandwich::vcovCL(lm(y ~ arm + factor(stratum)), cluster = person, type = "HC0", cadjust = TRUE).
 * undefined when no stratum has both arms.
 */
export function stratifiedDifference(rows: readonly PersonRow[]): StratifiedDifference | undefined {
  const strata = strataOf(rows);
  const weight = strata.reduce((sum, stratum) => sum + stratum.weight, 0);
  if (!(weight > 0)) return undefined;
  const difference = strata.reduce((sum, stratum) => sum + stratum.weight * stratum.difference, 0) / weight;
  const fitted = new Map(
    strata.map(({ stratum, nA, nB, yA, yB }) => {
      const share = nB / (nA + nB);
      return [stratum, { share, level: (yA + yB) / (nA + nB) - difference * share }];
    }),
  );
  const scores = new Map<string | number, number>();
  for (const { person, stratum, arm, n, y } of rows) {
    const fit = fitted.get(stratum);
    if (fit === undefined || !(n > 0)) continue;
    const { share, level } = fit;
    const score = arm === 'B' ? (1 - share) * (y - n * (level + difference)) : -share * (y - n * level);
    scores.set(person, (scores.get(person) ?? 0) + score);
  }
  const persons = scores.size;
  const squares = [...scores.values()].reduce((sum, score) => sum + score * score, 0);
  const standardError = persons < 2 ? undefined : Math.sqrt((persons / (persons - 1)) * squares) / weight;
  return { difference, standardError, persons, strata, weight };
}

/** B minus A of all generations, whatever their stratum; another sign than the stratified one means that the mix moved. */
export function pooledDifference(rows: readonly PersonRow[]): number | undefined {
  return stratifiedDifference(rows.map((row) => ({ ...row, stratum: 'all' })))?.difference;
}
