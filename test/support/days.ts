// Days by how long ago they were. In: a number of days or weeks. Out: instants and names of UTC days. Tables keep rows for a time and
// the roll-up computes no day older than a year: what a test writes must not become that old, whenever it runs.

export const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
/** 1970-01-05, ms. */
const A_MONDAY_MS = 4 * DAY_MS;

/** Beginning of the day that was so many days ago, ms. */
export function daysAgo(days: number): number {
  return Math.floor(Date.now() / DAY_MS) * DAY_MS - days * DAY_MS;
}

/** Beginning of the Monday that was so many whole weeks before this one, ms. */
export function mondayAgo(weeks: number): number {
  return Math.floor((Date.now() - A_MONDAY_MS) / WEEK_MS) * WEEK_MS + A_MONDAY_MS - weeks * WEEK_MS;
}

/** The day of an instant, YYYY-MM-DD. */
export function dayName(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
