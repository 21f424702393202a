// What the roll-up has written, beside what the oracle says that it should be. In: a server, the events sent to it.
// Out: the difference, per day, judged at the as_of of that day's run.
import type { EventRow } from '../../shared/contract/rows.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { eventually } from './eventually.js';
import { oracleOutcomes, type OracleSettings } from './oracle.js';
import { oracleRates, oracleUserDays } from './oracle-rollup.js';
import { SIGNAL_KEYS, oracleSignals, type OracleSignalRow } from './oracle-signals.js';

const DAY_MS = 86_400_000;

/** Every table that events and a roll-up fill, to be emptied between tests. */
export const ROLLED_UP_TABLES = [
  'events',
  'generations',
  'dirty_days',
  'rates',
  'user_days',
  'rate_days',
  'signal_days',
  'rate_windows',
  'rollup_days',
  'rollup_windows',
  'metric_settings',
] as const;

/** How long a roll-up may take on a busy machine, ms. */
const ROLLED_UP_MS = 90_000;
/** What remains of a day's rest while a test waits, ms: windows are computed while no day is due. */
const SHORT_REST_MS = 2_000;

/** Lets every day that was computed at least `restMs` ago, and every window, be computed again: as if that had taken no time. */
export async function skipRest(clickhouse: ClickHouse, restMs = 0): Promise<void> {
  const rests = 'duration_ms > 0';
  for (const [table, columns, condition] of [
    ['rollup_days', 'day, as_of, generations', `${rests} AND at <= now64(3) - toIntervalMillisecond({restMs:UInt32})`],
    ['rollup_windows', 'window_days, to_day, as_of', rests],
  ] as const)
    await clickhouse.command(
      `INSERT INTO ${table} (${columns}, duration_ms, at) SELECT ${columns}, 0, at FROM ${table} FINAL WHERE ${condition}`,
      { restMs },
    );
}

/** Asks until `holds` says yes, of figures that a running reporter rolls up: meanwhile nothing rests for long. */
export async function eventuallyRolledUp<T>(
  clickhouse: ClickHouse,
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  timeoutMs = ROLLED_UP_MS,
): Promise<T> {
  const askUnrested = async () => {
    await skipRest(clickhouse, SHORT_REST_MS);
    return await ask();
  };
  return await eventually(askUnrested, holds, timeoutMs);
}

/** Finished runs by day: when their outcomes were judged, ms. */
export async function finishedRuns(clickhouse: ClickHouse): Promise<Map<string, number>> {
  const rows = await clickhouse.query<{ day: string; as_of: string }>(
    `SELECT toString(day) AS day, toUnixTimestamp64Milli(as_of) AS as_of FROM rollup_days FINAL ORDER BY day`,
  );
  return new Map(rows.map((row) => [row.day, Number(row.as_of)]));
}

/** Rows of `rates`, summed by key, as the oracle writes them; sorted. */
export async function readRates(clickhouse: ClickHouse): Promise<Record<string, unknown>[]> {
  return await readSums(clickhouse, 'rates', RATE_KEYS, RATE_COUNTS);
}

/** Rows of `user_days`, summed by key, as the oracle writes them; sorted. */
export async function readUserDays(clickhouse: ClickHouse): Promise<Record<string, unknown>[]> {
  return await readSums(clickhouse, 'user_days', USER_DAY_KEYS, USER_DAY_COUNTS);
}

/** Rows of `signal_days` as the oracle writes them; sorted. */
export async function readSignals(clickhouse: ClickHouse): Promise<OracleSignalRow[]> {
  const rows = await clickhouse.query<Record<string, unknown>>(`SELECT * FROM signal_days`);
  const named = rows.map((row) => ({
    key: JSON.stringify(SIGNAL_KEYS.map((column) => row[column])),
    generations: Number(row['generations']),
    retained: Number(row['retained']),
    value_sum: Number(Number(row['value_sum']).toFixed(6)),
  }));
  return named.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** The same from the oracle, each day judged when its finished run judged it. */
export function expectedSignals(
  events: readonly EventRow[],
  settings: readonly OracleSettings[],
  runs: ReadonlyMap<string, number>,
): OracleSignalRow[] {
  const dayOf = (row: EventRow) => new Date(row.generated_at).toISOString().slice(0, 10);
  return [...runs]
    .flatMap(([day, asOf]) =>
      oracleSignals(
        events.filter((row) => dayOf(row) === day),
        settings,
        asOf,
      ),
    )
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

export interface RolledUp {
  readonly rates: Record<string, unknown>[];
  readonly userDays: Record<string, unknown>[];
}

export async function readRolledUp(clickhouse: ClickHouse): Promise<RolledUp> {
  return { rates: await readRates(clickhouse), userDays: await readUserDays(clickhouse) };
}

/** The same from the oracle: each day judged when its finished run judged it. Days without a run have no rows. */
export function expectedRolledUp(
  events: readonly EventRow[],
  settings: readonly OracleSettings[],
  runs: ReadonlyMap<string, number>,
): RolledUp {
  const rates: Record<string, unknown>[] = [];
  const userDays: Record<string, unknown>[] = [];
  for (const [day, asOf] of runs) {
    const from = Date.parse(day);
    const ofDay = events.filter(({ generated_at }) => generated_at >= from && generated_at < from + DAY_MS);
    const outcomes = oracleOutcomes(ofDay, settings, asOf);
    rates.push(...oracleRates(outcomes).map((row) => rounded({ ...row })));
    userDays.push(...oracleUserDays(outcomes).map((row) => rounded({ ...row })));
  }
  return { rates: sorted(rates, RATE_KEYS), userDays: sorted(userDays, USER_DAY_KEYS) };
}

const CELL_KEYS = [
  'project_id',
  'prompt_id',
  'prompt_version',
  'model',
  'model_version',
  'surface',
  'trusted',
  'metric_version',
];
const RATE_KEYS = [...CELL_KEYS, 'hour'];
const USER_DAY_KEYS = [...CELL_KEYS, 'day', 'experiment', 'arm', 'assignment', 'user_kind', 'user_key'];
/** Counts that both tables have. */
export const COUNTS = [
  'not_shown',
  'orphan',
  'shown',
  'rejected',
  'edited',
  'accepted',
  'mature',
  'mature_rejected',
  'mature_edited',
  'mature_accepted',
] as const;
const RATE_COUNTS = [...COUNTS, 'ignored', 'unresolved', 'mature_similarity_sum'];
const USER_DAY_COUNTS = [...COUNTS, 'clock_suspect', 'forced', 'late', 'mature_similarity_sum'];

async function readSums(
  clickhouse: ClickHouse,
  table: string,
  keys: readonly string[],
  counts: readonly string[],
): Promise<Record<string, unknown>[]> {
  const sums = counts.map((count) => `toFloat64(sum(t.${count})) AS ${count}`);
  const rows = await clickhouse.query<Record<string, unknown>>(
    `SELECT ${[...keys.map((key) => `t.${key} AS ${key}`), ...sums].join(', ')} FROM ${table} AS t GROUP BY ${keys.join(', ')}`,
  );
  return sorted(rows.map(rounded), keys);
}

/** Sums of similarities depend on the order in which they were added, in their last digits. */
function rounded(row: Record<string, unknown>): Record<string, unknown> {
  return { ...row, mature_similarity_sum: Number(Number(row['mature_similarity_sum']).toFixed(6)) };
}

function sorted(rows: readonly Record<string, unknown>[], keys: readonly string[]): Record<string, unknown>[] {
  const named = rows.map((row) => [JSON.stringify(keys.map((key) => row[key])), row] as const);
  return named.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
