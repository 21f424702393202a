// Intervals of a rate from the beta distribution. In: whole successes out of trials, one generation per person. Out: an
// interval inside [0, 1]. Clopper-Pearson only where a guarantee is contractual: it is wider than it need be.
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import type { Interval } from './interval.js';

function beta(successes: number, trials: number, confidence: number, low: number, high: number): Interval | undefined {
  if (!(trials > 0) || !(successes >= 0 && successes <= trials)) return undefined;
  const tail = (1 - confidence) / 2;
  const failures = trials - successes;
  return {
    low: successes === 0 ? 0 : betaQuantile(tail, successes + low, failures + high),
    high: failures === 0 ? 1 : betaQuantile(1 - tail, successes + high, failures + low),
  };
}

/** Covers the truth at least as often as it says, whatever the truth. Source: Clopper and Pearson 1934. */
export function clopperPearson(successes: number, trials: number, confidence = 0.95): Interval | undefined {
  return beta(successes, trials, confidence, 0, 1);
}

/** Equal-tailed posterior under the prior Beta(1/2, 1/2), with its ends at 0 and 1. Source: Brown, Cai and DasGupta 2001. */
export function jeffreys(successes: number, trials: number, confidence = 0.95): Interval | undefined {
  return beta(successes, trials, confidence, 0.5, 0.5);
}
