// A ClickHouse of a test's own: the real embedded server in a temporary directory, migrated, with a connection per role.
// In: the projects that need an analyst. Out: connections and a way to stop, kill and start it again. Must leave nothing behind.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { migrate } from '../../infra/clickhouse/migrate.js';
import { analystName, userDefinitions, type Role } from '../../infra/clickhouse/users.js';
import { renderConfigXml } from '../../infra/local/config-xml.js';
import { launchServer, type EmbeddedServer } from '../../infra/local/launcher.js';
import { renderUsersXml } from '../../infra/local/users-xml.js';
import { createClickHouse, type ClickHouse, type ClickHouseConnection } from '../../shared/runtime/clickhouse.js';

export interface TestClickHouse {
  readonly url: string;
  readonly database: string;
  readonly directory: string;
  /** Addresses and passwords, for processes of their own. Analysts by `analystOf`. */
  readonly connections: Readonly<Record<Exclude<Role, 'analyst'>, ClickHouseConnection>>;
  readonly migrator: ClickHouse;
  readonly writer: ClickHouse;
  readonly reporter: ClickHouse;
  /** The analyst of one of the projects given at the start. */
  analyst(project: string): ClickHouse;
  analystOf(project: string): ClickHouseConnection;
  pid(): number;
  /** SIGKILL, and nothing after it. */
  kill(): Promise<void>;
  /** Starts it again on the same port and data. */
  restart(): Promise<void>;
  /** Stops it, closes the connections and removes the directory. */
  stop(): Promise<void>;
}

export interface TestClickHouseOptions {
  readonly projects?: readonly string[];
  readonly database?: string;
  /** False leaves it empty. */
  readonly migrated?: boolean;
  readonly memoryBytes?: number;
  /** Rights of the migrator besides its own. */
  readonly migratorGrants?: readonly string[];
}

const DEFAULT_MEMORY_BYTES = 3 * 1024 ** 3;

/** Resolves in well under two seconds on an idle machine. */
export async function startTestClickHouse(options: TestClickHouseOptions = {}): Promise<TestClickHouse> {
  const { projects = [], database = 'tacit', migrated = true, memoryBytes = DEFAULT_MEMORY_BYTES } = options;
  const { migratorGrants = [] } = options;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tacit-clickhouse-'));
  const users = userDefinitions({ database, projects }).map((user) => ({
    ...user,
    grants: user.role === 'migrator' ? [...user.grants, ...migratorGrants] : user.grants,
    password: randomBytes(18).toString('base64url'),
  }));
  await writeFile(path.join(directory, 'config.xml'), renderConfigXml({ memoryBytes }));
  await writeFile(path.join(directory, 'users.xml'), renderUsersXml(database, users));
  let server: EmbeddedServer = await launchServer({ directory, port: 0 });
  const { port, url } = server;
  const connectionOf = (name: string): ClickHouseConnection => {
    const user = users.find((candidate) => candidate.name === name);
    if (user === undefined) throw new Error(`no user ${name}: name its project at the start`);
    return { url, database, user: name, password: user.password };
  };
  const clients = new Map<string, ClickHouse>();
  const client = (name: string): ClickHouse => {
    const made = clients.get(name) ?? createClickHouse(connectionOf(name), { serverMessages: true });
    clients.set(name, made);
    return made;
  };
  try {
    if (migrated) await migrate(connectionOf('tacit_migrator'), { alone: true });
  } catch (error) {
    await server.kill();
    throw error;
  }
  return {
    url,
    database,
    directory,
    connections: {
      migrator: connectionOf('tacit_migrator'),
      writer: connectionOf('tacit_writer'),
      reporter: connectionOf('tacit_reporter'),
    },
    migrator: client('tacit_migrator'),
    writer: client('tacit_writer'),
    reporter: client('tacit_reporter'),
    analyst: (project) => client(analystName(project)),
    analystOf: (project) => connectionOf(analystName(project)),
    pid: () => server.pid,
    kill: async () => {
      await server.kill();
    },
    restart: async () => {
      server = await launchServer({ directory, port });
    },
    stop: async () => {
      await Promise.all([...clients.values()].map(async (each) => await each.close()));
      await server.stop(0);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
