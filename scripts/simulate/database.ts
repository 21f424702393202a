// A ClickHouse of one scenario's own: the embedded server in a temporary directory, migrated. In: nothing. Out: connections, and
// its end. Must never touch a data directory of the product, and leaves nothing behind unless told to.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../infra/clickhouse/migrate.js';
import { userDefinitions } from '../../infra/clickhouse/users.js';
import { renderConfigXml } from '../../infra/local/config-xml.js';
import { launchServer } from '../../infra/local/launcher.js';
import { renderUsersXml } from '../../infra/local/users-xml.js';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';

const DATABASE = 'tacit';
const MEMORY_BYTES = 5 * 1024 ** 3;
/** Statements over all seeds at once take longer than those of a day in production. */
const REQUEST_TIMEOUT_MS = 900_000;

export interface SimulationDatabase {
  /** Makes the events, and drops what has been used. */
  readonly migrator: ClickHouse;
  /** Rolls up and looks, as the reporter does. */
  readonly reporter: ClickHouse;
  /** Stops the server and removes its directory; with `keep` answers where it is. */
  stop(keep: boolean): Promise<string | undefined>;
}

export async function openDatabase(): Promise<SimulationDatabase> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tacit-simulate-'));
  const users = userDefinitions({ database: DATABASE, projects: [] }).map((user) => ({
    ...user,
    password: randomBytes(18).toString('base64url'),
  }));
  await writeFile(path.join(directory, 'config.xml'), renderConfigXml({ memoryBytes: MEMORY_BYTES }), { mode: 0o600 });
  await writeFile(path.join(directory, 'users.xml'), renderUsersXml(DATABASE, users), { mode: 0o600 });
  const server = await launchServer({ directory, port: 0 });
  const connect = (role: string): ClickHouse => {
    const user = users.find((each) => each.role === role);
    const { name = '', password = '' } = user ?? {};
    return createClickHouse(
      { url: server.url, database: DATABASE, user: name, password },
      { serverMessages: true, requestTimeoutMs: REQUEST_TIMEOUT_MS },
    );
  };
  const migrator = connect('migrator');
  const reporter = connect('reporter');
  const stop = async (keep: boolean): Promise<string | undefined> => {
    await Promise.all([migrator.close(), reporter.close()]);
    await server.stop(keep ? undefined : 0);
    if (keep) return directory;
    await rm(directory, { recursive: true, force: true });
    return undefined;
  };
  try {
    const { name = '', password = '' } = users.find(({ role }) => role === 'migrator') ?? {};
    await migrate({ url: server.url, database: DATABASE, user: name, password }, { alone: true });
    // parts stay those of their day of receipt, so that they can be dropped whole
    for (const table of ['events', 'generations']) await migrator.command(`SYSTEM STOP MERGES ${DATABASE}.${table}`);
  } catch (error) {
    await stop(false);
    throw error;
  }
  return { migrator, reporter, stop };
}

/** The same client with more threads: a statement here has the machine to itself. */
export function withThreads(clickhouse: ClickHouse, threads: number): ClickHouse {
  const more = { max_threads: threads, max_memory_usage: 3_000_000_000, max_execution_time: 600 };
  return {
    ...clickhouse,
    query: async (sql, params, settings) => await clickhouse.query(sql, params, { ...settings, ...more }),
    command: async (sql, params, settings) => await clickhouse.command(sql, params, { ...settings, ...more }),
  };
}

/** Drops the parts of `events` and `generations` of which nothing is younger than `before` (ms). */
export async function dropUsedParts({ migrator }: SimulationDatabase, before: number): Promise<void> {
  const parts = await migrator.query<{ table: string; name: string }>(
    `SELECT table, name FROM system.parts
     WHERE database = {database:String} AND table IN ('events', 'generations') AND active
         AND toUnixTimestamp(max_time) * 1000 < {before:Int64}`,
    { database: DATABASE, before },
  );
  for (const { table, name } of parts) await migrator.command(`ALTER TABLE ${table} DROP PART '${name}'`);
}
