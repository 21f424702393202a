// Reads what the shares of doubtful data rest on: counts of a project in a period, and by day. In: a filter. Out: counts. Reads the
// windows that the roll-up keeps and a row per day; only a period of one's own reads persons and days.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import type { Filter } from './filter.js';
import { NO_COUNTS, QUALITY_COUNTS, type QualityCounts } from './quality-shares.js';

export interface PeriodCounts {
  readonly counts: QualityCounts;
  readonly metricVersions: readonly string[];
  /** When the outcomes were judged last, ms; 0 without any. */
  readonly asOf: number;
}

export interface DayCounts {
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  readonly counts: QualityCounts;
}

const WINDOWS: Readonly<Record<string, number>> = { '7d': 7, '28d': 28, '90d': 90 };

/** Counts add up across metric versions; a person whose answers were judged by two of them counts twice. */
const SUMS = QUALITY_COUNTS.map((name) => `sum(q.${name}) AS ${name}`).join(', ');
const JUDGED = `arraySort(groupUniqArray(q.metric_version)) AS metric_versions, toUnixTimestamp64Milli(max(q.as_of)) AS judged_ms`;

/** A statement and its parameters: the SQL of the figure is made of the same two. */
export interface QualityQuery {
  readonly sql: string;
  readonly params: Readonly<Record<string, string | number>>;
}

export function periodQuery({ project, period, from, to }: Filter): QualityQuery {
  const days = period === undefined ? undefined : WINDOWS[period];
  if (days !== undefined)
    return {
      sql: `SELECT ${SUMS}, ${JUDGED}
FROM rate_windows AS q
WHERE project_id = {project:String} AND window_days = {days:UInt16} AND level = 'project'`,
      params: { project, days },
    };
  return {
    sql: `SELECT ${SUMS}, ${JUDGED}
FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = 'project') AS q`,
    params: { project, from, to },
  };
}

export function daysQuery({ project, from, to }: Filter): QualityQuery {
  return {
    sql: `SELECT q.day AS day, ${SUMS}
FROM rate_days AS q
WHERE project_id = {project:String} AND day >= {from:Date} AND day < {to:Date} AND level = 'project'
GROUP BY day
ORDER BY day`,
    params: { project, from, to },
  };
}

type CountsRow = Readonly<Record<(typeof QUALITY_COUNTS)[number], string>>;

export async function readPeriodCounts(clickhouse: ClickHouse, filter: Filter): Promise<PeriodCounts> {
  const { sql, params } = periodQuery(filter);
  const [row] = await clickhouse.query<CountsRow & { metric_versions: string[]; judged_ms: string }>(
    sql,
    { ...params },
    READ_SETTINGS,
  );
  if (row === undefined) return { counts: NO_COUNTS, metricVersions: [], asOf: 0 };
  return { counts: countsOf(row), metricVersions: row.metric_versions, asOf: Number(row.judged_ms) };
}

/** A row for each day that has one, oldest first. */
export async function readDayCounts(clickhouse: ClickHouse, filter: Filter): Promise<DayCounts[]> {
  const { sql, params } = daysQuery(filter);
  const rows = await clickhouse.query<CountsRow & { day: string }>(sql, { ...params }, READ_SETTINGS);
  return rows.map((row) => ({ day: row.day, counts: countsOf(row) }));
}

function countsOf(row: CountsRow): QualityCounts {
  return Object.fromEntries(QUALITY_COUNTS.map((name) => [name, Number(row[name])])) as unknown as QualityCounts;
}
