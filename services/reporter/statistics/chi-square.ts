// The upper tail of the chi-square distribution. In: a statistic and its degrees of freedom. Out: a probability that
// does not become 0 before 1e-300; must never be taken as 1 - cdf.
import gammainc from '@stdlib/math-base-special-gammainc';

/** P(X > `x`), by the regularised upper incomplete gamma function Q(degrees / 2, x / 2). */
export function chiSquareTail(x: number, degrees: number): number {
  if (degrees === 0) return 1;
  return gammainc(x / 2, degrees / 2, true, true);
}
