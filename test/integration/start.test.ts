// npm start as a user has it: what is ready, what a stop leaves, what comes back after kills, and what is said when it cannot go on.
import { readFileSync, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startInstance, tryKill, type Instance } from '../support/instance.js';
import { expectStored, sendBatch } from '../support/instance-events.js';
import { eventually } from '../support/eventually.js';
import { startTestClickHouse } from '../support/clickhouse.js';
import { ensureDataDir } from '../../shared/runtime/data-dir.js';
import { ensureDemoProjects } from '../../scripts/supervisor/demo-projects.js';
import { startService } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { planBatch } from '../support/load-plan.js';

const STOP_MAX_MS = 10_000;

describe('with the embedded ClickHouse', () => {
  let instance: Instance;
  beforeAll(async () => {
    instance = await startInstance();
  });
  afterAll(async () => {
    await instance.dispose();
  });

  test('run.json names everything, only its owner reads it, and every address answers', async () => {
    const { run } = instance;
    expect(run.pid).toBe(instance.pid);
    expect(run.project?.id).toBe('demo');
    expect(statSync(path.join(instance.dataDir, 'run.json')).mode & 0o777).toBe(0o600);
    expect(statSync(instance.dataDir).mode & 0o777).toBe(0o700);
    for (const address of [run.collector, run.reporter]) {
      expect((await fetch(`${address}/healthz`)).status).toBe(200);
      expect((await fetch(`${address}/readyz`)).status).toBe(200);
    }
    expect((await fetch(run.demo ?? '')).status).toBe(200);
    const link = await fetch(`${run.reporter}/?token=${run.project?.readToken}`, { redirect: 'manual' });
    const cookie = link.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${run.reporter}/`, { headers: { cookie } })).status).toBe(200);
    expect((await fetch(`${run.reporter}/`)).status).toBe(401);
    for (const line of [run.demo, run.reporter, run.clickhouse.url, run.clickhouse.analyst?.user])
      await instance.says(String(line));
  });

  test('no key, token or password stands in a log', () => {
    const { project, clickhouse } = instance.run;
    const secrets = [
      project?.readToken,
      project?.serverKey,
      project?.signingSecret,
      project?.writeKey,
      clickhouse.analyst?.password,
    ];
    for (const name of ['collector', 'sink', 'reporter', 'demo']) {
      const log = readFileSync(path.join(instance.dataDir, 'logs', `${name}.log`), 'utf8');
      for (const secret of secrets) expect(log).not.toContain(secret);
    }
  });

  test('a killed service or ClickHouse comes back under its address, and what was acknowledged is stored', async () => {
    for (const [index, kind] of (['collector', 'sink', 'reporter', 'demo', 'clickhouse'] as const).entries()) {
      const ids = await sendBatch(instance, index);
      const [pid = 0] = instance.pids(kind);
      tryKill(pid);
      await eventually(
        async () => instance.pids(kind),
        (pids) => pids.some((other) => other !== pid),
      );
      await expectStored(instance, ids);
    }
    for (const address of [instance.run.collector, instance.run.reporter, instance.run.demo]) {
      const status = async () =>
        await fetch(address ?? '').then(
          (response) => response.status,
          () => 0,
        );
      await eventually(status, (code) => code > 0 && code < 500);
    }
  });

  test('a second start in the same data directory is refused in one line while the first runs', async () => {
    const { code, output } = await instance.second();
    expect(code).toBe(1);
    expect(output).toMatch(/supervisor\.lock is held by process \d+/);
  });

  test('a stop takes under 10 s, removes run.json, leaves no process, and the next start finds all data', async () => {
    const ids = await sendBatch(instance, 100);
    const pids = (['collector', 'sink', 'reporter', 'demo', 'clickhouse'] as const).flatMap((kind) =>
      instance.pids(kind),
    );
    const { code, ms } = await instance.stop();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_MAX_MS);
    expect(existsSync(path.join(instance.dataDir, 'run.json'))).toBe(false);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
    await instance.start();
    await expectStored(instance, ids);
  });

  test('a kill of everything at once loses nothing that was acknowledged', async () => {
    const ids = await sendBatch(instance, 200);
    await instance.killAll();
    await instance.start();
    await expectStored(instance, ids);
  });

  test('a port that another program keeps ends everything with one clear line and exit code 1', async () => {
    await instance.stop();
    const port = Number(instance.ports['TACIT_REPORTER_PORT']);
    const taker = createServer().listen(port, '127.0.0.1');
    try {
      const { code, output } = await instance.second();
      expect(code).toBe(1);
      expect(output).toContain(`reporter cannot start: port ${port} on 127.0.0.1 is taken by another program`);
    } finally {
      taker.close();
    }
    await instance.start();
  });
});

test('with CLICKHOUSE_URL an outside ClickHouse is migrated and used, and none is started', async () => {
  const outside = await startTestClickHouse({ projects: ['demo', 'traffic'], migrated: false });
  const { migrator, writer, reporter } = outside.connections;
  const instance = await startInstance({
    env: {
      CLICKHOUSE_URL: outside.url,
      CLICKHOUSE_MIGRATOR_USER: migrator.user,
      CLICKHOUSE_MIGRATOR_PASSWORD: migrator.password,
      CLICKHOUSE_WRITER_USER: writer.user,
      CLICKHOUSE_WRITER_PASSWORD: writer.password,
      CLICKHOUSE_REPORTER_USER: reporter.user,
      CLICKHOUSE_REPORTER_PASSWORD: reporter.password,
      CLICKHOUSE_ANALYST_USER: 'tacit_analyst',
      CLICKHOUSE_ANALYST_PASSWORD: outside.analystOf('demo').password,
    },
  });
  try {
    expect(instance.run.clickhouse.url).toBe(outside.url);
    expect(instance.pids('clickhouse')).toEqual([]);
    await expectStored(instance, await sendBatch(instance, 1));
  } finally {
    await instance.dispose();
    await outside.stop();
  }
});

test('services that are started alone find each other and one ClickHouse through the data directory', async () => {
  const { dir, remove } = makeTempDir('alone');
  const layout = ensureDataDir(dir);
  const { demo } = await ensureDemoProjects(layout.projectsFile, layout.secretsFile, []);
  const env = {
    PATH: process.env['PATH'] ?? '',
    TACIT_DATA_DIR: dir,
    TACIT_COLLECTOR_PORT: '0',
    TACIT_REPORTER_PORT: '0',
    TACIT_CLICKHOUSE_PORT: '0',
    TACIT_ROLLUP_CRON: '* * * * * *',
  };
  const [sink, reporter, collector] = await Promise.all([
    startService('sink', env),
    startService('reporter', env),
    startService('collector', env),
  ]);
  try {
    const { body, generations } = planBatch(1, 1, 3, Date.now());
    const response = await fetch(`http://127.0.0.1:${String(collector.ready['port'])}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${demo?.writeKey}` },
      body: JSON.stringify({ ...body, sentAt: Date.now() }),
    });
    expect(response.status).toBe(202);
    const shown = async () => {
      const answer = await fetch(`http://127.0.0.1:${String(reporter.ready['port'])}/api/rates?project=demo`, {
        headers: { authorization: `Bearer ${demo?.readToken}` },
      });
      const { rates } = (await answer.json()) as { rates: { soFar: { shown: number } }[] };
      return rates.reduce((sum, cell) => sum + cell.soFar.shown, 0);
    };
    expect(await eventually(shown, (n) => n === generations.length)).toBe(generations.length);
  } finally {
    await Promise.all([collector.stop(), sink.stop(), reporter.stop()]);
    remove();
  }
});
