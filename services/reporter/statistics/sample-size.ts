// How much more is needed before a comparison can say something. In: rates and what is known of the persons. Out: rough
// numbers for a sentence; nothing is decided by them.
import { criticalZ, normalQuantile } from './normal.js';

/** The sequence that may be looked at daily needs about so many times what a test of one look needs. */
export const SEQUENCE_FACTOR = 1.6;

/**
 * Generations per arm with which a two-sided z-test at `alpha` sees p1 against p2 with probability `power`, one look,
 * one generation per person. Source: Fleiss; equals R's power.prop.test. Infinity for equal rates.
 */
export function trialsPerArm(p1: number, p2: number, power = 0.8, alpha = 0.05): number {
  const middle = (p1 + p2) / 2;
  const none = criticalZ(alpha) * Math.sqrt(2 * middle * (1 - middle));
  const some = normalQuantile(power) * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  return ((none + some) / (p1 - p2)) ** 2;
}
