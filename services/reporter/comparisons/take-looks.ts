// One look at every comparison of every project. In: projects, the instant of the look. Out: new rows of `comparisons` for pairs that
// are seen for the first time, and one row of `comparison_looks` for each. Reads final days of `user_days` alone.
// Must never ask ClickHouse once per pair: the number of statements grows with the rows alone.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import { readClock } from '../rollup/staging.js';
import type { Cell } from './cell.js';
import type { ComparedProject } from './compared-project.js';
import { findPairs } from './find-pairs.js';
import { closeLookTables, openLookTables, type LookTables } from './look-tables.js';
import { lookRow } from './look-row.js';
import { matchPairs, type Matched } from './members.js';
import { challengerKey, type Usage } from './model-pairs.js';
import type { Pair } from './pair.js';
import { readFacts } from './read-facts.js';
import { cellsSql, daysSql, modelUsageSql } from './read-statements.js';
import { familyOf, readRegistry, register, type Registered } from './registry.js';

export type { ComparedProject } from './compared-project.js';

/** Rows of one insert. */
const INSERT_ROWS_MAX = 50_000;

/**
 * Takes a look at `asOf` (ms): of it depends which days are final. Answers how many comparisons were looked at.
 * Throws the signal's reason when it aborts between two statements; then nothing was appended.
 */
export async function takeLooks(
  clickhouse: ClickHouse,
  projects: readonly ComparedProject[],
  asOf: number,
  signal: AbortSignal,
): Promise<{ looks: number }> {
  const tables = await openLookTables(clickhouse, await readClock(clickhouse));
  try {
    await clickhouse.command(daysSql(tables), { as_of: asOf }, ROLLUP_SETTINGS);
    const registry = await readRegistry(clickhouse);
    const { pairs, members } = await matchToday(clickhouse, tables, projects, registry);
    if (pairs.length === 0) return { looks: 0 };
    signal.throwIfAborted();
    await insertRows(clickhouse, tables.members, members);
    const found = await readFacts(clickhouse, tables, pairs, projects, asOf, signal);
    const settings = new Map(projects.map((project) => [project.id, project.comparisons]));
    const rows: Record<string, unknown>[] = [];
    const fresh: { pair: Pair; registered: Registered }[] = [];
    for (const [c, pair] of pairs.entries()) {
      const known = registry.get(pair.id);
      const { mde = 0.05, alpha = 0.05 } = settings.get(pair.projectId) ?? {};
      const registered = known ?? firstSeen(pair, mde, alpha, asOf);
      if (known === undefined) fresh.push({ pair, registered });
      rows.push(lookRow({ registered, lookAt: asOf, ...found(c) }));
    }
    signal.throwIfAborted();
    await register(clickhouse, fresh);
    await insertRows(clickhouse, 'comparison_looks', rows);
    return { looks: rows.length };
  } finally {
    await closeLookTables(clickhouse, tables);
  }
}

async function matchToday(
  clickhouse: ClickHouse,
  tables: LookTables,
  projects: readonly ComparedProject[],
  registry: ReadonlyMap<string, Registered>,
): Promise<Matched> {
  const cells = await clickhouse.query<Cell>(cellsSql(tables), {}, ROLLUP_SETTINGS);
  const usage = await readUsage(clickhouse, tables);
  return matchPairs(findPairs(cells, projects, usage, registry.values()), cells);
}

interface UsageRow {
  readonly project_id: string;
  readonly surface: string;
  readonly metric_version: string;
  readonly model: string;
  readonly model_version: string;
  readonly candidate: string;
  readonly candidate_version: string;
  readonly before: number;
  readonly on_first_day: number;
}

async function readUsage(clickhouse: ClickHouse, tables: LookTables): Promise<Map<string, Usage[]>> {
  const usage = new Map<string, Usage[]>();
  for (const row of await clickhouse.query<UsageRow>(modelUsageSql(tables), {}, ROLLUP_SETTINGS)) {
    const challenger = { model: row.model, modelVersion: row.model_version };
    const key = challengerKey(row.project_id, row.surface, row.metric_version, challenger);
    const candidate = { model: row.candidate, modelVersion: row.candidate_version };
    const list = usage.get(key) ?? [];
    usage.set(key, list);
    list.push({ candidate, before: row.before, onFirstDay: row.on_first_day });
  }
  return usage;
}

function firstSeen(pair: Pair, tau: number, alpha: number, asOf: number): Registered {
  return {
    comparison_id: pair.id,
    project_id: pair.projectId,
    kind: pair.kind,
    surface: pair.surface,
    a: pair.a,
    b: pair.b,
    family: familyOf(pair.projectId),
    tau,
    alpha,
    metric_version: pair.metricVersion,
    created_at: asOf,
  };
}

async function insertRows(clickhouse: ClickHouse, table: string, rows: readonly object[]): Promise<void> {
  for (let from = 0; from < rows.length; from += INSERT_ROWS_MAX) {
    const lines = rows.slice(from, from + INSERT_ROWS_MAX).map((row) => `${JSON.stringify(row)}\n`);
    await clickhouse.insertBlock(table, [Buffer.from(lines.join(''))]);
  }
}
