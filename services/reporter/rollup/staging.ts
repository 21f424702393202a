// Tables of one run's own in the work database, and the rule by which runs of the same subject (a day, or a window of days) keep
// out of each other's way.
//
// A swap needs the run's staging table. So whoever swaps first drops the tables of every older run of that subject: after that no
// older run can put older figures in place, however long it was paused. A run that finds a newer one gives way. Nobody has to
// know who is alive: dropping tables of a run that still lives costs that run its work, and never the figures their truth.
import { randomBytes } from 'node:crypto';
import { ClickHouseError, type ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { GENERATIONS_TABLE } from './generations.js';
import { ROLLUP_SETTINGS } from './query-settings.js';

/** Tables of a run that is older than this are left-overs of a process that died, ms. */
const LEFT_OVER_AGE_MS = 60 * 60_000;
/** ClickHouse's code when a table of a run is gone. */
export const UNKNOWN_TABLE = 60;

/** What a run is about: a day as YYYYMMDD, or the length of a window in three digits. */
export type Subject = string;

/** Table of a run -> what follows its name in the statement that makes it. What bears the name of a table is swapped in there. */
export const DAY_PARTS = {
  generations: GENERATIONS_TABLE,
  stage: 'AS rollup_staging',
  signal_stage: 'AS signal_days',
  rates: 'AS rates',
  user_days: 'AS user_days',
  rate_days: 'AS rate_days',
  signal_days: 'AS signal_days',
} as const;
export const WINDOW_PARTS = { rate_windows: 'AS rate_windows' } as const;

type Parts = Readonly<Record<string, string>>;

export interface Staging<P extends Parts> {
  /** Subject, as-of and a random end, in an order in which the newer run of a subject is the greater one. */
  readonly run: string;
  readonly subject: Subject;
  /** Instant at which the run reads, ms. Newer runs of a subject have a greater one. */
  readonly asOf: number;
  /** Full names: database and table. */
  readonly tables: Readonly<Record<keyof P, string>>;
}

/** Another run of the same subject is newer: this one gives way. Nothing is wrong. */
export class BeatenError extends Error {
  override readonly name = 'BeatenError';
}

function workDatabase(clickhouse: ClickHouse): string {
  return `${clickhouse.connection.database}_work`;
}

/**
 * Makes the tables, then looks for a newer run of that subject, in this order: a newer run that swaps meanwhile drops what was
 * there when it looked, and is seen here if these tables came later. `finishedAsOf` answers the newest run in the ledger.
 * Throws BeatenError.
 */
export async function openStaging<P extends Parts>(
  clickhouse: ClickHouse,
  parts: P,
  subject: Subject,
  asOf: number,
  finishedAsOf: () => Promise<number>,
): Promise<Staging<P>> {
  const run = `rollup_${subject}_${String(asOf).padStart(13, '0')}_${randomBytes(4).toString('hex')}`;
  const names = Object.keys(parts).map((part) => [part, `${workDatabase(clickhouse)}.${run}_${part}`]);
  const tables = Object.fromEntries(names) as Record<keyof P, string>;
  const staging = { run, subject, asOf, tables };
  try {
    for (const [part, definition] of Object.entries(parts))
      await clickhouse.command(`CREATE TABLE ${tables[part]} ${definition}`);
    const others = await listTables(clickhouse);
    const finished = await finishedAsOf();
    const newer = others.some((table) => table.subject === subject && table.run > run);
    if (newer || finished > asOf) throw new BeatenError('a newer run of the same figures is under way or done');
    return staging;
  } catch (error) {
    await closeStaging(clickhouse, staging);
    throw error;
  }
}

/** Drops the tables of older runs of the subject; from here on only this run, or a newer one, can swap. */
export async function fenceOlderRuns(
  clickhouse: ClickHouse,
  { subject, run }: Pick<Staging<Parts>, 'subject' | 'run'>,
): Promise<void> {
  for (const table of await listTables(clickhouse)) {
    if (table.subject === subject && table.run < run) await drop(clickhouse, table.name);
  }
}

/**
 * Puts the run's rows in the place of a partition. An empty source cannot be put in place by REPLACE, which refuses it: the old
 * partition is moved out into the run's own table instead of being dropped, since that too fails when a newer run has taken over.
 */
export async function swapIn(clickhouse: ClickHouse, table: string, partition: string, source: string): Promise<void> {
  const [row] = await clickhouse.query<{ n: string }>(`SELECT count() AS n FROM ${source}`, {}, ROLLUP_SETTINGS);
  await clickhouse.command(
    Number(row?.n ?? 0) === 0
      ? `ALTER TABLE ${table} MOVE PARTITION ${partition} TO TABLE ${source}`
      : `ALTER TABLE ${table} REPLACE PARTITION ${partition} FROM ${source}`,
  );
}

/** The error of a run as its caller is to see it: BeatenError when a newer run dropped the tables, since only a newer run does. */
export async function orBeaten(
  clickhouse: ClickHouse,
  { tables }: Pick<Staging<Parts>, 'tables'>,
  error: unknown,
): Promise<unknown> {
  if (!(error instanceof ClickHouseError) || error.serverCode !== UNKNOWN_TABLE) return error;
  for (const table of Object.values(tables)) {
    const [row] = await clickhouse.query<{ found: number }>(
      `SELECT count() > 0 AS found FROM system.tables WHERE concat(database, '.', name) = {table:String}`,
      { table },
    );
    if (row?.found !== 1) return new BeatenError('a newer run of the same figures took over');
  }
  return error;
}

/** Drops the run's own tables. Never rejects: what stays is dropped by the next run of that subject. */
export async function closeStaging(clickhouse: ClickHouse, { tables }: Pick<Staging<Parts>, 'tables'>): Promise<void> {
  for (const table of Object.values(tables)) await drop(clickhouse, table).catch(() => undefined);
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
  readonly subject: Subject;
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
    const found = /^(rollup_(\d{8}|\d{3})_(\d{13})_[0-9a-f]{8})_/.exec(name);
    if (found === null) return [];
    const [, run = '', subject = '', asOf = ''] = found;
    return [{ name: `${database}.${name}`, run, subject, asOf: Number(asOf) }];
  });
}

async function drop(clickhouse: ClickHouse, table: string): Promise<void> {
  await clickhouse.command(`DROP TABLE IF EXISTS ${table} SYNC`, {}, ROLLUP_SETTINGS);
}
