// Interval of any figure by drawing persons again and again. In: one entry per person, a figure of a list of them, a seed.
// Out: percentiles and how many draws had no figure. Must never draw generations: those of one person belong together.
import type { Interval } from './interval.js';
import { seededRandom } from './random.js';

export const RESAMPLES = 2000;

export interface Bootstrap {
  /** undefined with fewer than two persons, or when no draw had a figure. */
  readonly interval: Interval | undefined;
  readonly resamples: number;
  /** Draws in which the figure is not defined: say how many. */
  readonly skipped: number;
}

/** Value below which a share `q` of `sorted` lies, with straight lines between neighbours (type 7 of Hyndman and Fan). */
function quantile(sorted: readonly number[], q: number): number {
  const at = q * (sorted.length - 1);
  const below = Math.floor(at);
  const [low, high] = [sorted[below] as number, sorted[Math.min(below + 1, sorted.length - 1)] as number];
  return low + (at - below) * (high - low);
}

/**
 * Percentile interval over `resamples` draws of as many persons with replacement. Source: Efron 1979; Davison and Hinkley
 * 1997 for clusters. The same seed and order of persons give the same interval.
 */
export function clusterBootstrap<Person>(
  persons: readonly Person[],
  figure: (drawn: readonly Person[]) => number | undefined,
  { seed, resamples = RESAMPLES, confidence = 0.95 }: { seed: number; resamples?: number; confidence?: number },
): Bootstrap {
  if (persons.length < 2) return { interval: undefined, resamples: 0, skipped: 0 };
  const random = seededRandom(seed);
  const found: number[] = [];
  for (let draw = 0; draw < resamples; draw++) {
    const value = figure(persons.map(() => persons[Math.floor(random() * persons.length)] as Person));
    if (value !== undefined && !Number.isNaN(value)) found.push(value);
  }
  found.sort((a, b) => a - b);
  const tail = (1 - confidence) / 2;
  const interval = found.length > 0 ? { low: quantile(found, tail), high: quantile(found, 1 - tail) } : undefined;
  return { interval, resamples, skipped: resamples - found.length };
}
