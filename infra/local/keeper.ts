// Keeps the one embedded ClickHouse of a data directory: lock, users, start, migration, address, restarts, stop.
// In: the data directory and its projects. Out: connection.json while it runs. Must never run twice on one directory.
import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { writeFileAtomic, type DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import { PREDECESSOR_WAIT_MS } from '../../shared/runtime/listen.js';
import type { Logger } from '../../shared/runtime/log.js';
import { acquireProcessLock, type ProcessLock } from '../../shared/runtime/process-lock.js';
import { RestartBudget } from '../../shared/runtime/restarts.js';
import { sleep } from '../../shared/runtime/retry.js';
import { migrate } from '../clickhouse/migrate.js';
import { analystName, userDefinitions } from '../clickhouse/users.js';
import { defaultMemoryBytes, renderConfigXml } from './config-xml.js';
import type { Account, ConnectionFile } from './connection-file.js';
import { loadCredentials } from './credentials.js';
import { launchServer, type EmbeddedServer } from './launcher.js';
import { followProjectIds, type ProjectIds } from './project-ids.js';
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
  /** Upper bound of the server's memory, bytes. */
  readonly memoryBytes?: number;
}

export interface Keeper {
  /** As connection.json says it now. */
  connection(): ConnectionFile;
  /** Process id of the server, another one after each restart. */
  serverPid(): number | undefined;
  /** Rejects when the server died too often. */
  readonly failed: Promise<never>;
  stop(): Promise<void>;
}

const LOCK_FILE = 'keeper.lock';
/** What the engine says while the process before it still holds the directory or the port. */
const PREDECESSOR_STILL_THERE = /Cannot lock file|Address already in use/;

/** The lock that a keeper of this directory holds. */
export function keeperLockFile(dataDir: DataDir): string {
  return path.join(dataDir.clickhouse, LOCK_FILE);
}

/** Resolves when the server runs and is migrated. Rejects with StartError when another process keeps this directory. */
export async function startKeeper(options: KeeperOptions): Promise<Keeper> {
  await mkdir(options.dataDir.clickhouse, { recursive: true, mode: 0o700 });
  const lock = await acquireProcessLock(keeperLockFile(options.dataDir), {
    waitMs: options.waitMs ?? PREDECESSOR_WAIT_MS,
  });
  try {
    return await keep(options, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function keep(options: KeeperOptions, lock: ProcessLock): Promise<Keeper> {
  const { dataDir, log } = options;
  const stopping = new AbortController();
  let wake = (): void => undefined;
  const projects = await followProjectIds(options.projectsFile, () => wake());
  const state = new KeptServer(options, projects);
  try {
    await state.start(options.port);
  } catch (error) {
    projects.close();
    throw error;
  }
  const supervision = supervise(state, projects, options.log, stopping.signal, (listener) => (wake = listener));
  supervision.catch(() => undefined);
  return {
    connection: () => state.connection,
    serverPid: () => state.server?.pid,
    failed: supervision.then(async () => await new Promise<never>(() => undefined)),
    stop: async () => {
      stopping.abort();
      wake();
      projects.close();
      await rm(dataDir.clickhouseFile, { force: true });
      await state.server?.stop();
      await supervision.catch(() => undefined);
      await state.server?.stop();
      await lock.release();
      log.info('the embedded ClickHouse has stopped');
    },
  };
}

/** Starts the server again when it ended and when the projects changed. Rejects when it died too often. */
async function supervise(
  state: KeptServer,
  projects: ProjectIds,
  log: Logger,
  stopping: AbortSignal,
  onWake: (listener: () => void) => void,
): Promise<void> {
  const budget = new RestartBudget();
  while (!stopping.aborted) {
    const woken = new Promise<undefined>((resolve) => onWake(() => resolve(undefined)));
    if (!state.isStale(projects.current())) {
      const end = await Promise.race([state.server?.ended, woken]);
      if (stopping.aborted) return;
      if (end !== undefined) {
        log.warn({ code: end.code, signal: end.signal }, 'the embedded ClickHouse ended and is started again');
        await pauseOrGiveUp(budget, stopping);
      }
    }
    if (state.isStale(projects.current())) log.info('the embedded ClickHouse starts again with other users');
    await state.server?.stop();
    while (!stopping.aborted) {
      try {
        await state.start(state.port);
        log.info({ pid: state.server?.pid, startMs: state.server?.startMs }, 'the embedded ClickHouse is back');
        break;
      } catch (error) {
        if (error instanceof StartError) throw error;
        log.warn({ err: error }, 'the embedded ClickHouse could not be started');
        await pauseOrGiveUp(budget, stopping);
      }
    }
  }
}

async function pauseOrGiveUp(budget: RestartBudget, stopping: AbortSignal): Promise<void> {
  const pause = budget.fail(performance.now());
  if (pause === undefined) throw new StartError('The embedded ClickHouse died five times within a minute.');
  await sleep(pause, stopping);
}

/** The server that runs now, and what connection.json says of it. */
class KeptServer {
  server: EmbeddedServer | undefined;
  private published: ConnectionFile | undefined;
  private readonly options: KeeperOptions;
  private readonly projects: ProjectIds;

  constructor(options: KeeperOptions, projects: ProjectIds) {
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
    return Object.keys(this.connection.users.analysts).join(' ') !== projects.join(' ');
  }

  /** Starts, migrates and publishes a server; leaves none behind when it fails. */
  async start(port: number): Promise<void> {
    const { dataDir } = this.options;
    const users = await configure(this.options, this.projects.current());
    const server = await launchPatiently(this.options, port);
    try {
      const connection = { pid: process.pid, url: server.url, database: this.options.database, users };
      await migrate({ ...connection, ...users.migrator });
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
