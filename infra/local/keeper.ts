// Keeps the one embedded ClickHouse of a data directory: takes the lock, starts the server, starts it again when it ends.
// In: the data directory and its projects. Out: connection.json while it runs. Must never run twice on one directory.
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import { PREDECESSOR_WAIT_MS } from '../../shared/runtime/listen.js';
import type { Logger } from '../../shared/runtime/log.js';
import { acquireProcessLock, type ProcessLock } from '../../shared/runtime/process-lock.js';
import { RestartBudget } from '../../shared/runtime/restarts.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { ConnectionFile } from './connection-file.js';
import { KeptServer, type KeeperOptions } from './kept-server.js';
import { followProjectIds, type ProjectIds } from './project-ids.js';

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

/** The lock that a keeper of this directory holds. */
export function keeperLockFile(dataDir: DataDir): string {
  return path.join(dataDir.clickhouse, LOCK_FILE);
}

/** Resolves when the server runs and is migrated. Rejects with StartError when another process keeps this directory. */
export async function startKeeper(options: KeeperOptions): Promise<Keeper> {
  await mkdir(options.dataDir.clickhouse, { recursive: true, mode: 0o700 });
  const lock = await acquireProcessLock(keeperLockFile(options.dataDir), {
    waitMs: options.lockWaitMs ?? options.waitMs ?? PREDECESSOR_WAIT_MS,
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
  const state = new KeptServer(options, () => projects.current());
  try {
    await state.start(options.port);
  } catch (error) {
    projects.close();
    throw error;
  }
  const supervision = supervise(state, projects, options.log, stopping.signal, (listener) => (wake = listener));
  const failed = supervision.then(async () => await new Promise<never>(() => undefined));
  failed.catch(() => undefined); // whoever cares has a handler of his own
  return {
    connection: () => state.connection,
    serverPid: () => state.server?.pid,
    failed,
    stop: async () => {
      stopping.abort();
      wake();
      projects.close();
      await rm(dataDir.clickhouseFile, { force: true });
      await state.server?.stop();
      await supervision.catch(() => undefined);
      await state.server?.stop(); // a restart that was under way has ended by now
      await rm(dataDir.clickhouseFile, { force: true });
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
        log.info({ serverPid: state.server?.pid, startMs: state.server?.startMs }, 'the embedded ClickHouse is back');
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
