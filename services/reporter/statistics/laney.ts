// How much more the days of one rate differ than chance alone would make them. In: z-scores of successive days. Out: the
// factor, and limits by it. Must never narrow anything: a factor below 1 is for the caller to take as 1.
import { around, type Interval } from './interval.js';

/** Mean distance of two independent standard normal values. Source: the control-chart constant d2 for pairs. */
const PAIR_RANGE = 1.128;

/** How many sigmas the limits of a control chart stand away. */
const CHART_SIGMAS = 3;

export interface DayRate {
  readonly successes: number;
  readonly trials: number;
}

/** Rate of all days together; undefined without trials. */
export function pooledRate(days: readonly DayRate[]): number | undefined {
  const trials = days.reduce((sum, day) => sum + day.trials, 0);
  return trials > 0 ? days.reduce((sum, day) => sum + day.successes, 0) / trials : undefined;
}

/** How far each day lies from `rate`, in binomial standard errors. */
export function binomialScores(days: readonly DayRate[], rate: number): number[] {
  return days.map(({ successes, trials }) => (successes / trials - rate) / Math.sqrt((rate * (1 - rate)) / trials));
}

/**
 * sigma_Z = mean |z_d - z_(d-1)| / 1.128: 1 when the days differ by chance alone. undefined with fewer than two days.
 * Source: Laney 2002, the p' chart.
 */
export function laneySigma(scores: readonly number[]): number | undefined {
  if (scores.length < 2) return undefined;
  let moved = 0;
  for (let day = 1; day < scores.length; day++)
    moved += Math.abs((scores[day] as number) - (scores[day - 1] as number));
  return moved / (scores.length - 1) / PAIR_RANGE;
}

/** Limits of a day with `trials` trials on the p' chart: three sigmas of chance and of what days differ by besides. */
export function laneyLimits(rate: number, trials: number, sigma: number): Interval {
  return around(rate, CHART_SIGMAS * sigma * Math.sqrt((rate * (1 - rate)) / trials));
}
