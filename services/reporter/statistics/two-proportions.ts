// Two rates when persons are not known and every generation counts for itself. In: counts. Out: a z-test, and a standard
// error that is never 0. Too narrow when persons repeat: must never decide a verdict.
import { twoSidedP } from './normal.js';

/** `x` successes of `n` trials. */
export interface Proportion {
  readonly x: number;
  readonly n: number;
}

export interface PooledZ {
  /** B minus A. */
  readonly difference: number;
  readonly z: number;
  readonly p: number;
}

/** z of the difference with the variance of both together, no continuity correction; undefined without variance. */
export function pooledZ(a: Proportion, b: Proportion): PooledZ | undefined {
  const rate = (a.x + b.x) / (a.n + b.n);
  const variance = rate * (1 - rate) * (1 / a.n + 1 / b.n);
  if (!(a.n > 0 && b.n > 0 && variance > 0)) return undefined;
  const difference = b.x / b.n - a.x / a.n;
  const z = difference / Math.sqrt(variance);
  return { difference, z, p: twoSidedP(z) };
}

/**
 * Standard error of the difference with one success and one failure added to each: q = (x + 1) / (n + 2),
 * se^2 = sum q (1 - q) / (n + 2). Source: Agresti and Caffo 2000.
 */
export function agrestiCaffoError(a: Proportion, b: Proportion): number {
  const variance = ({ x, n }: Proportion): number => {
    const rate = (x + 1) / (n + 2);
    return (rate * (1 - rate)) / (n + 2);
  };
  return Math.sqrt(variance(a) + variance(b));
}
