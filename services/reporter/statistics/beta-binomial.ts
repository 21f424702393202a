// Rates of many cells, small ones drawn towards their mean, for ranking: never list the worst by raw rate. In: successes
// and trials of each cell; with several generations per person, effective ones. Out: what the cells have in common, and
// each cell's own rate by it. Must never decide a verdict.
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';
import type { Interval } from './interval.js';
import type { Proportion } from './two-proportions.js';

/** Rates of cells scatter around `mean` like Beta(mean * strength, (1 - mean) * strength). */
export interface BetaBinomial {
  readonly mean: number;
  /** Correlation inside a cell, 1 / (1 + strength). */
  readonly rho: number;
  /** Trials that the mean is worth: Infinity when the cells do not differ beyond chance, 0 when they share nothing. */
  readonly strength: number;
}

/**
 * By moments, weights n_i: S = sum n_i (x_i / n_i - mean)^2,
 * rho = (S - mean (1 - mean)(m - 1)) / (mean (1 - mean)(N - sum n_i^2 / N - (m - 1))). Closed form, never diverges.
 * Source: Kleinman 1973. Cells without trials do not count; undefined when there is no other.
 */
export function betaBinomialMoments(all: readonly Proportion[]): BetaBinomial | undefined {
  const cells = all.filter(({ n }) => n > 0);
  const trials = cells.reduce((sum, { n }) => sum + n, 0);
  if (!(trials > 0)) return undefined;
  const mean = cells.reduce((sum, { x }) => sum + x, 0) / trials;
  const free = mean * (1 - mean);
  const others = cells.length - 1;
  const scatter = cells.reduce((sum, { x, n }) => sum + n * (x / n - mean) ** 2, 0);
  const room = free * (trials - cells.reduce((sum, { n }) => sum + n * n, 0) / trials - others);
  const rho = room > 0 ? (scatter - free * others) / room : 0;
  return { mean, rho, strength: strengthOf(rho) };
}

function strengthOf(rho: number): number {
  if (rho <= 0) return Number.POSITIVE_INFINITY;
  return rho >= 1 ? 0 : 1 / rho - 1;
}

/** The cell's rate drawn towards the mean: (x + mean M) / (n + M); the mean itself without trials. */
export function shrunkRate({ x, n }: Proportion, { mean, strength }: BetaBinomial): number {
  if (strength === Number.POSITIVE_INFINITY || !(n + strength > 0)) return mean;
  return (x + mean * strength) / (n + strength);
}

/**
 * Where the cell's true rate lies with probability `confidence`, given the mean and strength; slightly too narrow, since
 * both are estimates (empirical Bayes). undefined when the cell's own counts leave an end open.
 */
export function credibleInterval(cell: Proportion, fit: BetaBinomial, confidence = 0.95): Interval | undefined {
  const { mean, strength } = fit;
  if (strength === Number.POSITIVE_INFINITY) return { low: mean, high: mean };
  const [alpha, beta] = [cell.x + mean * strength, cell.n - cell.x + (1 - mean) * strength];
  if (!(alpha > 0 && beta > 0)) return undefined;
  const tail = (1 - confidence) / 2;
  return { low: betaQuantile(tail, alpha, beta), high: betaQuantile(1 - tail, alpha, beta) };
}
