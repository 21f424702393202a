// The normal distribution: quantiles and tail probabilities that stay exact far out. In and out: numbers. A tail must
// never be taken as 1 - cdf, which is 0 from |z| = 8.3 on.
import erfc from '@stdlib/math-base-special-erfc';
import erfcinv from '@stdlib/math-base-special-erfcinv';

/** z with P(Z <= z) = `q`, 0 <= q <= 1. Source: the inverse of erfc; relative error below 1e-15 down to q = 1e-300. */
export function normalQuantile(q: number): number {
  if (q === 0.5) return 0;
  return q < 0.5 ? -Math.SQRT2 * erfcinv(2 * q) : Math.SQRT2 * erfcinv(2 * (1 - q));
}

/** z beyond which a two-sided test at `alpha` rejects: 1.96 for 0.05. */
export function criticalZ(alpha: number): number {
  return Math.SQRT2 * erfcinv(alpha);
}

/** P(Z > z). */
export function normalTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/** P(|Z| > |z|). */
export function twoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}
