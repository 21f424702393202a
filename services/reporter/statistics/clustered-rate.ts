// One rate of many persons, whose own generations resemble each other. In: generations and successes of each person, or
// their sums. Out: the rate with its standard error, design effect and interval. One person alone has no interval.
import type { Interval } from './interval.js';
import { criticalZ } from './normal.js';
import { criticalT } from './student-t.js';
import { wilson } from './wilson.js';

/** One person: `n` generations, `y` successes, or the sum of their similarities, 0 <= y <= n. */
export interface PersonCount {
  readonly n: number;
  readonly y: number;
}

/** Sums over persons: all that the rate and its variance need, so that SQL can make them. */
export interface PersonSums {
  readonly persons: number;
  readonly n: number;
  readonly y: number;
  readonly nn: number;
  readonly yn: number;
  readonly yy: number;
}

export interface ClusteredRate {
  readonly rate: number;
  readonly n: number;
  readonly persons: number;
  /** undefined with one person. */
  readonly standardError: number | undefined;
  /** How much larger the variance is than that of as many persons with one generation each; undefined at 0 and 1. */
  readonly designEffect: number | undefined;
  /** Independent generations that would tell as much, the few degrees of freedom taken into account. */
  readonly effectiveN: number | undefined;
  readonly interval: Interval | undefined;
}

/** Persons without generations do not count. */
export function personSums(counts: readonly PersonCount[]): PersonSums {
  let [persons, n, y, nn, yn, yy] = [0, 0, 0, 0, 0, 0];
  for (const person of counts) {
    if (!(person.n > 0)) continue;
    persons += 1;
    n += person.n;
    y += person.y;
    nn += person.n * person.n;
    yn += person.y * person.n;
    yy += person.y * person.y;
  }
  return { persons, n, y, nn, yn, yy };
}

/**
 * p = sum y / sum n; V = J/(J-1) (sum y^2 - 2 p sum yn + p^2 sum n^2) / (sum n)^2, the variance of a ratio by the delta
 * method; the interval is Wilson's at n_eff = min(n, p (1 - p) / V) (z / t_(J-1))^2, and at J persons where p is 0 or 1.
 * Equals sandwich::vcovCL(lm(y ~ 1), type = "HC0", cadjust = TRUE). undefined without generations.
 */
export function clusteredRate(sums: PersonSums, confidence = 0.95): ClusteredRate | undefined {
  const { persons, n, y } = sums;
  if (!(n > 0)) return undefined;
  const rate = y / n;
  const known = { rate, n, persons };
  const free = rate * (1 - rate);
  if (persons < 2) {
    return { ...known, standardError: undefined, designEffect: undefined, effectiveN: undefined, interval: undefined };
  }
  const squares = Math.max(0, sums.yy - 2 * rate * sums.yn + rate * rate * sums.nn);
  const variance = ((persons / (persons - 1)) * squares) / (n * n);
  const few = (criticalZ(1 - confidence) / criticalT(1 - confidence, persons - 1)) ** 2;
  const effectiveN = free > 0 ? Math.min(n, free / variance) * few : persons;
  return {
    ...known,
    standardError: Math.sqrt(variance),
    designEffect: free > 0 ? (variance * n) / free : undefined,
    effectiveN,
    interval: wilson(rate * effectiveN, effectiveN, confidence),
  };
}

/** Mean of the persons' own rates. Far from the rate of all generations, a few heavy persons make the difference. */
export function meanOfPersons(counts: readonly PersonCount[]): number | undefined {
  const rates = counts.filter(({ n }) => n > 0).map(({ n, y }) => y / n);
  return rates.length === 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
}
