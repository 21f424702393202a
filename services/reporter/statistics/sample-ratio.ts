// Did a randomised experiment split its units as it was meant to? In: units (never generations) of each arm, and the
// weights they should have. Out: a test at one look, and a Bayes factor that holds at all looks.
import gammaln from '@stdlib/math-base-special-gammaln';
import { chiSquareTail } from './chi-square.js';

/** Below this p the split is broken: over 90 daily looks a sound split fails in 1.4 % of experiments. */
export const SAMPLE_RATIO_P_MIN = 0.001;

/** From this Bayes factor on the split is broken, at the stricter of the two tests. */
export const SAMPLE_RATIO_BAYES_FACTOR_MAX = 1000;

/** Weight of the expected split against the units seen. */
export const DIRICHLET_TOTAL = 200;

export interface SampleRatio {
  readonly chiSquare: number;
  readonly degrees: number;
  readonly p: number;
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Shares that the weights stand for; undefined unless all are positive and there is one for each arm, of two or more. */
function shares(observed: readonly number[], weights: readonly number[]): number[] | undefined {
  if (observed.length !== weights.length || observed.length < 2 || !weights.every((weight) => weight > 0)) {
    return undefined;
  }
  const sum = total(weights);
  return weights.map((weight) => weight / sum);
}

/** Pearson's chi-square of the split; undefined without units, or without a positive weight for each arm. */
export function sampleRatio(observed: readonly number[], weights: readonly number[]): SampleRatio | undefined {
  const expected = shares(observed, weights);
  const units = total(observed);
  if (expected === undefined || !(units > 0)) return undefined;
  const chiSquare = total(
    expected.map((share, arm) => ((observed[arm] as number) - units * share) ** 2 / (units * share)),
  );
  const degrees = observed.length - 1;
  return { chiSquare, degrees, p: chiSquareTail(chiSquare, degrees) };
}

/**
 * Natural logarithm of the Bayes factor of any split against the expected one; min(1, exp(-it)) is a p-value for all looks
 * together. Source: Lindon and Malek 2022, a Dirichlet prior of `strength` units around the expected split.
 */
export function sampleRatioLogBayesFactor(
  observed: readonly number[],
  weights: readonly number[],
  strength = DIRICHLET_TOTAL,
): number | undefined {
  const expected = shares(observed, weights);
  if (expected === undefined) return undefined;
  const terms = expected.map((share, arm) => {
    const [prior, units] = [strength * share, observed[arm] as number];
    return gammaln(prior + units) - gammaln(prior) - units * Math.log(share);
  });
  return gammaln(strength) - gammaln(strength + total(observed)) + total(terms);
}
