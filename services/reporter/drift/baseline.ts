// What a rate was before: the days that later ones are judged against. In: counted days, oldest first. Out: rate, rhythm of the
// week and overdispersion. Pure. Must never look at a day after its own last one: a baseline is fixed once it is taken.
import { laneySigma, pooledRate } from '../statistics/laney.js';
import { weekdayOffsets } from '../statistics/weekday-means.js';
import type { WatchedDay } from './watched-day.js';

/** Days of a baseline: four whole weeks when no day is missing. */
export const BASELINE_DAYS = 28;
/** A day counts from so many persons on; of fewer the clustered standard error is not to be relied on. */
export const DAY_PERSONS_MIN = 20;
/**
 * A rhythm of the week is taken out when weekdays differ so much more between them than within. It is the upper 1 % point of F
 * with 4 and 23 degrees of freedom (4.26), a little above that with 6 and 21 (3.81): taking out a rhythm that is not there
 * would add the noise of seven means to every later day.
 */
export const WEEKLY_F_MIN = 4.26;
const DAYS_OF_WEEK = 7;

export interface Baseline {
  readonly rate: number;
  readonly days: number;
  readonly from: string;
  readonly to: string;
  /** What Monday to Sunday lie above the rate; empty without a rhythm of the week. */
  readonly weekdays: readonly number[];
  /** At least 1. */
  readonly sigma: number;
}

/** Whether a day is fit to be judged: enough persons, who are not all alike. */
export function isCounted({ persons, error }: WatchedDay): boolean {
  return persons >= DAY_PERSONS_MIN && error > 0;
}

/** The baseline of the first `BASELINE_DAYS` counted days; undefined while there are fewer. */
export function takeBaseline(counted: readonly WatchedDay[]): Baseline | undefined {
  const days = counted.slice(0, BASELINE_DAYS);
  const [first, last] = [days[0], days.at(-1)];
  const rate = pooledRate(days.map(({ n, taken }) => ({ successes: taken, trials: n })));
  if (days.length < BASELINE_DAYS || first === undefined || last === undefined || rate === undefined) return undefined;
  const weekdays = weekRhythm(days);
  const scores = days.map((day) => score(day, rate, weekdays));
  return {
    rate,
    days: days.length,
    from: first.day,
    to: last.day,
    weekdays,
    sigma: Math.max(1, laneySigma(scores) ?? 1),
  };
}

/** Standard errors by which a day lies above the rate that is usual on its weekday. */
export function score({ day, n, taken, error }: WatchedDay, rate: number, weekdays: readonly number[]): number {
  return (taken / n - rate - (weekdays[weekdayOf(day)] ?? 0)) / error;
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: string): number {
  return (new Date(day).getUTCDay() + DAYS_OF_WEEK - 1) % DAYS_OF_WEEK;
}

/** Offsets of Monday to Sunday when they explain enough of the days' differences, by a one-way analysis of variance. */
function weekRhythm(days: readonly WatchedDay[]): number[] {
  const rates = days.map(({ n, taken }) => taken / n);
  const weekdays = days.map(({ day }) => weekdayOf(day));
  const offsets = weekdayOffsets(rates, weekdays);
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  let [between, within] = [0, 0];
  rates.forEach((rate, i) => {
    const offset = offsets.get(weekdays[i] as number) ?? 0;
    between += offset ** 2;
    within += (rate - mean - offset) ** 2;
  });
  const groups = offsets.size;
  const ratio = between / (groups - 1) / (within / (rates.length - groups));
  if (groups < 2 || !(ratio >= WEEKLY_F_MIN)) return [];
  return Array.from({ length: DAYS_OF_WEEK }, (_, weekday) => offsets.get(weekday) ?? 0);
}
