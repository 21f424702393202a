// Reads all that a report is made of. In: a project's scope, its sections. Out: readings, which the sections turn into a report.
// Reads rolled-up tables and views over looks, never events or generations. One after the other: each query may take most of the
// memory that it is allowed.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { readDriftStates } from '../../drift/drift-state.js';
import { readComparisons } from '../../figures/comparisons.js';
import type { Section } from '../definition.js';
import type { Findings } from './headline.js';
import { byName, RATES_MAX } from './rates.js';
import { readLevel, type LevelRow, type LevelRows, type Scope } from './read-levels.js';
import { readQuality, type QualityReadings } from './read-quality.js';
import { readReasons, readSignals, type ReasonRow, type SignalRow } from './read-signals.js';
import { readDays, readDeployments, type DayRow, type DeploymentRow } from './read-trend.js';
import { rankRejected, type Ranking } from './rejected.js';
import { TREND_PROMPTS_MAX } from './trend.js';

/** Prompts that are read, by traffic. */
export const PROMPTS_READ_MAX = 5000;

export interface Readings {
  readonly totals: LevelRows;
  readonly versions: LevelRows;
  readonly prompts: LevelRows;
  readonly findings: Findings;
  readonly days: readonly DayRow[];
  readonly deployments: readonly DeploymentRow[];
  readonly signals: readonly SignalRow[];
  readonly ranking: Ranking;
  readonly reasons: readonly ReasonRow[];
  readonly quality: QualityReadings;
}

export async function readAll(clickhouse: ClickHouse, scope: Scope, sections: readonly Section[]): Promise<Readings> {
  const has = (...some: readonly Section[]) => some.some((section) => sections.includes(section));
  const limited = scope.prompts.length > 0;
  const prompts = await readLevel(clickhouse, scope, 'prompt', PROMPTS_READ_MAX);
  const totals = limited ? prompts : await readLevel(clickhouse, scope, 'project', RATES_MAX);
  const versions = await readLevel(clickhouse, scope, 'version', RATES_MAX);
  const charted = has('trend') ? busiestPrompts(prompts.rows) : [];
  const ranking = rankRejected(prompts);
  const ranked = has('rejected') ? ranking.prompts.map(({ promptId }) => promptId) : [];
  return {
    totals,
    versions,
    prompts,
    findings: await readFindings(clickhouse, scope),
    days: await readDays(clickhouse, scope, charted),
    deployments: has('trend') ? await readDeployments(clickhouse, scope, charted) : [],
    signals: has('edits', 'ignores', 'decisions', 'ratings') ? await readSignals(clickhouse, scope) : [],
    ranking,
    reasons: await readReasons(clickhouse, scope, ranked, ranking.metricVersion),
    quality: await readQuality(clickhouse, scope),
  };
}

/** Prompts with a trend of their own. What names no prompt is in the project's alone. */
export function busiestPrompts(rows: readonly LevelRow[]): string[] {
  const shown = new Map<string, number>();
  for (const row of rows) shown.set(row.promptId, (shown.get(row.promptId) ?? 0) + row.shown);
  shown.delete('');
  return [...shown]
    .filter(([, n]) => n > 0)
    .sort(([a, n], [b, m]) => m - n || byName(a, b))
    .slice(0, TREND_PROMPTS_MAX)
    .map(([prompt]) => prompt);
}

async function readFindings(clickhouse: ClickHouse, { project, prompts }: Scope): Promise<Findings> {
  const { comparisons, total } = await readComparisons(clickhouse, { project });
  const watches = await readDriftStates(clickhouse, project);
  if (prompts.length === 0) return { comparisons, comparisonsTotal: total, watches };
  const among = ({ prompt_id }: { readonly prompt_id: string }) => prompts.includes(prompt_id);
  const own = comparisons.filter(among);
  return { comparisons: own, comparisonsTotal: own.length, watches: watches.filter(among) };
}
