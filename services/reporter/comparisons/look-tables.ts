// Tables of one look's own in the work database: what it reads is laid down there once, for all projects and pairs together.
// In: a connection. Out: names; every one is dropped when the look ends, and by a later look when this process died.
import { randomBytes } from 'node:crypto';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import { DIMENSIONS } from './cell.js';

/** Tables of a look that is older than this are left-overs of a process that died, ms. */
export const LEFT_OVER_AGE_MS = 6 * 60 * 60_000;

const COLUMNS = {
  /** Final days of cells. */
  days: `cell UInt64, project_id LowCardinality(String), ${DIMENSIONS.map((name) => `${name} LowCardinality(String)`).join(', ')},
    metric_version LowCardinality(String), span_s UInt32, day Date, n UInt64, people UInt64`,
  /** Which cells are which side (0: A, 1: B) of which comparison, and in which stratum. */
  members: `cell UInt64, metric_version LowCardinality(String), span_s UInt32, c UInt32, side UInt8, stratum UInt32`,
  /** Days on which both sides of a comparison were shown. */
  shared: `c UInt32, day Date`,
  /** What persons did on the shared days. */
  persons: `c UInt32, person UInt64, stratum UInt32, week Date, side UInt8, session UInt8, n Float64, y Float64, generated Float64,
    shown Float64, orphan Float64, late Float64, clock_suspect Float64, forced Float64`,
  /** Strata in which both sides have mature generations. */
  strata: `c UInt32, stratum UInt32, week Date, na Float64, nb Float64, ya Float64, yb Float64`,
} as const;

const ORDER: Readonly<Record<LookTable, string>> = {
  days: 'cell, day',
  members: 'cell',
  shared: 'c, day',
  persons: 'c, person',
  strata: 'c, stratum, week',
};

export type LookTable = keyof typeof COLUMNS;
export type LookTables = Readonly<Record<LookTable, string>>;

/** Makes the tables. The name carries the instant of their making by ClickHouse's clock. */
export async function openLookTables(clickhouse: ClickHouse, madeAt: number): Promise<LookTables> {
  const run = `looks_${String(madeAt).padStart(13, '0')}_${randomBytes(4).toString('hex')}`;
  const name = (table: LookTable) => `${workDatabase(clickhouse)}.${run}_${table}`;
  const tables: LookTables = {
    days: name('days'),
    members: name('members'),
    shared: name('shared'),
    persons: name('persons'),
    strata: name('strata'),
  };
  try {
    for (const table of Object.keys(COLUMNS) as LookTable[])
      await clickhouse.command(
        `CREATE TABLE ${tables[table]} (${COLUMNS[table]}) ENGINE = MergeTree ORDER BY (${ORDER[table]}) COMMENT 'Of one daily look.'`,
      );
    return tables;
  } catch (error) {
    await closeLookTables(clickhouse, tables);
    throw error;
  }
}

/** Drops them. Never rejects: what stays is dropped by a later look. */
export async function closeLookTables(clickhouse: ClickHouse, tables: LookTables): Promise<void> {
  for (const table of Object.values(tables)) await drop(clickhouse, table).catch(() => undefined);
}

/** Drops what looks of long ago left behind, and what was made under a clock that has since been set back. Answers how many. */
export async function removeOldLookTables(clickhouse: ClickHouse, now: number): Promise<number> {
  const database = workDatabase(clickhouse);
  const rows = await clickhouse.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, 'looks_')`,
    { database },
    ROLLUP_SETTINGS,
  );
  const old = rows.filter(({ name }) => {
    const madeAt = Number(/^looks_(\d{13})_/.exec(name)?.[1] ?? now);
    return madeAt < now - LEFT_OVER_AGE_MS || madeAt > now + LEFT_OVER_AGE_MS;
  });
  for (const { name } of old) await drop(clickhouse, `${database}.${name}`);
  return old.length;
}

export function workDatabase(clickhouse: ClickHouse): string {
  return `${clickhouse.connection.database}_work`;
}

async function drop(clickhouse: ClickHouse, table: string): Promise<void> {
  await clickhouse.command(`DROP TABLE IF EXISTS ${table} SYNC`, {}, ROLLUP_SETTINGS);
}
