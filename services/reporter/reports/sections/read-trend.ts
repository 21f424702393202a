// Reads rates day by day and what went live when. In: a scope, the prompts to draw. Out: rows of `rate_days`, deployments.
// Reads one partition a day; never user_days.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { readFigure } from '../../figures/figure.js';
import { promptDeployments } from '../../figures/trends.js';
import { ROLLUP_SETTINGS } from '../../rollup/query-settings.js';
import { byName } from './rates.js';
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

/**
 * Versions and models of `prompts` that went live in the window where others had been before: the marks on the page of each prompt,
 * by the same figure.
 */
export async function readDeployments(
  clickhouse: ClickHouse,
  { project, window: { from, to } }: Scope,
  prompts: readonly string[],
): Promise<DeploymentRow[]> {
  const found: DeploymentRow[] = [];
  for (const prompt of prompts) {
    const { rows } = await readFigure(clickhouse, promptDeployments, { project, prompt, from, to });
    // the page shows a week at least, a report its window
    for (const { day, name } of rows) if (day !== null && day >= from) found.push({ promptId: prompt, name, day });
  }
  return found.sort((a, b) => byName(a.day, b.day) || byName(a.promptId, b.promptId) || byName(a.name, b.name));
}
