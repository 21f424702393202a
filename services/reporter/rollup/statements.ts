// The counts of one roll-up: judged generations into the staging table, the staging table into the two tables that people read.
// Pure text; values travel as parameters.
import { PERSON_KEYS, RATE_KEYS } from './generations.js';

/** Column of the staging table -> what it counts over judged generations. */
const MEASURES: Readonly<Record<string, string>> = {
  not_shown: `countIf(o.outcome = 'not_shown')`,
  orphan: `countIf(o.outcome = 'orphan')`,
  shown: `countIf(o.was_shown)`,
  rejected: `countIf(o.outcome = 'rejected')`,
  edited: `countIf(o.outcome = 'edited')`,
  accepted: `countIf(o.outcome = 'accepted')`,
  ignored: `countIf(o.outcome = 'ignored')`,
  unresolved: `countIf(o.outcome = 'unresolved')`,
  mature: `countIf(o.mature)`,
  mature_rejected: `countIf(o.mature AND o.outcome = 'rejected')`,
  mature_edited: `countIf(o.mature AND o.outcome = 'edited')`,
  mature_accepted: `countIf(o.mature AND o.outcome = 'accepted')`,
  mature_similarity_sum: `sumIf(o.similarity, o.mature AND o.outcome IN ('edited', 'accepted'))`,
  clock_suspect: `countIf(o.was_shown AND o.clock_suspect)`,
  forced: `countIf(o.was_shown AND o.forced)`,
  late: `countIf(o.late)`,
};
const ONLY_IN_RATES = new Set(['ignored', 'unresolved']);
const ONLY_IN_USER_DAYS = new Set(['clock_suspect', 'forced', 'late']);

/** Each generation has exactly one outcome, and only a mature one can be ignored. A row that breaks this ends the run. */
const EXCLUSIVE_AND_EXHAUSTIVE = `throwIf(
    count() != not_shown + orphan + rejected + edited + accepted + ignored + unresolved
    OR shown != rejected + edited + accepted + ignored + unresolved
    OR mature != mature_rejected + mature_edited + mature_accepted + ignored,
    'outcomes are not exclusive and exhaustive') = 0`;

/** Generations per hour of a day. Parameter: day. */
export const HOURS_SQL = `
SELECT toUnixTimestamp(hour) AS hour, count() AS rows FROM generations
WHERE hour >= toDateTime({day:Date}, 'UTC') AND hour < toDateTime({day:Date} + 1, 'UTC')
GROUP BY hour`;

/** Counts the generations of one chunk. */
export function stageSql(generations: string, stage: string): string {
  const keys = ['hour', ...PERSON_KEYS];
  const measures = Object.entries(MEASURES).map(([column, counts]) => `${counts} AS ${column}`);
  return `INSERT INTO ${stage} (${[...keys, ...Object.keys(MEASURES)].join(', ')})
SELECT ${[...keys.map((key) => `o.${key} AS ${key}`), ...measures].join(', ')}
FROM ${generations} AS o
GROUP BY ${keys.join(', ')}
HAVING ${EXCLUSIVE_AND_EXHAUSTIVE}`;
}

/** What was read: generations, all of which have an outcome. */
export function readSql(stage: string): string {
  return `SELECT sum(not_shown + orphan + shown) AS generations FROM ${stage}`;
}

/** Parameter: as_of (ms). */
export function ratesSql(stage: string, rates: string): string {
  return deriveSql(stage, rates, 's.hour', 'hour', RATE_KEYS, ONLY_IN_USER_DAYS);
}

/** Parameter: as_of (ms). */
export function userDaysSql(stage: string, userDays: string): string {
  return deriveSql(stage, userDays, 'toDate(s.hour)', 'day', PERSON_KEYS, ONLY_IN_RATES);
}

function deriveSql(
  stage: string,
  target: string,
  time: string,
  timeColumn: string,
  keys: readonly string[],
  left: ReadonlySet<string>,
): string {
  const measures = Object.keys(MEASURES).filter((column) => !left.has(column));
  return `INSERT INTO ${target} (${[timeColumn, ...keys, ...measures, 'as_of'].join(', ')})
SELECT ${[
    `${time} AS ${timeColumn}`,
    ...keys.map((key) => `s.${key} AS ${key}`),
    ...measures.map((column) => `sum(s.${column}) AS ${column}`),
    `fromUnixTimestamp64Milli({as_of:Int64}, 'UTC') AS as_of`,
  ].join(', ')}
FROM ${stage} AS s
GROUP BY ${[timeColumn, ...keys].join(', ')}`;
}
