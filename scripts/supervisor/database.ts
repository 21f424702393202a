// The ClickHouse of this run, migrated: an outside one when CLICKHOUSE_URL is set, else the embedded one, kept running.
// In: configuration. Out: its address and one account per role. Its passwords go to the services whose roles they are, and to run.json.
import { fork } from 'node:child_process';
import path from 'node:path';
import { analystName } from '../../infra/clickhouse/users.js';
import { startKeeper } from '../../infra/local/keeper.js';
import type { DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import type { Logger } from '../../shared/runtime/log.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { SupervisorConfig } from './config.js';
import { choosePort } from '../../shared/runtime/choose-port.js';
import type { Credentials } from './services.js';

export interface Database {
  readonly url: string;
  readonly database: string;
  /** Undefined when an outside ClickHouse's account was not given: the service then says what it misses. */
  readonly writer: Credentials | undefined;
  readonly reporter: Credentials | undefined;
  /** The read-only user of a project, null where there is none. */
  analyst(project: string): Credentials | null;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** The supervisor's own environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: SupervisorConfig;
  readonly dirs: DataDir;
  readonly projectsFile: string;
  readonly log: Logger;
  /** Called once when the embedded server died too often. */
  readonly gaveUp: (line: string) => void;
}

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const url = options.config.CLICKHOUSE_URL;
  return url === undefined ? await openEmbedded(options) : await openOutside(options, url);
}

async function openEmbedded({ config, dirs, projectsFile, log, gaveUp }: DatabaseOptions): Promise<Database> {
  const keeper = await startKeeper({
    dataDir: dirs,
    port: await choosePort('127.0.0.1', config.TACIT_CLICKHOUSE_PORT),
    database: config.CLICKHOUSE_DATABASE,
    projectsFile,
    log,
  });
  keeper.failed.catch((error: unknown) => gaveUp(error instanceof Error ? error.message : String(error)));
  const { url, database, users } = keeper.connection();
  return {
    url,
    database,
    writer: users.writer,
    reporter: users.reporter,
    analyst: (project) => keeper.connection().users.analysts[project] ?? null,
    stop: async () => await keeper.stop(),
  };
}

async function openOutside({ env, config, projectsFile }: DatabaseOptions, url: string): Promise<Database> {
  await runMigrate({ ...env, TACIT_PROJECTS_FILE: projectsFile });
  const account = (user: string | undefined, password: string | undefined): Credentials | undefined =>
    user === undefined ? undefined : { user, password: password ?? '' };
  const { CLICKHOUSE_ANALYST_USER: analystUser, CLICKHOUSE_ANALYST_PASSWORD: analystPassword } = config;
  return {
    url,
    database: config.CLICKHOUSE_DATABASE,
    writer: account(config.CLICKHOUSE_WRITER_USER, config.CLICKHOUSE_WRITER_PASSWORD),
    reporter: account(config.CLICKHOUSE_REPORTER_USER, config.CLICKHOUSE_REPORTER_PASSWORD),
    analyst: (project) =>
      analystUser === undefined ? null : { user: analystName(project, analystUser), password: analystPassword ?? '' },
    stop: async () => undefined,
  };
}

/** Runs the migrations as a process of its own, so that only it knows the migrator's password. */
async function runMigrate(env: Record<string, string | undefined>): Promise<void> {
  const file = path.join(projectRoot, 'dist', 'scripts', 'migrate.js');
  const child = fork(file, [], { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new StartError('the migration did not succeed; see the lines above');
}
