// The embedded server and whoever keeps it, on real processes.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConnectionFile } from '../../infra/local/connection-file.js';
import { startKeeper, type Keeper } from '../../infra/local/keeper.js';
import { clickHouseConfigSchema, openClickHouse, type OpenedClickHouse } from '../../infra/local/open-clickhouse.js';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { readConfig } from '../../shared/runtime/config.js';
import { dataDir, ensureDataDir, type DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import { createLogger } from '../../shared/runtime/log.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { sleep } from '../../shared/runtime/retry.js';
import { startTestClickHouse } from '../support/clickhouse.js';
import { blankEvent, ndjson } from '../support/random-events.js';

const log = createLogger('test', 'silent');
let directory: DataDir;
const clients: ClickHouse[] = [];
const processes: ChildProcess[] = [];

beforeEach(async () => {
  directory = ensureDataDir(await mkdtemp(path.join(os.tmpdir(), 'tacit-local-')));
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => await client.close()));
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await eventually(async () => !(await isServed()), 10_000);
  await rm(directory.root, { recursive: true, force: true });
});

/** Whether a server that this directory's connection.json named still answers. */
async function isServed(): Promise<boolean> {
  const url = (await readConnectionFile(directory.clickhouseFile))?.url;
  return (
    url !== undefined &&
    (await fetch(`${url}/ping`).then(
      () => true,
      () => false,
    ))
  );
}

async function eventually(holds: () => boolean | Promise<boolean>, withinMs: number): Promise<number> {
  const startedAt = performance.now();
  while (!(await holds())) {
    if (performance.now() - startedAt > withinMs) throw new Error(`did not happen within ${withinMs} ms`);
    await sleep(20);
  }
  return performance.now() - startedAt;
}

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

const keep = async (over: Partial<Parameters<typeof startKeeper>[0]> = {}): Promise<Keeper> =>
  await startKeeper({
    dataDir: directory,
    port: 0,
    database: 'tacit',
    projectsFile: directory.projectsFile,
    log,
    ...over,
  });

function client(keeper: Keeper, role: 'writer' | 'reporter'): ClickHouse {
  const { url, database, users } = keeper.connection();
  const made = createClickHouse({ url, database, ...users[role] });
  clients.push(made);
  return made;
}

const anEvent = () =>
  ndjson([
    blankEvent({
      event_id: crypto.randomUUID(),
      generated_at: Date.now(),
      occurred_at: Date.now(),
      received_at: Date.now(),
    }),
  ]);

async function count(clickhouse: ClickHouse): Promise<number> {
  const [row] = await clickhouse.query<{ n: string }>('SELECT count() AS n FROM tacit.events');
  return Number(row?.n);
}

/** Starts a process that opens ClickHouse as the writer; resolves with its address when it is ready. */
async function openInProcess(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(
    process.execPath,
    [path.join(projectRoot, 'dist/test/support/keeper-process.js'), directory.root],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  processes.push(child);
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    child.once('exit', () => reject(new Error('it ended before it was ready')));
  });
  return { child, url: (JSON.parse(line) as { url: string }).url };
}

describe('the server', () => {
  test('a kill loses nothing that was acknowledged, and the next start finds it', async () => {
    const clickhouse = await startTestClickHouse();
    try {
      for (let n = 0; n < 5; n += 1) await clickhouse.writer.insertBlock('tacit.events', [anEvent()]);
      await clickhouse.kill();
      await clickhouse.restart();
      expect(await count(clickhouse.reporter)).toBe(5);
    } finally {
      await clickhouse.stop();
    }
    expect(existsSync(clickhouse.directory)).toBe(false);
  });

  test('waits for the disk before it acknowledges an insert', async () => {
    const clickhouse = await startTestClickHouse();
    try {
      const rows = await clickhouse.migrator.query<{ name: string; value: string }>(
        "SELECT name, value FROM system.merge_tree_settings WHERE name IN ('fsync_after_insert', 'fsync_part_directory') ORDER BY name",
      );
      expect(rows.map(({ value }) => value)).toEqual(['1', '1']);
    } finally {
      await clickhouse.stop();
    }
  });
});

