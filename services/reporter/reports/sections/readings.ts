// Reads all that a report is made of. In: a project's scope. Out: readings, which the sections turn into a report.
// Reads rolled-up tables and views over looks, never events or generations.
import type { ClickHouse } from '../../../../shared/runtime/clickhouse.js';
import { readDriftStates } from '../../drift/drift-state.js';
import { readComparisons } from '../../figures/comparisons.js';
import { readLastStored } from '../../figures/quality.js';
import type { Findings } from './headline.js';
import { RATES_MAX } from './rates.js';
import { readLevel, type LevelRows, type Scope } from './read-levels.js';

/** Rows of totals and of prompts that are read. */
const PROMPTS_READ_MAX = 5000;

export interface Readings {
  readonly totals: LevelRows;
  readonly versions: LevelRows;
  readonly findings: Findings;
  /** When the newest event was stored, ms; 0 when there never was one. */
  readonly lastStored: number;
}

export async function readAll(clickhouse: ClickHouse, scope: Scope): Promise<Readings> {
  const limited = scope.prompts.length > 0;
  // one after the other: each may take most of the memory that a query is allowed
  const totals = await readLevel(clickhouse, scope, limited ? 'prompt' : 'project', PROMPTS_READ_MAX);
  const versions = await readLevel(clickhouse, scope, 'version', RATES_MAX);
  const findings = await readFindings(clickhouse, scope);
  return { totals, versions, findings, lastStored: await readLastStored(clickhouse, scope.project) };
}

async function readFindings(clickhouse: ClickHouse, { project, prompts }: Scope): Promise<Findings> {
  const { comparisons, total } = await readComparisons(clickhouse, { project });
  const watches = await readDriftStates(clickhouse, project);
  if (prompts.length === 0) return { comparisons, comparisonsTotal: total, watches };
  const among = ({ prompt_id }: { readonly prompt_id: string }) => prompts.includes(prompt_id);
  const own = comparisons.filter(among);
  return { comparisons: own, comparisonsTotal: own.length, watches: watches.filter(among) };
}
