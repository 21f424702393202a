// Compares a load's ledger with what ClickHouse holds. In: the ledger and a client that may read all. Out: what disagrees.
// Knows the outcomes from the plan alone; shares no code with the views and roll-ups it checks.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import type { LedgerEntry } from './load.js';
import type { PlannedOutcome } from './load-plan.js';

type Counts = Record<PlannedOutcome, number>;

export interface LoadAudit {
  readonly sent: number;
  readonly acknowledged: number;
  readonly stored: number;
  /** Acknowledged event ids that are not in `events`. */
  readonly missing: readonly string[];
  /** Ids in `events` that were never sent. */
  readonly foreign: readonly string[];
  /** Generations whose row or outcome in `generation_outcomes` is not the planned one, or that stand there twice. */
  readonly wrongOutcomes: readonly string[];
  readonly expected: Counts;
  readonly rates: Counts & { shown: number; mature: number };
  readonly userDays: Counts & { shown: number; mature: number };
}

const NOTHING: Counts = { accepted: 0, edited: 0, rejected: 0, ignored: 0 };

interface SumRow {
  accepted: string;
  edited: string;
  rejected: string;
  ignored: string;
  shown: string;
  mature: string;
}

async function sums(
  clickhouse: ClickHouse,
  table: 'rates' | 'user_days',
  project: string,
): Promise<LoadAudit['rates']> {
  const ignored =
    table === 'rates'
      ? 'sum(ignored)'
      : 'sum(mature) - sum(mature_accepted) - sum(mature_edited) - sum(mature_rejected)';
  const [row] = await clickhouse.query<SumRow>(
    `SELECT sum(t.accepted) AS accepted, sum(t.edited) AS edited, sum(t.rejected) AS rejected, ${ignored.replaceAll('(', '(t.')} AS ignored,
            sum(t.shown) AS shown, sum(t.mature) AS mature FROM ${table} AS t WHERE project_id = {project:String}`,
    { project },
  );
  const n = (value: string | undefined): number => Number(value ?? 0);
  return {
    accepted: n(row?.accepted),
    edited: n(row?.edited),
    rejected: n(row?.rejected),
    ignored: n(row?.ignored),
    shown: n(row?.shown),
    mature: n(row?.mature),
  };
}

export async function auditLoad(
  clickhouse: ClickHouse,
  project: string,
  ledger: ReadonlyMap<number, LedgerEntry>,
): Promise<LoadAudit> {
  const storedRows = await clickhouse.query<{ id: string }>(
    'SELECT DISTINCT toString(event_id) AS id FROM events WHERE project_id = {project:String}',
    { project },
  );
  const stored = new Set(storedRows.map((row) => row.id));
  const outcomeRows = await clickhouse.query<{ generation_id: string; outcome: string }>(
    'SELECT generation_id, outcome FROM generation_outcomes WHERE project_id = {project:String}',
    { project },
  );
  const outcomes = new Map<string, string[]>();
  for (const row of outcomeRows)
    outcomes.set(row.generation_id, [...(outcomes.get(row.generation_id) ?? []), row.outcome]);

  const missing: string[] = [];
  const wrongOutcomes: string[] = [];
  const expected = { ...NOTHING };
  const sentIds = new Set<string>();
  let acknowledged = 0;
  for (const entry of ledger.values()) {
    for (const generation of entry.generations) {
      for (const id of generation.eventIds) sentIds.add(id);
      if (entry.state === 'acknowledged') {
        acknowledged += generation.eventIds.length;
        missing.push(...generation.eventIds.filter((id) => !stored.has(id)));
      }
      const storedOfIt = generation.eventIds.filter((id) => stored.has(id)).length;
      if (storedOfIt > 0) expected[generation.outcome] += 1;
      const said = outcomes.get(generation.generationId) ?? [];
      const right =
        storedOfIt === 0
          ? said.length === 0
          : storedOfIt === generation.eventIds.length && said.length === 1 && said[0] === generation.outcome;
      if (!right)
        wrongOutcomes.push(
          `${generation.generationId}: ${generation.outcome} with ${storedOfIt} events, said ${said.join(',')}`,
        );
    }
  }
  return {
    sent: sentIds.size,
    acknowledged,
    stored: stored.size,
    missing,
    foreign: [...stored].filter((id) => !sentIds.has(id)),
    wrongOutcomes,
    expected,
    rates: await sums(clickhouse, 'rates', project),
    userDays: await sums(clickhouse, 'user_days', project),
  };
}
