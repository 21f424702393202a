// Judges the days of one watch, one after the other. In: where the watch stands, further final days. Out: a row per day.
// Pure, and a day's row follows from the days before it alone: it does not matter how many days one look judges.
import { CUSUM_LAMBDA, eCusumStep, eCusumThreshold } from '../statistics/e-cusum.js';
import { DAY_PERSONS_MIN, BASELINE_DAYS, isCounted, score, takeBaseline, type Baseline } from './baseline.js';
import type { WatchedDay } from './watched-day.js';

/** The watches of a project may together say one false fall in so many days. */
export const FALSE_ALARM_DAYS = 90;

/** What a watch knows after a day. */
export interface Standing {
  readonly state: 'collecting' | 'steady' | 'fallen';
  readonly since: string | null;
  readonly baseline: Baseline | undefined;
  readonly cusum: number;
  /** Days since the evidence last left zero, oldest first; empty when it is at zero or below. */
  readonly climb: readonly ScoredDay[];
  readonly recovery: number;
}

export interface ScoredDay {
  readonly day: string;
  readonly z: number;
}

export interface JudgedDay extends Standing {
  readonly day: WatchedDay;
  readonly counted: boolean;
  /** Overdispersion is divided out; 0 when the day was not judged. */
  readonly z: number;
  readonly threshold: number;
  /** Counted days of the baseline so far. */
  readonly collected: number;
  readonly daysNeeded: number;
  readonly personsNeeded: number;
}

const NEW: Standing = {
  state: 'collecting',
  since: null,
  baseline: undefined,
  cusum: 0,
  climb: [],
  recovery: 0,
};

/**
 * Rows of `days`, which are final, in order, and begin with the day after `before`, or with the first day that is known while
 * the watch still collects.
 */
export function judgeDays(days: readonly WatchedDay[], before: Standing = NEW): JudgedDay[] {
  const rows: JudgedDay[] = [];
  const collected: WatchedDay[] = [];
  let standing = before;
  for (const day of days) {
    const counted = isCounted(day);
    const threshold = eCusumThreshold(Math.max(1, day.watched), FALSE_ALARM_DAYS);
    let z = 0;
    if (standing.baseline === undefined) {
      if (counted) collected.push(day);
      const baseline = takeBaseline(collected);
      if (baseline !== undefined) standing = { ...standing, state: 'steady', baseline };
    } else if (counted) {
      const { rate, weekdays, sigma } = standing.baseline;
      z = score(day, rate, weekdays) / sigma;
      standing = step(standing, day.day, z, threshold);
    }
    const known = standing.baseline?.days ?? collected.length;
    const daysNeeded = standing.baseline === undefined ? BASELINE_DAYS - known : 0;
    rows.push({
      ...standing,
      day,
      counted,
      z,
      threshold,
      collected: known,
      daysNeeded,
      personsNeeded: daysNeeded * DAY_PERSONS_MIN,
    });
  }
  return rows;
}

/**
 * One more day of evidence. A fall ends by the same evidence read the other way: log of how much likelier the days are for a rate
 * that is back than for one lambda below it, max(before, 0) + lambda z + lambda^2 / 2, once it has crossed the same threshold.
 * A rate that is wholly back needs about 2 x threshold days for it; for one that stays more than lambda / 2 below, the evidence
 * shrinks from day to day.
 */
function step(before: Standing, day: string, z: number, threshold: number): Standing {
  const cusum = eCusumStep(before.cusum, z);
  if (before.state !== 'fallen') {
    const climb = cusum > 0 ? [...before.climb, { day, z }] : [];
    if (cusum < threshold) return { ...before, cusum, climb };
    return { ...before, state: 'fallen', since: changePoint(climb), cusum, climb: [], recovery: 0 };
  }
  const recovery = Math.max(before.recovery, 0) + CUSUM_LAMBDA * z + CUSUM_LAMBDA ** 2 / 2;
  if (recovery < threshold) return { ...before, cusum, recovery };
  return { ...before, state: 'steady', since: null, cusum: 0, climb: [], recovery: 0 };
}

/**
 * The day of the climb from which on the days lie lowest together: argmax of (sum of z)^2 / days over sums below 0, the likeliest
 * day of a step of unknown size. The climb may have begun by chance days before a steep fall. Source: Hinkley 1970.
 */
function changePoint(climb: readonly ScoredDay[]): string | null {
  let [sum, most] = [0, 0];
  let since = climb[0]?.day ?? null;
  for (let at = climb.length - 1; at >= 0; at--) {
    const { day, z } = climb[at] as ScoredDay;
    sum += z;
    const gain = sum < 0 ? sum ** 2 / (climb.length - at) : 0;
    if (gain > most) [most, since] = [gain, day];
  }
  return since;
}
