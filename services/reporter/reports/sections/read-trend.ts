// Reads rates day by day and what went live when. In: a scope, the prompts to draw. Out: rows of `rate_days`, deployments.
// Reads one partition a day; never user_days.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { HISTORY_DAYS, LIVE_SHARE } from '../../drift/statements.js';
import { ROLLUP_SETTINGS } from '../../rollup/query-settings.js';
import type { Scope } from './read-levels.js';

export interface DayRow {
  readonly day: string;
  /** Empty with `whole`. */
  readonly promptId: string;
  /** 1: of the whole project. */
  readonly whole: number;
  readonly metricVersion: string;
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly mature: number;
  readonly persons: number;
  readonly shown: number;
  readonly unresolved: number;
  /** ms. */
  readonly asOf: number;
}

const DAYS_SQL = `
SELECT toString(day) AS day, prompt_id AS promptId, toUInt8(level = 'project') AS whole, metric_version AS metricVersion, rate, low, high,
    toFloat64(mature) AS mature, toFloat64(persons) AS persons, toFloat64(shown) AS shown, toFloat64(unresolved) AS unresolved,
    toFloat64(toUnixTimestamp64Milli(as_of)) AS asOf
FROM rate_days AS d
WHERE d.project_id = {project:String} AND d.day >= {from:Date} AND d.day < {to:Date}
    AND (d.level = 'project' OR (d.level = 'prompt' AND has({prompts:Array(String)}, d.prompt_id)))
ORDER BY day, whole DESC, promptId, metricVersion`;

/** Days of the whole project and of `prompts`. */
export async function readDays(
  clickhouse: ClickHouse,
  { project, window: { from, to } }: Scope,
  prompts: readonly string[],
): Promise<DayRow[]> {
  return await clickhouse.query<DayRow>(DAYS_SQL, { project, from, to, prompts }, ROLLUP_SETTINGS);
}

export interface DeploymentRow {
  readonly promptId: string;
  /** `version 8`, `model gpt-x 2026-10`. */
  readonly name: string;
  readonly day: string;
}

/** The rule of the drift watch (DEPLOYMENTS_SQL there), on the shown generations of all surfaces together. */
const DEPLOYMENTS_SQL = `
SELECT prompt_id AS promptId, name, toString(live) AS day
FROM
(
    SELECT prompt_id, kind, name, min(day) AS live, min(live) OVER (PARTITION BY prompt_id, kind) AS first_live
    FROM
    (
        SELECT prompt_id, day, what.1 AS kind, what.2 AS name, sum(n) AS own, sum(own) OVER (PARTITION BY prompt_id, day, kind) AS everything
        FROM
        (
            SELECT d.prompt_id AS prompt_id, d.day AS day, d.shown AS n, arrayJoin([
                ('version', if(d.prompt_version = '', '', concat('version ', d.prompt_version))),
                ('model', if(d.model = '', '', trimRight(concat('model ', d.model, ' ', d.model_version))))]) AS what
            FROM rate_days AS d
            WHERE d.project_id = {project:String} AND d.level = 'version' AND d.day >= {from:Date} - ${HISTORY_DAYS} AND d.day < {to:Date}
                AND has({prompts:Array(String)}, d.prompt_id) AND d.shown > 0
        )
        GROUP BY prompt_id, day, kind, name
    )
    WHERE own >= ${LIVE_SHARE} * everything
    GROUP BY prompt_id, kind, name
)
WHERE live > first_live AND name != '' AND live >= {from:Date}
ORDER BY day, promptId, name`;

/** Versions and models of `prompts` that went live in the window where others had been before. */
export async function readDeployments(
  clickhouse: ClickHouse,
  { project, window: { from, to } }: Scope,
  prompts: readonly string[],
): Promise<DeploymentRow[]> {
  return await clickhouse.query<DeploymentRow>(DEPLOYMENTS_SQL, { project, from, to, prompts }, ROLLUP_SETTINGS);
}
