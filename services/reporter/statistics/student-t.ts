// Student's t distribution. In: degrees of freedom, whole or not, at least 1. Out: critical values and tails; NaN with
// fewer than 1 degree of freedom, so that one person never has an interval.
import cdf from '@stdlib/stats-base-dists-t-cdf';
import quantile from '@stdlib/stats-base-dists-t-quantile';

/** t beyond which a two-sided test at `alpha` rejects: 2.045 for 0.05 and 29 degrees of freedom. */
export function criticalT(alpha: number, degrees: number): number {
  return degrees >= 1 ? -quantile(alpha / 2, degrees) : Number.NaN;
}

/** P(|T| > |t|). */
export function twoSidedTP(t: number, degrees: number): number {
  return degrees >= 1 ? 2 * cdf(-Math.abs(t), degrees) : Number.NaN;
}
