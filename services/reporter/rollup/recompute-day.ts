// Computes one UTC day again, all projects together, and swaps it in: of each table a reader sees the old day or the new one.
// In: a day. Out: new partitions of the tables of a day, then a row in the ledger. A crash at any point leaves the day due.
// Must never change a row in place, and never write the ledger before the last swap.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { chunksOf, type Chunk } from './chunks.js';
import { generationsSql } from './generations.js';
import { insertLevels } from './levels.js';
import { IN_ORDER_SETTINGS, ROLLUP_SETTINGS } from './query-settings.js';
import { signalDaysSql, signalsSql } from './signals.js';
import {
  DAY_PARTS,
  closeStaging,
  fenceOlderRuns,
  openStaging,
  orBeaten,
  readClock,
  swapIn,
  type Staging,
} from './staging.js';
import { HOURS_SQL, ratesSql, readSql, stageSql, userDaysSql } from './statements.js';

type DayStaging = Staging<typeof DAY_PARTS>;

const DAY_MS = 86_400_000;

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
  const began = asOf ?? (await readClock(clickhouse));
  const staging = await openStaging(
    clickhouse,
    DAY_PARTS,
    day.replaceAll('-', ''),
    began,
    async () => await newestRun(clickhouse, day),
  );
  try {
    await fillStage(clickhouse, staging, day, signal);
    const [read] = await clickhouse.query<{ generations: string }>(readSql(staging.tables.stage), {}, ROLLUP_SETTINGS);
    const generations = Number(read?.generations ?? 0);
    if (generations > 0) await derive(clickhouse, staging);
    signal.throwIfAborted();
    await fenceOlderRuns(clickhouse, staging);
    await swap(clickhouse, staging, day);
    const durationMs = Math.round(performance.now() - startedAt);
    await clickhouse.command(
      `INSERT INTO rollup_days (day, as_of, generations, duration_ms)
       SELECT {day:Date}, fromUnixTimestamp64Milli({as_of:Int64}, 'UTC'), {generations:UInt64}, {duration_ms:UInt32}`,
      { day, as_of: staging.asOf, generations, duration_ms: durationMs },
    );
    return { generations, durationMs };
  } catch (error) {
    throw await orBeaten(clickhouse, staging, error);
  } finally {
    await closeStaging(clickhouse, staging);
  }
}

async function fillStage(clickhouse: ClickHouse, staging: DayStaging, day: string, signal: AbortSignal): Promise<void> {
  const hours = await clickhouse.query<{ hour: number; rows: string }>(HOURS_SQL, { day }, ROLLUP_SETTINGS);
  for (const chunk of chunksOf(hours.map(({ hour, rows }) => ({ hour, rows: Number(rows) })))) {
    signal.throwIfAborted();
    await fillChunk(clickhouse, staging, chunk);
  }
}

async function fillChunk(clickhouse: ClickHouse, { tables, asOf }: DayStaging, chunk: Chunk): Promise<void> {
  const { generations, stage, signal_stage: signals } = tables;
  await clickhouse.command(generationsSql(generations), { as_of: asOf, ...chunk }, ROLLUP_SETTINGS);
  await clickhouse.command(stageSql(generations, stage), {}, ROLLUP_SETTINGS);
  await clickhouse.command(signalsSql(generations, signals), { ...chunk }, IN_ORDER_SETTINGS);
  await clickhouse.command(`TRUNCATE TABLE ${generations}`, {}, ROLLUP_SETTINGS);
}

async function derive(clickhouse: ClickHouse, { tables, asOf }: DayStaging): Promise<void> {
  await clickhouse.command(ratesSql(tables.stage, tables.rates), { as_of: asOf }, ROLLUP_SETTINGS);
  await clickhouse.command(userDaysSql(tables.stage, tables.user_days), { as_of: asOf }, ROLLUP_SETTINGS);
  await clickhouse.command(signalDaysSql(tables.signal_stage, tables.signal_days), { as_of: asOf }, ROLLUP_SETTINGS);
}

/**
 * `rate_days` is computed from the counts and persons' days that were just swapped in, by the view that everybody reads: its formula
 * stands in one place. Until its own swap, a reader finds it a moment older than the rest.
 */
async function swap(clickhouse: ClickHouse, { subject, tables }: DayStaging, day: string): Promise<void> {
  await swapIn(clickhouse, 'rates', subject, tables.rates);
  await swapIn(clickhouse, 'user_days', subject, tables.user_days);
  await swapIn(clickhouse, 'signal_days', subject, tables.signal_days);
  const dayAfter = new Date(Date.parse(day) + DAY_MS).toISOString().slice(0, 10);
  await insertLevels(clickhouse, tables.rate_days, { day }, { from: day, to: dayAfter });
  await swapIn(clickhouse, 'rate_days', subject, tables.rate_days);
}

/** as_of of the newest finished run of a day that does not lie in the future, 0 when there is none. */
async function newestRun(clickhouse: ClickHouse, day: string): Promise<number> {
  const [row] = await clickhouse.query<{ newest: string }>(
    `SELECT toUnixTimestamp64Milli(max(as_of)) AS newest FROM rollup_days WHERE day = {day:Date} AND as_of <= now64(3)`,
    { day },
    ROLLUP_SETTINGS,
  );
  return Number(row?.newest ?? 0);
}
