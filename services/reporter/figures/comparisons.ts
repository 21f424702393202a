// Reads what is known of a project's comparisons. In: a project, a prompt perhaps. Out: rows of comparison_verdicts, those that
// ask for action first. Reads the views over looks alone, never generations.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { VERDICTS, verdictRow, type AnsweredVerdict, type VerdictRow } from '../comparisons/verdict-row.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';

/** At most so many comparisons are answered. */
export const COMPARISONS_MAX = 500;
/** A comparison whose newest look is that many days older than the project's is over and left out. */
export const OVER_DAYS = 14;

export interface Comparisons {
  readonly comparisons: readonly VerdictRow[];
  /** How many there are; more than `comparisons.length` when some were left out. */
  readonly total: number;
}

/** With `{project:String}`, `{prompt:String}` and `{order:Array(String)}`, the verdicts in the order in which they are told. */
export const COMPARISONS_SQL = `
SELECT * EXCEPT newest_day FROM
(
    SELECT *, max(day) OVER () AS newest_day FROM comparison_verdicts WHERE project_id = {project:String}
)
WHERE day + ${OVER_DAYS} >= newest_day AND ({prompt:String} = '' OR prompt_id IN ('', {prompt:String}))
ORDER BY indexOf({order:Array(String)}, verdict), abs(difference) DESC, prompt_id, surface, name_b, comparison_id
LIMIT ${COMPARISONS_MAX}`;

const COUNT_SQL = `
SELECT count() AS found FROM
(
    SELECT prompt_id, day, max(day) OVER () AS newest_day FROM comparison_verdicts WHERE project_id = {project:String}
)
WHERE day + ${OVER_DAYS} >= newest_day AND ({prompt:String} = '' OR prompt_id IN ('', {prompt:String}))`;

/** Comparisons of the project that are still looked at; with a prompt its own and those across prompts. */
export async function readComparisons(
  clickhouse: ClickHouse,
  { project, prompt = '' }: { readonly project: string; readonly prompt?: string | undefined },
): Promise<Comparisons> {
  const params = { project, prompt, order: [...VERDICTS] };
  const rows = await clickhouse.query<AnsweredVerdict>(COMPARISONS_SQL, params, READ_SETTINGS);
  const comparisons = rows.map(verdictRow);
  if (rows.length < COMPARISONS_MAX) return { comparisons, total: rows.length };
  const [counted] = await clickhouse.query<{ found: string }>(COUNT_SQL, { project, prompt }, READ_SETTINGS);
  return { comparisons, total: Number(counted?.found ?? rows.length) };
}

/** Changes with every look of the project: what was read before it need not be read again. */
export async function readLooksMark(clickhouse: ClickHouse, project: string): Promise<string> {
  const [row] = await clickhouse.query<{ mark: string }>(
    `SELECT concat(toString(count()), ' ', toString(max(look_at))) AS mark FROM comparison_looks WHERE project_id = {project:String}`,
    { project },
    READ_SETTINGS,
  );
  return row?.mark ?? '';
}
