// Tables of one run's own in the work database, and the rule by which runs of the same day keep out of each other's way.
//
// A swap needs the run's staging table. So whoever swaps first drops the tables of every older run of that day: after that no
// older run can put older figures in place, however long it was paused. A run that finds a newer one gives way. Nobody has to
// know who is alive: dropping tables of a run that still lives costs that run its work, and never the figures their truth.
import { randomBytes } from 'node:crypto';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from './query-settings.js';

/** Tables of a run that is older than this are left-overs of a process that died, ms. */
const LEFT_OVER_AGE_MS = 60 * 60_000;

/** Parts of a run's tables: what is read from the generations, and what is swapped in. */
const PARTS = ['stage', 'rates', 'user_days'] as const;
type Part = (typeof PARTS)[number];

export interface Staging {
  /** Day, as-of and a random end, in an order in which the newer run of a day is the greater one. */
  readonly run: string;
  readonly day: string;
  /** Instant at which outcomes are judged, ms. Newer runs of a day have a greater one. */
  readonly asOf: number;
  /** Full names: database and table. */
  readonly tables: Readonly<Record<Part, string>>;
}

/** Another run of the same day is newer: this one gives way. Nothing is wrong. */
export class BeatenError extends Error {
  override readonly name = 'BeatenError';
}

function workDatabase(clickhouse: ClickHouse): string {
  return `${clickhouse.connection.database}_work`;
}

/**
 * Makes the tables, then looks for a newer run of that day, in this order: a newer run that swaps meanwhile drops what was
 * there when it looked, and is seen here if these tables came later. Throws BeatenError.
 */
export async function openStaging(clickhouse: ClickHouse, day: string, asOf: number): Promise<Staging> {
  const run = `rollup_${day.replaceAll('-', '')}_${String(asOf).padStart(13, '0')}_${randomBytes(4).toString('hex')}`;
  const name = (part: Part) => `${workDatabase(clickhouse)}.${run}_${part}`;
  const staging: Staging = {
    run,
    day,
    asOf,
    tables: { stage: name('stage'), rates: name('rates'), user_days: name('user_days') },
  };
  try {
    await clickhouse.command(`CREATE TABLE ${staging.tables.stage} AS rollup_staging`);
    await clickhouse.command(`CREATE TABLE ${staging.tables.rates} AS rates`);
    await clickhouse.command(`CREATE TABLE ${staging.tables.user_days} AS user_days`);
    const tables = await listTables(clickhouse);
    const ledger = await newestRun(clickhouse, day);
    const newer = tables.some((table) => table.day === day && table.run > run);
    if (newer || ledger > asOf) throw new BeatenError('a newer run of this day is under way or done');
    return staging;
  } catch (error) {
    await closeStaging(clickhouse, staging);
    throw error;
  }
}

/** Drops the tables of older runs of the day; from here on only this run, or a newer one, can swap. */
export async function fenceOlderRuns(clickhouse: ClickHouse, staging: Staging): Promise<void> {
  for (const table of await listTables(clickhouse)) {
    if (table.day === staging.day && table.run < staging.run) await drop(clickhouse, table.name);
  }
}

/** Drops the run's own tables. Never rejects: what stays is dropped by the next run of that day. */
export async function closeStaging(clickhouse: ClickHouse, staging: Staging): Promise<void> {
  for (const part of PARTS) await drop(clickhouse, staging.tables[part]).catch(() => undefined);
}

/** Drops what runs of long ago left behind, and what was made under a clock that has since been set back. Answers how many. */
export async function removeLeftOvers(clickhouse: ClickHouse): Promise<number> {
  const tables = await listTables(clickhouse);
  if (tables.length === 0) return 0;
  const now = await readClock(clickhouse);
  const left = tables.filter(({ asOf }) => asOf < now - LEFT_OVER_AGE_MS || asOf > now);
  for (const table of left) await drop(clickhouse, table.name);
  return left.length;
}

/** ClickHouse's clock, ms. */
export async function readClock(clickhouse: ClickHouse): Promise<number> {
  const [row] = await clickhouse.query<{ now: string }>(`SELECT toUnixTimestamp64Milli(now64(3)) AS now`);
  if (row === undefined) throw new Error('ClickHouse did not say what time it is');
  return Number(row.now);
}

interface StagingTable {
  readonly name: string;
  readonly run: string;
  readonly day: string;
  readonly asOf: number;
}

async function listTables(clickhouse: ClickHouse): Promise<StagingTable[]> {
  const database = workDatabase(clickhouse);
  const rows = await clickhouse.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, 'rollup_')`,
    { database },
    ROLLUP_SETTINGS,
  );
  return rows.flatMap(({ name }) => {
    const found = /^(rollup_(\d{4})(\d{2})(\d{2})_(\d{13})_[0-9a-f]{8})_/.exec(name);
    if (found === null) return [];
    const [, run = '', year = '', month = '', date = '', asOf = ''] = found;
    return [{ name: `${database}.${name}`, run, day: `${year}-${month}-${date}`, asOf: Number(asOf) }];
  });
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

async function drop(clickhouse: ClickHouse, table: string): Promise<void> {
  await clickhouse.command(`DROP TABLE IF EXISTS ${table} SYNC`, {}, ROLLUP_SETTINGS);
}
