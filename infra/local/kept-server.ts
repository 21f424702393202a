// The embedded server that a keeper runs now: configured for the projects, started, migrated, and published.
// In: the keeper's options. Out: connection.json. Must never leave a server behind when one of these steps fails.
import { writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { writeFileAtomic, type DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import { PREDECESSOR_WAIT_MS } from '../../shared/runtime/listen.js';
import type { Logger } from '../../shared/runtime/log.js';
import { sleep } from '../../shared/runtime/retry.js';
import { migrate } from '../clickhouse/migrate.js';
import { analystName, userDefinitions } from '../clickhouse/users.js';
import { defaultMemoryBytes, renderConfigXml } from './config-xml.js';
import type { Account, ConnectionFile } from './connection-file.js';
import { loadCredentials } from './credentials.js';
import { launchServer, type EmbeddedServer } from './launcher.js';
import { renderUsersXml } from './users-xml.js';

export interface KeeperOptions {
  readonly dataDir: DataDir;
  /** 0 for any free one; it stays the same for the keeper's life. */
  readonly port: number;
  readonly database: string;
  readonly projectsFile: string;
  readonly log: Logger;
  /** How long to wait for a predecessor's lock, port and files, ms. */
  readonly waitMs?: number;
  /** How long to wait for the lock alone, ms; as `waitMs` when not given. */
  readonly lockWaitMs?: number;
  /** Upper bound of the server's memory, bytes. */
  readonly memoryBytes?: number;
}

/** What the engine says while the process before it still holds the directory or the port. */
const PREDECESSOR_STILL_THERE = /Cannot lock file|Address already in use/;

/** The server that runs now, and what connection.json says of it. */
export class KeptServer {
  server: EmbeddedServer | undefined;
  private published: ConnectionFile | undefined;
  private readonly options: KeeperOptions;
  private readonly projects: () => readonly string[];

  constructor(options: KeeperOptions, projects: () => readonly string[]) {
    this.options = options;
    this.projects = projects;
  }

  get connection(): ConnectionFile {
    if (this.published === undefined) throw new Error('the embedded ClickHouse has not been started');
    return this.published;
  }

  get port(): number {
    return Number(new URL(this.connection.url).port);
  }

  /** Whether the server runs with the users of other projects than these. */
  isStale(projects: readonly string[]): boolean {
    return Object.keys(this.connection.users.analysts).sort().join(' ') !== projects.join(' ');
  }

  /** Starts, migrates and publishes a server; leaves none behind when it fails. */
  async start(port: number): Promise<void> {
    const { dataDir } = this.options;
    const users = await configure(this.options, this.projects());
    const server = await launchPatiently(this.options, port);
    try {
      const connection = { pid: process.pid, url: server.url, database: this.options.database, users };
      await migrate({ ...connection, ...users.migrator }, { alone: true });
      await writeFileAtomic(dataDir.clickhouseFile, `${JSON.stringify(connection, null, 2)}\n`);
      this.published = connection;
      this.server = server;
    } catch (error) {
      await server.stop();
      throw error;
    }
  }
}

/** Writes the server's configuration and answers its users. */
async function configure(
  { dataDir, database, memoryBytes }: KeeperOptions,
  projects: readonly string[],
): Promise<ConnectionFile['users']> {
  const folder = dataDir.clickhouse;
  const definitions = userDefinitions({ database, projects });
  const passwords = await loadCredentials(
    path.join(folder, 'credentials.json'),
    definitions.map(({ name }) => name),
  );
  const users = definitions.map((user) => ({ ...user, password: passwords.get(user.name) ?? '' }));
  const memory = memoryBytes ?? defaultMemoryBytes(os.totalmem());
  await writeFile(path.join(folder, 'config.xml'), renderConfigXml({ memoryBytes: memory }), { mode: 0o600 });
  await writeFile(path.join(folder, 'users.xml'), renderUsersXml(database, users), { mode: 0o600 });
  const account = (name: string): Account => ({ user: name, password: passwords.get(name) ?? '' });
  return {
    migrator: account('tacit_migrator'),
    writer: account('tacit_writer'),
    reporter: account('tacit_reporter'),
    analysts: Object.fromEntries(projects.map((project) => [project, account(analystName(project))])),
  };
}

/** A server whose keeper was killed goes away within seconds; until then it holds the directory and the port. */
async function launchPatiently({ dataDir, waitMs }: KeeperOptions, port: number): Promise<EmbeddedServer> {
  const until = performance.now() + (waitMs ?? PREDECESSOR_WAIT_MS);
  for (;;) {
    try {
      return await launchServer({ directory: dataDir.clickhouse, port });
    } catch (error) {
      const said = error instanceof Error ? error.message : '';
      if (!PREDECESSOR_STILL_THERE.test(said)) throw error;
      if (performance.now() > until)
        throw new StartError(
          said.includes('Address already in use')
            ? `port ${port} on 127.0.0.1 is taken by another program: set TACIT_CLICKHOUSE_PORT`
            : `another ClickHouse still uses ${dataDir.clickhouse}`,
        );
      await sleep(200);
    }
  }
}
