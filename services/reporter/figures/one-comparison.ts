// Reads one comparison: its verdict now, what was known on each day with a look, which generations its sides are. In: project, id.
// Out: rows of comparison_history, the newest last. Reads looks and the registry alone, never generations.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { verdictRow, type AnsweredVerdict, type VerdictRow } from '../comparisons/verdict-row.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';

/** Days of history that are drawn, the newest. */
export const HISTORY_DAYS_MAX = 400;

export interface ComparisonReading {
  /** What is known now: the newest of the history. */
  readonly row: VerdictRow;
  /** Oldest first. */
  readonly history: readonly VerdictRow[];
  /** Parts of the traffic in which both sides were shown, at the newest look. */
  readonly strata: number;
  /** Column -> value of either side; undefined when nothing was registered. */
  readonly sides: Readonly<Record<'a' | 'b', Readonly<Record<string, string>>>> | undefined;
}

/** Statements with `{project:String}` and `{comparison:String}`. */
export const HISTORY_SQL = `
SELECT * FROM comparison_history
WHERE project_id = {project:String} AND comparison_id = {comparison:String}
ORDER BY day DESC
LIMIT ${HISTORY_DAYS_MAX}`;

const STRATA_SQL = `
SELECT strata FROM comparison_looks
WHERE project_id = {project:String} AND comparison_id = {comparison:String}
ORDER BY toDate(look_at) DESC, look_at, difference, standard_error, log_e, n_a, n_b
LIMIT 1`;

const SIDES_SQL = `
SELECT c.a AS a, c.b AS b FROM comparisons AS c FINAL
WHERE project_id = {project:String} AND comparison_id = {comparison:String}`;

/** Undefined when the project has no such comparison. */
export async function readComparison(
  clickhouse: ClickHouse,
  project: string,
  comparison: string,
): Promise<ComparisonReading | undefined> {
  const params = { project, comparison };
  const [rows, strata, sides] = await Promise.all([
    clickhouse.query<AnsweredVerdict>(HISTORY_SQL, params, READ_SETTINGS),
    clickhouse.query<{ strata: number }>(STRATA_SQL, params, READ_SETTINGS),
    clickhouse.query<NonNullable<ComparisonReading['sides']>>(SIDES_SQL, params, READ_SETTINGS),
  ]);
  const history = rows.map(verdictRow).reverse();
  const row = history.at(-1);
  return row === undefined ? undefined : { row, history, strata: strata[0]?.strata ?? 0, sides: sides[0] };
}
