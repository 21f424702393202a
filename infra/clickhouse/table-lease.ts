// A lease between processes that share only a ClickHouse: creating a table is atomic there.
// In: a name, how long it holds. Out: a lease to renew and release. Must never drop the newest lease of a name: its number is the order.
import { randomUUID } from 'node:crypto';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { ClickHouseError } from '../../shared/runtime/clickhouse.js';

/** Somebody else was quicker: made the next table, or made it and dropped the one that we were looking at. */
const OVERTAKEN: readonly (number | undefined)[] = [57, 60];

export interface TableLease {
  /** Whether it is still ours, and holds for the full time from now. To be asked before each side effect. */
  renew(): Promise<boolean>;
  release(): Promise<void>;
}

/**
 * Takes the lease `name` for `holdMs`, or answers undefined while somebody holds it. The state stands in the table
 * `<work>.lease_<name>_<n>`; a lease that ran out or was released is succeeded by the table with the next number.
 */
export async function takeLease(
  clickhouse: ClickHouse,
  work: string,
  name: string,
  holdMs: number,
): Promise<TableLease | undefined> {
  try {
    const newest = await newestLease(clickhouse, work, name);
    if (newest !== undefined && (await isHeld(clickhouse, newest.table, newest.ageMs, holdMs))) return undefined;
    const number = (newest?.number ?? 0) + 1;
    await clickhouse.command(
      `CREATE TABLE ${work}.lease_${name}_${number} (owner String, until DateTime64(3, 'UTC')) ENGINE = MergeTree ORDER BY until COMMENT 'Who may do ${name} alone, and until when.'`,
    );
    const lease = ownLease(clickhouse, work, name, number, holdMs);
    if (!(await lease.renew())) return undefined;
    if (newest !== undefined) await clickhouse.command(`DROP TABLE IF EXISTS ${newest.table}`);
    return lease;
  } catch (error) {
    if (error instanceof ClickHouseError && OVERTAKEN.includes(error.serverCode)) return undefined;
    throw error;
  }
}

function ownLease(clickhouse: ClickHouse, work: string, name: string, number: number, holdMs: number): TableLease {
  const table = `${work}.lease_${name}_${number}`;
  const owner = randomUUID();
  const write = async (ms: number) =>
    await clickhouse.command(
      `INSERT INTO ${table} SELECT {owner:String}, now64(3, 'UTC') + toIntervalMillisecond({ms:UInt32})`,
      { owner, ms },
    );
  return {
    renew: async () => {
      if ((await newestLease(clickhouse, work, name))?.number !== number) return false;
      await write(holdMs);
      return true;
    },
    release: async () => {
      if ((await newestLease(clickhouse, work, name))?.number !== number) return;
      await write(0);
      await clickhouse.command(`ALTER TABLE ${table} DELETE WHERE until > now64(3, 'UTC') SETTINGS mutations_sync = 1`);
    },
  };
}

interface Newest {
  readonly number: number;
  readonly table: string;
  readonly ageMs: number;
}

async function newestLease(clickhouse: ClickHouse, work: string, name: string): Promise<Newest | undefined> {
  const rows = await clickhouse.query<{ name: string; age_ms: string }>(
    `SELECT name, toInt64((toFloat64(now64(3)) - toFloat64(toDateTime64(metadata_modification_time, 3))) * 1000) AS age_ms
     FROM system.tables WHERE database = {work:String} AND startsWith(name, {prefix:String})`,
    { work, prefix: `lease_${name}_` },
  );
  const leases = rows
    .map((row) => ({
      number: Number(row.name.slice(`lease_${name}_`.length)),
      ageMs: Number(row.age_ms),
      name: row.name,
    }))
    .filter((lease) => Number.isInteger(lease.number))
    .sort((a, b) => b.number - a.number);
  const newest = leases[0];
  return newest === undefined
    ? undefined
    : { number: newest.number, table: `${work}.${newest.name}`, ageMs: newest.ageMs };
}

/** A table without a row was made by somebody who has yet to write his name, or died before: it holds for the usual time. */
async function isHeld(clickhouse: ClickHouse, table: string, ageMs: number, holdMs: number): Promise<boolean> {
  const rows = await clickhouse.query<{ held: number; n: string }>(
    `SELECT max(until) > now64(3, 'UTC') AS held, count() AS n FROM ${table}`,
  );
  const row = rows[0];
  if (row === undefined || Number(row.n) === 0) return ageMs < holdMs;
  return Number(row.held) === 1;
}
