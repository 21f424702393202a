// Outcomes as the view judges them beside those of the oracle, written alike. In: a server, or events and settings; an instant.
// Out: outcomes by project, hour and generation.
import type { EventRow } from '../../shared/contract/rows.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { oracleOutcomes, type OracleOutcome, type OracleSettings } from './oracle.js';
import { instant } from './oracle-rollup.js';

export type Judged = ReadonlyMap<string, Record<string, unknown>>;

/** What the view says at `asOf`, ms since the epoch. */
export async function readOutcomes(clickhouse: ClickHouse, asOf: number): Promise<Judged> {
  return byKey(
    await clickhouse.query<Record<string, unknown>>(
      `SELECT project_id, hour, generation_id, trusted, prompt_id, prompt_version, model, model_version, experiment, arm,
              assignment, surface, task_id, CAST(user_kind, 'Enum8(\\'none\\' = 0, \\'session\\' = 1, \\'client\\' = 2, \\'user\\' = 3)') AS user_kind,
              user_key, metric_version, outcome, similarity, first_shown_at, decided_at, mature, clock_suspect, forced, late
       FROM tacit.outcomes_at(as_of = {as_of:DateTime64(3)})`,
      { as_of: instant(asOf) },
    ),
  );
}

/** What the oracle says at `asOf`. */
export function expectedOutcomes(rows: readonly EventRow[], settings: readonly OracleSettings[], asOf: number): Judged {
  return byKey(oracleOutcomes(rows, settings, asOf).map(written));
}

function written({ last_decides: _, ...o }: OracleOutcome): Record<string, unknown> {
  return {
    ...o,
    hour: instant(o.hour).slice(0, 19),
    first_shown_at: o.first_shown_at === null ? null : instant(o.first_shown_at),
    decided_at: o.decided_at === null ? null : instant(o.decided_at),
    mature: Number(o.mature),
    clock_suspect: Number(o.clock_suspect),
    forced: Number(o.forced),
    late: Number(o.late),
  };
}

function byKey(list: readonly Record<string, unknown>[]): Judged {
  return new Map(list.map((o) => [`${String(o['project_id'])} ${String(o['hour'])} ${String(o['generation_id'])}`, o]));
}
