// What a reader of the documented view would have seen: verdicts by day, and the intervals of the last look.
// In: the view comparison_history. Out: counts over projects. Must never judge anything by itself.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { DAY_MS } from './day-events.js';
import type { Scenario } from './scenarios.js';

export interface Findings {
  /** Projects in which some comparison was called worse on some day, and better. */
  readonly worse: number;
  readonly better: number;
  /** Of the projects called worse: how many looks it took, half of them at most this many. */
  readonly medianLook: number | undefined;
  /** Comparisons that passed the gates at the last look, and those of them whose interval covers the truth. */
  readonly compared: number;
  readonly covered: number;
  /** Comparisons whose last look failed a gate, and the gates that failed. */
  readonly gated: number;
  readonly gates: readonly string[];
}

const FINDINGS_SQL = `
SELECT project_id,
    countIf(flagged AND direction = 'worse' OR verdict = 'worse') > 0 AS worse,
    countIf(flagged AND direction = 'better' OR verdict = 'better') > 0 AS better,
    toUInt32(minIf(day, flagged AND direction = 'worse' OR verdict = 'worse') - {first:Date} + 1) AS look,
    countIf(day = {last:Date} AND empty(gates)) AS compared,
    countIf(day = {last:Date} AND empty(gates) AND low <= {truth:Float64} AND {truth:Float64} <= high) AS covered,
    countIf(day = {last:Date} AND notEmpty(gates)) AS gated,
    arrayDistinct(arrayFlatten(groupUniqArrayIf(gates, day = {last:Date}))) AS failed
FROM comparison_history GROUP BY project_id`;

interface ProjectFindings {
  readonly worse: number;
  readonly better: number;
  readonly look: number;
  readonly compared: string;
  readonly covered: string;
  readonly gated: string;
  readonly failed: readonly string[];
}

/** `firstLook`: midnight of the day of the first look, ms. */
export async function readFindings(clickhouse: ClickHouse, scenario: Scenario, firstLook: number): Promise<Findings> {
  const day = (look: number) => new Date(firstLook + look * DAY_MS).toISOString().slice(0, 10);
  const params = { first: day(0), last: day(scenario.looks - 1), truth: scenario.truth };
  const rows = await clickhouse.query<ProjectFindings>(FINDINGS_SQL, params);
  const found = rows.filter(({ worse }) => worse === 1).map(({ look }) => look);
  const sum = (column: 'compared' | 'covered' | 'gated') => rows.reduce((total, row) => total + Number(row[column]), 0);
  return {
    worse: found.length,
    better: rows.filter(({ better }) => better === 1).length,
    medianLook: found.sort((a, b) => a - b)[Math.floor((found.length - 1) / 2)],
    compared: sum('compared'),
    covered: sum('covered'),
    gated: sum('gated'),
    gates: [...new Set(rows.flatMap(({ failed }) => failed))].sort(),
  };
}
