// The rows of `rates` and `user_days` that the oracle's outcomes add up to.
// In: outcomes of oracleOutcomes. Out: one object per key, counts as numbers. Must never share code with the roll-up.
import type { OracleOutcome } from './oracle.js';

const COUNTS = [
  'not_shown',
  'orphan',
  'shown',
  'rejected',
  'edited',
  'accepted',
  'ignored',
  'unresolved',
  'mature',
  'mature_rejected',
  'mature_edited',
  'mature_accepted',
  'mature_similarity_sum',
  'clock_suspect',
  'forced',
  'late',
] as const;
type Count = (typeof COUNTS)[number];
export type OracleCounts = Record<Count, number>;

/** Key columns of `rates`; `hour` is `YYYY-MM-DD hh:mm:ss`, as ClickHouse prints it. */
export interface OracleRateRow extends Omit<OracleCounts, 'clock_suspect' | 'forced' | 'late'> {
  readonly project_id: string;
  readonly prompt_id: string;
  readonly prompt_version: string;
  readonly model: string;
  readonly model_version: string;
  readonly surface: string;
  readonly trusted: number;
  readonly metric_version: string;
  readonly hour: string;
}

/** Key columns of `user_days`; `day` is `YYYY-MM-DD`. The table may hold a key in several rows that add up to this one. */
export interface OracleUserDayRow extends Omit<OracleCounts, 'ignored' | 'unresolved'> {
  readonly project_id: string;
  readonly day: string;
  readonly prompt_id: string;
  readonly prompt_version: string;
  readonly model: string;
  readonly model_version: string;
  readonly experiment: string;
  readonly arm: string;
  readonly assignment: string;
  readonly surface: string;
  readonly trusted: number;
  readonly metric_version: string;
  readonly user_kind: string;
  readonly user_key: string;
}

/** The rows of `rates`, sorted by their key. */
export function oracleRates(outcomes: readonly OracleOutcome[]): OracleRateRow[] {
  return addUp(outcomes, (o) => ({
    project_id: o.project_id,
    prompt_id: o.prompt_id,
    prompt_version: o.prompt_version,
    model: o.model,
    model_version: o.model_version,
    surface: o.surface,
    trusted: o.trusted,
    metric_version: o.metric_version,
    hour: instant(o.hour).slice(0, 19),
  })).map(({ clock_suspect: _c, forced: _f, late: _l, ...row }) => row);
}

/** The rows of `user_days`, sorted by their key. */
export function oracleUserDays(outcomes: readonly OracleOutcome[]): OracleUserDayRow[] {
  return addUp(outcomes, (o) => ({
    project_id: o.project_id,
    day: instant(o.hour).slice(0, 10),
    prompt_id: o.prompt_id,
    prompt_version: o.prompt_version,
    model: o.model,
    model_version: o.model_version,
    experiment: o.experiment,
    arm: o.arm,
    assignment: o.assignment,
    surface: o.surface,
    trusted: o.trusted,
    metric_version: o.metric_version,
    user_kind: o.user_kind,
    user_key: o.user_key,
  })).map(({ ignored: _i, unresolved: _u, ...row }) => row);
}

/** An instant as ClickHouse prints a DateTime64(3) in UTC. */
export function instant(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

function addUp<K extends object>(
  outcomes: readonly OracleOutcome[],
  keyOf: (outcome: OracleOutcome) => K,
): (K & OracleCounts)[] {
  const cells = new Map<string, K & OracleCounts>();
  for (const outcome of outcomes) {
    const key = keyOf(outcome);
    const name = JSON.stringify(Object.values(key));
    const cell = cells.get(name) ?? { ...key, ...noCounts() };
    const counted = countsOf(outcome);
    for (const count of COUNTS) (cell as OracleCounts)[count] += counted[count];
    cells.set(name, cell);
  }
  return [...cells.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell);
}

function noCounts(): OracleCounts {
  return Object.fromEntries(COUNTS.map((count) => [count, 0])) as OracleCounts;
}

function countsOf(o: OracleOutcome): OracleCounts {
  const one = (yes: boolean) => (yes ? 1 : 0);
  const shown = o.first_shown_at !== null;
  const taken = o.outcome === 'accepted' || o.outcome === 'edited';
  return {
    not_shown: one(o.outcome === 'not_shown'),
    orphan: one(o.outcome === 'orphan'),
    shown: one(shown),
    rejected: one(o.outcome === 'rejected'),
    edited: one(o.outcome === 'edited'),
    accepted: one(o.outcome === 'accepted'),
    ignored: one(o.outcome === 'ignored'),
    unresolved: one(o.outcome === 'unresolved'),
    mature: one(o.mature),
    mature_rejected: one(o.mature && o.outcome === 'rejected'),
    mature_edited: one(o.mature && o.outcome === 'edited'),
    mature_accepted: one(o.mature && o.outcome === 'accepted'),
    mature_similarity_sum: o.mature && taken ? o.similarity : 0,
    clock_suspect: one(o.clock_suspect),
    forced: one(o.forced),
    late: one(o.late),
  };
}
