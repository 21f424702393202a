// Figures with their intervals at every level, from the view `rate_levels`: into a run's own table. In: a project, a span of days.
// Out: rows. The formula stands in the view alone; the statements here only carry its columns on.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from './query-settings.js';

/** Levels of `rate_levels`. */
const LEVELS = ['cell', 'version', 'prompt', 'project'] as const;

/** Columns that `rate_windows` and `rate_days` take from the view. */
const COLUMNS = [
  'project_id',
  'level',
  'prompt_id',
  'prompt_version',
  'model',
  'model_version',
  'surface',
  'trusted',
  'metric_version',
  'persons',
  'session_persons',
  'mature',
  'taken',
  'mature_accepted',
  'mature_edited',
  'mature_rejected',
  'mature_similarity_sum',
  'rate',
  'low',
  'high',
  'effective_n',
  'design_effect',
  'person_rate',
  'rejection_effective_n',
  'shown',
  'accepted',
  'edited',
  'rejected',
  'ignored',
  'unresolved',
  'not_shown',
  'orphan',
  'clock_suspect',
  'forced',
  'late',
  'as_of',
].join(', ');

/** UTC days YYYY-MM-DD, `to` excluded. */
export interface Span {
  readonly from: string;
  readonly to: string;
}

/** What tells the rows apart beside the project and the level: columns of the table and their values. */
export type LevelKeys =
  { readonly day: string } | { readonly window_days: number; readonly from_day: string; readonly to_day: string };

const TYPES = { day: 'Date', window_days: 'UInt16', from_day: 'Date', to_day: 'Date' } as const;

/** Projects with persons on these days. */
export async function projectsOf(clickhouse: ClickHouse, { from, to }: Span): Promise<string[]> {
  const rows = await clickhouse.query<{ project_id: string }>(
    `SELECT DISTINCT project_id FROM user_days WHERE day >= {from:Date} AND day < {to:Date} ORDER BY project_id`,
    { from, to },
    ROLLUP_SETTINGS,
  );
  return rows.map(({ project_id }) => project_id);
}

/** Rows at all levels, of one project or, without one, of all. Level by level: a statement has the memory for one. */
export async function insertLevels(
  clickhouse: ClickHouse,
  table: string,
  keys: LevelKeys,
  { from, to }: Span,
  project = '',
): Promise<void> {
  const names = Object.keys(keys) as (keyof typeof TYPES)[];
  for (const level of LEVELS)
    await clickhouse.command(
      `INSERT INTO ${table} (${names.join(', ')}, ${COLUMNS})
       SELECT ${names.map((name) => `{${name}:${TYPES[name]}}`).join(', ')}, ${COLUMNS}
       FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = {level:String})`,
      { ...keys, project, from, to, level },
      ROLLUP_SETTINGS,
    );
}
