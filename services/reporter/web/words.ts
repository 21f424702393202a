// Numbers, times and settings in the words of the page. Pure. Times are ms since the epoch, shown in UTC.
import type { MetricSettings } from '../../../shared/contract/projects.js';

const integers = new Intl.NumberFormat('en-US');

export function count(n: number): string {
  return integers.format(n);
}

/** `1 person`, `2 persons`. */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** A share of 1 as percent with one decimal: 0.3825 is `38.3 %`. */
export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

const UNITS: readonly (readonly [seconds: number, name: string])[] = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
];

/** A length of time in its largest whole unit up to days, exact: 120 s is `2 minutes`, 90 s is `90 seconds`, 24 h is `24 hours`. */
export function duration(seconds: number): string {
  for (const [size, unit] of UNITS) {
    if (seconds >= size && seconds % size === 0 && !(unit === 'day' && seconds <= 2 * size))
      return counted(seconds / size, unit);
  }
  return counted(seconds, 'second');
}

/** How long ago, roughly: `4 s ago`, `12 min ago`, `3 h ago`, `5 days ago`. */
export function ago(ageMs: number): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 90 * 60) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

/** `2026-11-24 12:03:05 UTC`. */
export function instant(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** `24 Nov 12:03:05 UTC`. */
export function shortInstant(time: number): string {
  const at = new Date(time);
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()] ?? ''} ${clockTime(time)} UTC`;
}

/** `12:03:05`. */
export function clockTime(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** Up to this W the project is one to look at, not one to measure with, seconds. */
const DEMO_WINDOW_S_MAX = 10 * 60;

/** W and L of a project in a sentence or two. */
export function countingRule(settings: MetricSettings, surfaces: Readonly<Record<string, MetricSettings>>): string {
  const here = settings.windowS <= DEMO_WINDOW_S_MAX ? 'In this demo an action counts' : 'An action counts';
  const rule = `${here} for ${duration(settings.windowS)} after the answer was shown; the outcome is final ${finality(settings)}.`;
  const others = Object.entries(surfaces).map(
    ([surface, own]) => `On ${surface} it counts for ${duration(own.windowS)} and is final ${finality(own)}.`,
  );
  return [rule, ...others].join(' ');
}

function finality({ latenessS }: MetricSettings): string {
  return latenessS === 0 ? 'then' : `${duration(latenessS)} later, when late events have had their time`;
}

/** What a drop reason means to the person who reads the page. */
const DROP_WORDS: Readonly<Record<string, string>> = {
  not_an_object: 'Not an object',
  invalid_id: 'Event id is not a UUID',
  unknown_type: 'Unknown event type',
  invalid_field: 'A field is not valid',
  invalid_generation_id: 'Generation id is not valid',
  missing_generated_at: 'No time of generation',
  too_old: 'Generation is too old',
  too_new: 'Generation lies in the future',
  token_invalid: 'Token is not valid',
  token_expired: 'Token has expired',
  token_mismatch: 'Token is of another generation',
  token_required: 'Token is missing',
  not_allowed: 'Key may not send this',
  too_many_attributes: 'Too many attributes',
  row_too_large: 'Event is too large',
  opted_out: 'Person opted out',
};

export function dropReason(reason: string): string {
  return DROP_WORDS[reason] ?? reason;
}
