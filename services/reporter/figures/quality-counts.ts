// What the shares of doubtful data rest on: counts of a project in a period, and by day. In: a filter. Out: figures, one row per
// metric version; their sums, and when they were judged. Pure but for the statements.
import type { Columns, FigureDefinition, RowOf } from './figure.js';
import { NO_COUNTS, QUALITY_COUNTS, type QualityCounts } from './quality-shares.js';
import { rateSource } from './rate-source.js';

const COUNTS = {
  shown: 'count',
  mature: 'count',
  not_shown: 'count',
  orphan: 'count',
  forced: 'count',
  clock_suspect: 'count',
  late: 'count',
  unresolved: 'count',
  persons: 'count',
  session_persons: 'count',
} as const satisfies Columns;
const PERIOD = { metric_version: 'text', ...COUNTS, as_of: 'time' } as const satisfies Columns;
const DAYS = { day: 'day', metric_version: 'text', ...COUNTS } as const satisfies Columns;

export type PeriodRow = RowOf<typeof PERIOD>;
export type DayRow = RowOf<typeof DAYS>;

export const qualityCounts: FigureDefinition<typeof PERIOD> = {
  id: 'quality-counts',
  title: 'Signs of doubtful data',
  columns: PERIOD,
  statement: (asked) => {
    const { from, params } = rateSource(asked, 'project');
    return { sql: `SELECT ${Object.keys(PERIOD).join(', ')}\nFROM ${from}\nORDER BY metric_version`, params };
  },
};

export const qualityDays: FigureDefinition<typeof DAYS> = {
  id: 'quality-days',
  title: 'Signs of doubtful data by day',
  columns: DAYS,
  statement: ({ project, from, to }) => ({
    sql: `SELECT ${Object.keys(DAYS).join(', ')}
FROM rate_days AS r
WHERE r.project_id = {project:String} AND r.day >= {from:Date} AND r.day < {to:Date} AND r.level = 'project'
ORDER BY day, metric_version`,
    params: { project, from, to },
  }),
};

/** Counts add up across metric versions; a person whose answers were judged by two of them counts twice. */
export function summed(rows: readonly QualityCounts[]): QualityCounts {
  const sums: Record<string, number> = { ...NO_COUNTS };
  for (const row of rows) for (const name of QUALITY_COUNTS) sums[name] = (sums[name] ?? 0) + row[name];
  return { ...NO_COUNTS, ...sums };
}

export interface DayCounts {
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  readonly counts: QualityCounts;
}

/** One for each day that has any, oldest first. */
export function byDay(rows: readonly DayRow[]): DayCounts[] {
  const days = new Map<string, DayRow[]>();
  for (const row of rows) days.set(row.day ?? '', [...(days.get(row.day ?? '') ?? []), row]);
  return [...days].map(([day, of]) => ({ day, counts: summed(of) }));
}

/** Newest instant of judgement, ms; 0 without any. */
export function judgedAt(rows: readonly Pick<PeriodRow, 'as_of'>[]): number {
  return Math.max(0, ...rows.map(({ as_of }) => (as_of === null ? 0 : Date.parse(`${as_of.replace(' ', 'T')}Z`))));
}
