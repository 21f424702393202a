// How many persons a comparison still lacks, roughly. Pure.
import { SEQUENCE_FACTOR, trialsPerArm } from '../statistics/sample-size.js';
import type { VerdictRow } from './verdict-row.js';

const POWER = 0.8;
/** Rates nearer to 0 and 1 than this say nothing of the power to come. */
const RATE_EDGE = 0.02;

/** Generations per side that find a drop of `tau` below `rate` in a single look with power 0.8. */
export function generationsForDrop(rate: number, tau: number, alpha: number): number {
  const before = Math.min(1 - RATE_EDGE, Math.max(rate, tau + RATE_EDGE));
  return trialsPerArm(before, Math.max(RATE_EDGE, before - tau), POWER, alpha);
}

/**
 * Persons that A and B together still lack until a drop of tau would probably be seen: generations per side times the design
 * effect times the price of looking every day, in persons with as many generations as those seen so far. 0 when there are enough
 * already; undefined when nobody was seen yet.
 */
export function personsLacking(row: VerdictRow): number | undefined {
  if (row.persons_a === 0 || row.persons_b === 0 || row.n_a === 0 || row.n_b === 0) return undefined;
  const designEffect = Math.max(1, row.figures['design_effect'] ?? 1);
  const generations = generationsForDrop(row.rate_a, row.tau, row.alpha) * designEffect * SEQUENCE_FACTOR;
  const lacking = (n: number, persons: number) => Math.max(0, Math.ceil((generations * persons) / n) - persons);
  return lacking(row.n_a, row.persons_a) + lacking(row.n_b, row.persons_b);
}
