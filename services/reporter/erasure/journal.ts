// Which generations an erasure touches, written down before anything is deleted: a pass that dies is finished by the next one.
// In: the wishes in `erasures`. Out: a table of generation keys in the work database. Must stay until their states are whole again.
import { randomBytes } from 'node:crypto';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import { ERASED, MATCHES } from './wishes.js';

export interface Journal {
  /** Full name of the table, with the keys of every unfinished pass in it. */
  readonly table: string;
  /** UTC days of those generations. `recomputable`: not so old that their states may have expired. */
  readonly days: readonly { readonly day: string; readonly recomputable: boolean }[];
  readonly generations: number;
}

function workDatabase(clickhouse: ClickHouse): string {
  return `${clickhouse.connection.database}_work`;
}

/** Journals of passes that did not finish. */
export async function unfinishedJournals(clickhouse: ClickHouse): Promise<string[]> {
  const database = workDatabase(clickhouse);
  const rows = await clickhouse.query<{ name: string }>(
    `SELECT name FROM system.tables WHERE database = {database:String} AND startsWith(name, 'erase_')`,
    { database },
    ROLLUP_SETTINGS,
  );
  return rows.map(({ name }) => `${database}.${name}`);
}

/** Writes down the generations of the events to erase, and takes over the keys of passes that did not finish. */
export async function openJournal(clickhouse: ClickHouse, unfinished: readonly string[]): Promise<Journal> {
  const table = `${workDatabase(clickhouse)}.erase_${Date.now()}_${randomBytes(4).toString('hex')}`;
  await clickhouse.command(
    `CREATE TABLE ${table} (project_id String, hour DateTime('UTC'), generation_id String)
     ENGINE = MergeTree ORDER BY (project_id, hour, generation_id)
     COMMENT 'Generations whose events an erasure deletes; dropped when their states are whole again.'`,
  );
  for (const earlier of unfinished)
    await clickhouse.command(`INSERT INTO ${table} SELECT * FROM ${earlier}`, {}, ROLLUP_SETTINGS);
  await clickhouse.command(
    `INSERT INTO ${table}
     SELECT DISTINCT e.project_id, toStartOfHour(e.generated_at), e.generation_id
     FROM events AS e INNER JOIN (${ERASED}) AS w ON ${MATCHES}`,
    {},
    ROLLUP_SETTINGS,
  );
  const days = await clickhouse.query<{ day: string; recomputable: number; generations: string }>(
    `SELECT toString(toDate(hour)) AS day, toDate(hour) >= toDate(now(), 'UTC') - INTERVAL 12 MONTH AS recomputable, uniqExact(project_id, hour, generation_id) AS generations
     FROM ${table} GROUP BY toDate(hour) ORDER BY day DESC`,
    {},
    ROLLUP_SETTINGS,
  );
  return {
    table,
    days: days.map(({ day, recomputable }) => ({ day, recomputable: recomputable === 1 })),
    generations: days.reduce((sum, row) => sum + Number(row.generations), 0),
  };
}

export async function dropJournals(clickhouse: ClickHouse, tables: readonly string[]): Promise<void> {
  for (const table of tables) await clickhouse.command(`DROP TABLE IF EXISTS ${table} SYNC`, {}, ROLLUP_SETTINGS);
}
