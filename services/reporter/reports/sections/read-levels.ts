// Reads rates with their intervals at one level. In: a project, days, prompts perhaps. Out: rows of `rate_levels`.
// Reads user_days of one project and window; never generations.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../../rollup/query-settings.js';
import type { ReportWindow } from './window.js';

export type Level = 'version' | 'prompt' | 'project';

export interface Scope {
  readonly project: string;
  readonly window: ReportWindow;
  /** Empty: all. */
  readonly prompts: readonly string[];
}

/** A row of `rate_levels`; the comments of its columns in `rate_windows` explain them. Keys that are put together are empty. */
export interface LevelRow {
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly metricVersion: string;
  readonly persons: number;
  readonly sessionPersons: number;
  readonly mature: number;
  readonly matureAccepted: number;
  readonly matureEdited: number;
  readonly matureRejected: number;
  readonly similaritySum: number;
  readonly rate: number | null;
  readonly variance: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly rejectionEffectiveN: number | null;
  readonly designEffect: number | null;
  readonly personRate: number | null;
  readonly shown: number;
  readonly ignored: number;
  readonly unresolved: number;
  readonly notShown: number;
  readonly orphan: number;
  readonly clockSuspect: number;
  readonly forced: number;
  readonly late: number;
  /** ms. */
  readonly asOf: number;
}

/** Answered by `rate_levels` and, but for the variance, by `rate_days`. */
export const LEVEL_COLUMNS = `prompt_id AS promptId, prompt_version AS promptVersion, model AS model, model_version AS modelVersion, metric_version AS metricVersion,
    toFloat64(persons) AS persons, toFloat64(session_persons) AS sessionPersons, toFloat64(mature) AS mature,
    toFloat64(mature_accepted) AS matureAccepted, toFloat64(mature_edited) AS matureEdited, toFloat64(mature_rejected) AS matureRejected,
    mature_similarity_sum AS similaritySum, rate, low, high, rejection_effective_n AS rejectionEffectiveN, design_effect AS designEffect, person_rate AS personRate,
    toFloat64(shown) AS shown, toFloat64(ignored) AS ignored, toFloat64(unresolved) AS unresolved, toFloat64(not_shown) AS notShown, toFloat64(orphan) AS orphan,
    toFloat64(clock_suspect) AS clockSuspect, toFloat64(forced) AS forced, toFloat64(late) AS late, toFloat64(toUnixTimestamp64Milli(as_of)) AS asOf`;

const SQL = `
SELECT ${LEVEL_COLUMNS}, variance, toFloat64(count() OVER ()) AS found
FROM rate_levels(project = {project:String}, from = {from:Date}, to = {to:Date}, level = {level:String})
WHERE empty({prompts:Array(String)}) OR has({prompts:Array(String)}, prompt_id)
ORDER BY shown DESC, promptId, promptVersion, model, modelVersion, metricVersion
LIMIT {max:UInt32}`;

export interface LevelRows {
  /** Those with the most generations first. */
  readonly rows: readonly LevelRow[];
  /** How many there are; more than `rows.length` when some were left out. */
  readonly total: number;
}

/** At most `max` rows. At level `project` prompts cannot be chosen: a project is whole. */
export async function readLevel(
  clickhouse: ClickHouse,
  { project, window: { from, to }, prompts }: Scope,
  level: Level,
  max: number,
): Promise<LevelRows> {
  const params = { project, from, to, level, prompts: level === 'project' ? [] : prompts, max };
  const rows = await clickhouse.query<LevelRow & { found: number }>(SQL, params, ROLLUP_SETTINGS);
  return { rows: rows.map(({ found: _, ...row }) => row), total: rows[0]?.found ?? 0 };
}
