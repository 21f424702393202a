// Computes one UTC day again, all projects together, and swaps it in: a reader sees the old day or the new one.
// In: a day. Out: new partitions of `rates` and `user_days`, then a row in the ledger. A crash at any point leaves the day due.
// Must never change a row in place, and never write the ledger before the last swap.
import { ClickHouseError, type ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { chunksOf } from './chunks.js';
import { ROLLUP_SETTINGS } from './query-settings.js';
import { BeatenError, closeStaging, fenceOlderRuns, openStaging, readClock, type Staging } from './staging.js';
import { HOURS_SQL, ratesSql, readSql, stageSql, userDaysSql } from './statements.js';

const UNKNOWN_TABLE = 60;

export interface DayRun {
  readonly generations: number;
  readonly durationMs: number;
}

/**
 * Outcomes are judged at `asOf` (ms; ClickHouse's clock when absent). Throws BeatenError when a newer run of that day took over,
 * and the signal's reason when it aborts between two statements.
 */
export async function recomputeDay(
  clickhouse: ClickHouse,
  day: string,
  signal: AbortSignal,
  asOf?: number,
): Promise<DayRun> {
  const startedAt = performance.now();
  const staging = await openStaging(clickhouse, day, asOf ?? (await readClock(clickhouse)));
  try {
    await fillStage(clickhouse, staging, signal);
    const [read] = await clickhouse.query<{ generations: string }>(readSql(staging.tables.stage), {}, ROLLUP_SETTINGS);
    const generations = Number(read?.generations ?? 0);
    if (generations > 0) await derive(clickhouse, staging);
    signal.throwIfAborted();
    await fenceOlderRuns(clickhouse, staging);
    await swap(clickhouse, staging, generations === 0);
    const durationMs = Math.round(performance.now() - startedAt);
    await clickhouse.command(
      `INSERT INTO rollup_days (day, as_of, generations, duration_ms)
       SELECT {day:Date}, fromUnixTimestamp64Milli({as_of:Int64}, 'UTC'), {generations:UInt64}, {duration_ms:UInt32}`,
      { day, as_of: staging.asOf, generations, duration_ms: durationMs },
    );
    return { generations, durationMs };
  } catch (error) {
    // only a newer run drops these tables
    if (error instanceof ClickHouseError && error.serverCode === UNKNOWN_TABLE && !(await isWhole(clickhouse, staging)))
      throw new BeatenError('a newer run of this day took over');
    throw error;
  } finally {
    await closeStaging(clickhouse, staging);
  }
}

async function fillStage(clickhouse: ClickHouse, staging: Staging, signal: AbortSignal): Promise<void> {
  const hours = await clickhouse.query<{ hour: number; rows: string }>(
    HOURS_SQL,
    { day: staging.day },
    ROLLUP_SETTINGS,
  );
  for (const chunk of chunksOf(hours.map(({ hour, rows }) => ({ hour, rows: Number(rows) })))) {
    signal.throwIfAborted();
    await clickhouse.command(stageSql(staging.tables.stage), { as_of: staging.asOf, ...chunk }, ROLLUP_SETTINGS);
  }
}

async function derive(clickhouse: ClickHouse, { tables, asOf }: Staging): Promise<void> {
  await clickhouse.command(ratesSql(tables.stage, tables.rates), { as_of: asOf }, ROLLUP_SETTINGS);
  await clickhouse.command(userDaysSql(tables.stage, tables.user_days), { as_of: asOf }, ROLLUP_SETTINGS);
}

/**
 * An empty day cannot be put in place by REPLACE, which refuses an empty source. Its old partition is moved out into the run's
 * own table instead of being dropped, since that too fails when a newer run has taken over.
 */
async function swap(clickhouse: ClickHouse, { day, tables }: Staging, empty: boolean): Promise<void> {
  const partition = day.replaceAll('-', '');
  for (const table of ['rates', 'user_days'] as const) {
    await clickhouse.command(
      empty
        ? `ALTER TABLE ${table} MOVE PARTITION ${partition} TO TABLE ${tables[table]}`
        : `ALTER TABLE ${table} REPLACE PARTITION ${partition} FROM ${tables[table]}`,
    );
  }
}

async function isWhole(clickhouse: ClickHouse, { tables }: Staging): Promise<boolean> {
  for (const table of Object.values(tables)) {
    const [row] = await clickhouse.query<{ found: number }>(
      `SELECT count() > 0 AS found FROM system.tables WHERE concat(database, '.', name) = {table:String}`,
      { table },
    );
    if (row?.found !== 1) return false;
  }
  return true;
}
