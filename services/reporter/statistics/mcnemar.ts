// Two evaluators of the same generations: is one right more often? In: how many only A and only B got right. Out: an exact
// and an asymptotic test, valid with one generation per person only.
import gammaln from '@stdlib/math-base-special-gammaln';
import { chiSquareTail } from './chi-square.js';

export interface McNemar {
  /** Binomial on the discordant pairs, two-sided. */
  readonly exactP: number;
  readonly chiSquare: number;
  /** Of one degree of freedom, no continuity correction. */
  readonly asymptoticP: number;
}

/** Source: McNemar 1947. undefined when the two never differ. */
export function mcnemar(onlyA: number, onlyB: number): McNemar | undefined {
  const pairs = onlyA + onlyB;
  if (!(pairs > 0)) return undefined;
  let tail = 0;
  for (let k = 0; k <= Math.min(onlyA, onlyB); k++) {
    tail += Math.exp(gammaln(pairs + 1) - gammaln(k + 1) - gammaln(pairs - k + 1) - pairs * Math.LN2);
  }
  const chiSquare = (onlyA - onlyB) ** 2 / pairs;
  return { exactP: Math.min(1, 2 * tail), chiSquare, asymptoticP: chiSquareTail(chiSquare, 1) };
}