describe('a keeper', () => {
  test('writes its files for the owner alone, and the address only while it runs', async () => {
    const keeper = await keep();
    const mode = (file: string) => statSync(file).mode & 0o777;
    expect(mode(directory.root)).toBe(0o700);
    expect(mode(directory.clickhouse)).toBe(0o700);
    for (const file of ['connection.json', 'credentials.json', 'users.xml', 'config.xml'])
      expect(mode(path.join(directory.clickhouse, file)), file).toBe(0o600);
    expect(await readConnectionFile(directory.clickhouseFile)).toEqual(keeper.connection());
    expect(readFileSync(path.join(directory.clickhouse, 'users.xml'), 'utf8')).not.toContain(
      keeper.connection().users.writer.password,
    );
    await keeper.stop();
    expect(existsSync(directory.clickhouseFile)).toBe(false);
  });

  test('stops within five seconds while connections are kept alive, and keeps passwords and data', async () => {
    const first = await keep();
    const writer = client(first, 'writer');
    await Promise.all(Array.from({ length: 8 }, async () => await writer.insertBlock('tacit.events', [anEvent()])));
    const stopping = performance.now();
    await first.stop();
    expect(performance.now() - stopping).toBeLessThan(5000);
    const second = await keep();
    expect(second.connection().users).toEqual(first.connection().users);
    expect(await count(client(second, 'reporter'))).toBe(8);
    await second.stop();
  });

  test('starts a killed server again on the same port', async () => {
    const keeper = await keep();
    const reporter = client(keeper, 'reporter');
    const before = keeper.serverPid() ?? 0;
    process.kill(before, 'SIGKILL');
    await eventually(async () => keeper.serverPid() !== before && (await reporter.ping()), 20_000);
    expect(await count(reporter)).toBe(0);
    await keeper.stop();
  });

  test('gives up after five deaths within a minute, with one clear line', async () => {
    const keeper = await keep();
    let failure: unknown;
    keeper.failed.catch((error: unknown) => (failure = error));
    let last = 0;
    await eventually(() => {
      const pid = keeper.serverPid() ?? 0;
      if (pid !== last && isAlive(pid)) {
        process.kill(pid, 'SIGKILL');
        last = pid;
      }
      return failure !== undefined;
    }, 55_000);
    expect(failure).toBeInstanceOf(StartError);
    expect((failure as Error).message).toBe('The embedded ClickHouse died five times within a minute.');
    await keeper.stop();
  });

  test('makes an analyst for a project that is added while it runs', async () => {
    const keeper = await keep();
    const project = { id: 'acme', hashKey: { value: 'a hash key of some length' } };
    await writeFile(directory.projectsFile, JSON.stringify({ version: 1, projects: [project] }));
    await eventually(() => keeper.connection().users.analysts['acme'] !== undefined, 20_000);
    const { url, database, users } = keeper.connection();
    const analyst = createClickHouse({ url, database, ...(users.analysts['acme'] ?? users.writer) });
    clients.push(analyst);
    expect(await count(analyst)).toBe(0);
    await keeper.stop();
  });

  test('refuses a directory that another one keeps', async () => {
    const keeper = await keep();
    await expect(keep({ waitMs: 300 })).rejects.toThrow(StartError);
    await keeper.stop();
  });

  test('refuses a port that another program has, in one line that names it', async () => {
    const other = await startTestClickHouse({ migrated: false });
    const port = Number(new URL(other.url).port);
    await expect(keep({ port, waitMs: 1000 })).rejects.toThrow(
      `port ${port} on 127.0.0.1 is taken by another program: set TACIT_CLICKHOUSE_PORT`,
    );
    await other.stop();
  });
});

describe('a process that is killed', () => {
  test('takes its server with it within three seconds, and a new start waits for that', async () => {
    const { child } = await openInProcess();
    const keeperPid = child.pid ?? 0;
    const [server] = childrenOf(keeperPid);
    expect(server).toBeGreaterThan(0);
    child.kill('SIGKILL');
    const [keeper, goneAfterMs] = await Promise.all([keep(), eventually(() => !isAlive(server ?? 0), 10_000)]);
    expect(goneAfterMs).toBeLessThan(3000);
    expect(await client(keeper, 'reporter').ping()).toBe(true);
    await keeper.stop();
  });
});

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
}

describe('services that open ClickHouse by the data directory alone', () => {
  async function open(): Promise<OpenedClickHouse> {
    const config = readConfig(clickHouseConfigSchema, { TACIT_DATA_DIR: directory.root, TACIT_CLICKHOUSE_PORT: '0' });
    return await openClickHouse({ config, role: 'reporter', log });
  }

  test('find each other, and one takes over when the keeper is killed', async () => {
    const { child, url } = await openInProcess();
    const opened = await open();
    expect(opened.clickhouse.connection.url).toBe(url);
    expect(await count(opened.clickhouse)).toBe(0);
    child.kill('SIGKILL');
    await eventually(
      async () =>
        await count(opened.clickhouse).then(
          () => opened.clickhouse.connection.url !== url,
          () => false,
        ),
      20_000,
    );
    expect((await readConnectionFile(directory.clickhouseFile))?.pid).toBe(process.pid);
    await opened.close();
    expect(existsSync(directory.clickhouseFile)).toBe(false);
  });

  test('four that start at once agree on one server', async () => {
    const [opened, ...others] = await Promise.all([open(), openInProcess(), openInProcess(), openInProcess()]);
    for (const { url } of others) expect(url).toBe(opened.clickhouse.connection.url);
    await opened.close();
  });

  test('of three the two that are left agree on the one that takes over', async () => {
    const { child, url } = await openInProcess();
    const [first, second] = await Promise.all([open(), open()]);
    child.kill('SIGKILL');
    const moved = async ({ clickhouse }: OpenedClickHouse) =>
      clickhouse.connection.url !== url && (await clickhouse.ping());
    await eventually(async () => (await moved(first)) && (await moved(second)), 12_000);
    expect(first.clickhouse.connection.url).toBe(second.clickhouse.connection.url);
    await Promise.all([first.close(), second.close()]);
  });
});

test('with CLICKHOUSE_URL no server is started, and the account must be given', async () => {
  const env = { TACIT_DATA_DIR: directory.root, CLICKHOUSE_URL: 'http://127.0.0.1:1' };
  const open = async (over: Record<string, string>) =>
    await openClickHouse({ config: readConfig(clickHouseConfigSchema, { ...env, ...over }), role: 'writer', log });
  await expect(open({})).rejects.toThrow(/CLICKHOUSE_WRITER_USER/);
  const opened = await open({ CLICKHOUSE_WRITER_USER: 'w', CLICKHOUSE_WRITER_PASSWORD: 'x' });
  expect(await opened.clickhouse.ping()).toBe(false);
  expect(existsSync(dataDir(directory.root).clickhouse)).toBe(false);
  await opened.close();
});
