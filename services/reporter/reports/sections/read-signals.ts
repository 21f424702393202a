// Reads why and how, beside the outcomes. In: a scope. Out: counts per signal and bucket, and why the prompts named are rejected.
// Reads `signal_days` alone.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../../rollup/query-settings.js';
import type { Scope } from './read-levels.js';

/** Signals and buckets are explained by the comments of `signal_days`. */
export type Signal =
  'reject_reason' | 'ignore_reason' | 'edit_size' | 'decide_time' | 'retention' | 'rating' | 'take_method';

export interface SignalRow {
  readonly signal: Signal;
  readonly bucket: string;
  readonly generations: number;
  readonly retained: number;
  readonly valueSum: number;
}

/** Labels of ratings are free: a report holds the most given ones, `ratings.ts` counts the others. */
const ROWS_MAX = 2000;

const SIGNALS_SQL = `
SELECT toString(s.signal) AS signal, s.bucket AS bucket,
    toFloat64(sum(s.generations)) AS generations, toFloat64(sum(s.retained)) AS retained, sum(s.value_sum) AS valueSum
FROM signal_days AS s
WHERE s.project_id = {project:String} AND s.day >= {from:Date} AND s.day < {to:Date}
    AND (empty({prompts:Array(String)}) OR has({prompts:Array(String)}, s.prompt_id))
GROUP BY signal, bucket
ORDER BY signal = 'rating', signal, generations DESC, bucket
LIMIT ${ROWS_MAX}`;

export async function readSignals(
  clickhouse: ClickHouse,
  { project, window: { from, to }, prompts }: Scope,
): Promise<SignalRow[]> {
  return await clickhouse.query<SignalRow>(SIGNALS_SQL, { project, from, to, prompts }, ROLLUP_SETTINGS);
}

export interface ReasonRow {
  readonly promptId: string;
  readonly reason: string;
  readonly generations: number;
}

const REASONS_SQL = `
SELECT s.prompt_id AS promptId, s.bucket AS reason, toFloat64(sum(s.generations)) AS generations
FROM signal_days AS s
WHERE s.project_id = {project:String} AND s.day >= {from:Date} AND s.day < {to:Date}
    AND s.signal = 'reject_reason' AND s.metric_version = {metricVersion:String} AND has({prompts:Array(String)}, s.prompt_id)
GROUP BY promptId, reason
ORDER BY promptId, generations DESC, reason`;

/** Why `prompts` are rejected, as counted by one metric version. */
export async function readReasons(
  clickhouse: ClickHouse,
  { project, window: { from, to } }: Scope,
  prompts: readonly string[],
  metricVersion: string,
): Promise<ReasonRow[]> {
  if (prompts.length === 0) return [];
  return await clickhouse.query<ReasonRow>(REASONS_SQL, { project, from, to, prompts, metricVersion }, ROLLUP_SETTINGS);
}
