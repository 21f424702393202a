// Common odds ratio of B against A over strata. In: counts of each stratum. Out: the ratio, its interval and the
// Cochran-Mantel-Haenszel test. An effect size to show: its p knows no persons and must never decide a verdict.
import { chiSquareTail } from './chi-square.js';
import type { Interval } from './interval.js';
import { criticalZ } from './normal.js';
import type { Proportion } from './two-proportions.js';

export interface StratumCounts {
  readonly a: Proportion;
  readonly b: Proportion;
}

export interface CommonOddsRatio {
  readonly ratio: number;
  readonly interval: Interval;
  readonly chiSquare: number;
  /** Of one degree of freedom, no continuity correction. */
  readonly p: number;
}

/**
 * ratio = sum(a d / n) / sum(b c / n) with a, b the successes and failures of B, c, d those of A; interval by Robins,
 * Breslow and Greenland 1986. Strata with an empty arm tell nothing. undefined when either sum is 0.
 */
export function commonOddsRatio(strata: readonly StratumCounts[], confidence = 0.95): CommonOddsRatio | undefined {
  let [r, s, pr, mixed, qs, apart, variance] = [0, 0, 0, 0, 0, 0, 0];
  for (const { a: armA, b: armB } of strata) {
    if (!(armA.n > 0 && armB.n > 0)) continue;
    const [a, b, c, d] = [armB.x, armB.n - armB.x, armA.x, armA.n - armA.x];
    const n = armA.n + armB.n;
    const [concordant, discordant] = [(a * d) / n, (b * c) / n];
    const [p, q] = [(a + d) / n, (b + c) / n];
    r += concordant;
    s += discordant;
    pr += p * concordant;
    mixed += p * discordant + q * concordant;
    qs += q * discordant;
    apart += a - ((a + b) * (a + c)) / n;
    variance += ((a + b) * (c + d) * (a + c) * (b + d)) / (n * n * (n - 1));
  }
  if (!(r > 0 && s > 0)) return undefined;
  const logError = Math.sqrt(pr / (2 * r * r) + mixed / (2 * r * s) + qs / (2 * s * s));
  const factor = Math.exp(criticalZ(1 - confidence) * logError);
  const ratio = r / s;
  const chiSquare = (apart * apart) / variance;
  return {
    ratio,
    interval: { low: ratio / factor, high: ratio * factor },
    chiSquare,
    p: chiSquareTail(chiSquare, 1),
  };
}
