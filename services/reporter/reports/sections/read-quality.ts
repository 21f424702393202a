// Reads what tells whether the figures can be trusted. In: a scope. Out: refused events, dead letters, how fresh the roll-up is.
// Reads ledgers and counters; never events.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { readLastStored } from '../../figures/quality.js';
import { ROLLUP_SETTINGS } from '../../rollup/query-settings.js';
import type { Scope } from './read-levels.js';

export interface JudgedDay {
  readonly day: string;
  /** When its newest event was stored, ms. */
  readonly storedAt: number;
  /** When its roll-up judged it last, ms; 0: never. */
  readonly judgedAt: number;
  /** When its newest generation was shown, ms; 0: none. */
  readonly shownAt: number;
}

export interface QualityReadings {
  readonly drops: readonly { readonly reason: string; readonly events: number }[];
  readonly deadLetters: number;
  /** Days of the window with events, in order. */
  readonly days: readonly JudgedDay[];
  /** When the project's newest event was stored, ms; 0 when there never was one. */
  readonly lastStored: number;
}

const DROPS_SQL = `
SELECT reason, toFloat64(sum(n)) AS events FROM drops FINAL
WHERE project_id = {project:String} AND minute >= toDateTime({from:Date}, 'UTC') AND minute < toDateTime({to:Date}, 'UTC')
GROUP BY reason ORDER BY events DESC, reason`;

const DEAD_LETTERS_SQL = `
SELECT toFloat64(count()) AS waiting FROM dead_letters FINAL
WHERE target = 'events' AND project_id = {project:String} AND redriven_at IS NULL`;

const DAYS_SQL = `
SELECT toString(d.day) AS day, toFloat64(toUnixTimestamp64Milli(d.last_ingested_at)) AS storedAt,
    toFloat64(toUnixTimestamp64Milli(r.as_of)) AS judgedAt, toFloat64(toUnixTimestamp64Milli(d.last_shown_at)) AS shownAt
FROM (SELECT day, last_ingested_at, last_shown_at FROM dirty_days FINAL WHERE project_id = {project:String}) AS d
LEFT ANY JOIN (SELECT day, as_of FROM rollup_days FINAL) AS r ON r.day = d.day
WHERE d.day >= {from:Date} AND d.day < {to:Date}
ORDER BY day
SETTINGS join_use_nulls = 0`;

export async function readQuality(
  clickhouse: ClickHouse,
  { project, window: { from, to } }: Scope,
): Promise<QualityReadings> {
  const params = { project, from, to };
  const drops = await clickhouse.query<{ reason: string; events: number }>(DROPS_SQL, params, ROLLUP_SETTINGS);
  const dead = await clickhouse.query<{ waiting: number }>(DEAD_LETTERS_SQL, { project }, ROLLUP_SETTINGS);
  const days = await clickhouse.query<JudgedDay>(DAYS_SQL, params, ROLLUP_SETTINGS);
  const lastStored = await readLastStored(clickhouse, project);
  return { drops, deadLetters: dead[0]?.waiting ?? 0, days, lastStored };
}
