// Wilson's interval of a rate. In: successes out of trials, whole or effective numbers. Out: an interval inside [0, 1].
// No trials are no data: must never answer 0 %.
import type { Interval } from './interval.js';
import { criticalZ } from './normal.js';

/**
 * Source: Wilson 1927; Brown, Cai and DasGupta 2001 recommend it for small numbers. Exactly 0 below when nothing
 * succeeded and exactly 1 above when everything did; undefined without trials.
 */
export function wilson(successes: number, trials: number, confidence = 0.95): Interval | undefined {
  if (!(trials > 0) || !(successes >= 0 && successes <= trials)) return undefined;
  const z2 = criticalZ(1 - confidence) ** 2;
  const rate = successes / trials;
  const scale = 1 + z2 / trials;
  const centre = (rate + z2 / (2 * trials)) / scale;
  const half = Math.sqrt(z2 * ((rate * (1 - rate)) / trials + z2 / (4 * trials * trials))) / scale;
  return {
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  };
}
