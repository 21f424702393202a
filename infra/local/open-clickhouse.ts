// Gives a service its ClickHouse, wherever that is: by address, or the embedded one of the data directory.
// In: configuration and the service's role. Out: a client that follows the embedded server when another process takes over
// keeping it. Must never keep a server while CLICKHOUSE_URL names one.
import { z } from 'zod';
import { createClickHouse, type ClickHouse, type ClickHouseOptions } from '../../shared/runtime/clickhouse.js';
import { sharedConfigSchema } from '../../shared/runtime/config.js';
import { ensureDataDir, type DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import type { Logger } from '../../shared/runtime/log.js';
import { lockHolder } from '../../shared/runtime/process-lock.js';
import { sleep } from '../../shared/runtime/retry.js';
import { accountOf, readConnectionFile, type ConnectionFile } from './connection-file.js';
import { keeperLockFile, startKeeper, type Keeper } from './keeper.js';

/** Roles that a service can have. */
export type ServiceRole = 'migrator' | 'writer' | 'reporter';

/** What a service's configuration needs for `openClickHouse`: spread its shape into the service's schema. */
export const clickHouseConfigSchema = sharedConfigSchema
  .pick({
    TACIT_DATA_DIR: true,
    TACIT_CLICKHOUSE_PORT: true,
    TACIT_PROJECTS_FILE: true,
    CLICKHOUSE_URL: true,
    CLICKHOUSE_DATABASE: true,
  })
  .extend({
    CLICKHOUSE_MIGRATOR_USER: z.string().optional(),
    CLICKHOUSE_MIGRATOR_PASSWORD: z.string().optional(),
    CLICKHOUSE_WRITER_USER: z.string().optional(),
    CLICKHOUSE_WRITER_PASSWORD: z.string().optional(),
    CLICKHOUSE_REPORTER_USER: z.string().optional(),
    CLICKHOUSE_REPORTER_PASSWORD: z.string().optional(),
  });
export type ClickHouseConfig = Readonly<z.infer<typeof clickHouseConfigSchema>>;

export interface OpenClickHouseOptions {
  readonly config: ClickHouseConfig;
  readonly role: ServiceRole;
  readonly log: Logger;
  readonly client?: ClickHouseOptions;
}

export interface OpenedClickHouse {
  readonly clickhouse: ClickHouse;
  /** Rejects when this process kept the embedded server and cannot any more. Else never settles. */
  readonly failed: Promise<never>;
  /** Closes the client, and stops the embedded server when this process keeps it. */
  close(): Promise<void>;
}

const LOOK_MS = 300;
/** How long a start waits for a keeper that is itself starting, ms. */
const KEEPER_WAIT_MS = 60_000;

export async function openClickHouse({ config, role, log, client }: OpenClickHouseOptions): Promise<OpenedClickHouse> {
  if (config.CLICKHOUSE_URL === undefined) return await openEmbedded({ config, role, log, ...(client && { client }) });
  const name = role.toUpperCase() as Uppercase<ServiceRole>;
  const user = config[`CLICKHOUSE_${name}_USER`];
  if (user === undefined)
    throw new StartError(`CLICKHOUSE_URL is set: CLICKHOUSE_${name}_USER and _PASSWORD are needed too.`);
  const password = config[`CLICKHOUSE_${name}_PASSWORD`] ?? '';
  const clickhouse = createClickHouse(
    { url: config.CLICKHOUSE_URL, database: config.CLICKHOUSE_DATABASE, user, password },
    client,
  );
  return { clickhouse, failed: new Promise<never>(() => undefined), close: async () => await clickhouse.close() };
}

async function openEmbedded({ config, role, log, client }: OpenClickHouseOptions): Promise<OpenedClickHouse> {
  const dataDir = ensureDataDir(config.TACIT_DATA_DIR);
  let fail: (error: unknown) => void = () => undefined;
  const failed = new Promise<never>((_, reject) => (fail = reject));
  failed.catch(() => undefined);
  let keeper: Keeper | undefined;
  const becomeKeeper = async (): Promise<void> => {
    const options = {
      dataDir,
      port: config.TACIT_CLICKHOUSE_PORT,
      database: config.CLICKHOUSE_DATABASE,
      projectsFile: config.TACIT_PROJECTS_FILE ?? dataDir.projectsFile,
      log,
      lockWaitMs: 0,
    };
    try {
      keeper = await startKeeper(options);
    } catch (error) {
      if (await isKeptByAnother(dataDir)) return; // it was quicker: its address is what we look for
      throw error;
    }
    keeper.failed.catch(fail);
  };
  const found = await findOrBecome(dataDir, becomeKeeper);
  const { facade, follow } = followingClient(
    (connection) =>
      createClickHouse({ url: connection.url, database: connection.database, ...accountOf(connection, role) }, client),
    found,
  );
  const closing = new AbortController();
  const following = (async () => {
    while (!closing.signal.aborted) {
      await sleep(LOOK_MS, closing.signal);
      if (keeper !== undefined || closing.signal.aborted) continue;
      if ((await lockHolder(keeperLockFile(dataDir))) === undefined) {
        log.info('nobody keeps the embedded ClickHouse any more; this process takes it over');
        await becomeKeeper().catch((error: unknown) => log.warn({ err: error }, 'it could not be taken over'));
      }
      const connection = await readConnectionFile(dataDir.clickhouseFile);
      if (connection !== undefined) follow(connection);
    }
  })();
  return {
    clickhouse: facade,
    failed,
    close: async () => {
      closing.abort();
      await following;
      await facade.close();
      await keeper?.stop();
    },
  };
}

async function isKeptByAnother(dataDir: DataDir): Promise<boolean> {
  const holder = await lockHolder(keeperLockFile(dataDir));
  return holder !== undefined && holder.pid !== process.pid;
}

/** The address of a living keeper's server; without a keeper this process becomes it. */
async function findOrBecome(dataDir: DataDir, becomeKeeper: () => Promise<void>): Promise<ConnectionFile> {
  const until = performance.now() + KEEPER_WAIT_MS;
  for (;;) {
    const holder = await lockHolder(keeperLockFile(dataDir));
    const connection = await readConnectionFile(dataDir.clickhouseFile);
    if (holder !== undefined && connection?.pid === holder.pid) return connection;
    if (holder === undefined) await becomeKeeper();
    else if (performance.now() > until)
      throw new StartError(`process ${holder.pid} keeps the embedded ClickHouse but has not got it ready`);
    else await sleep(LOOK_MS);
  }
}

/** A client that is exchanged when the address changes, behind one that stays. */
function followingClient(make: (connection: ConnectionFile) => ClickHouse, first: ConnectionFile) {
  let url = first.url;
  let current = make(first);
  const facade: ClickHouse = {
    get connection() {
      return current.connection;
    },
    query: async (...asked) => await current.query(...asked),
    command: async (...asked) => await current.command(...asked),
    insertBlock: async (...asked) => await current.insertBlock(...asked),
    ping: async () => await current.ping(),
    close: async () => await current.close(),
  };
  const follow = (connection: ConnectionFile): void => {
    if (connection.url === url) return;
    const before = current;
    current = make(connection);
    url = connection.url;
    void before.close();
  };
  return { facade, follow };
}
