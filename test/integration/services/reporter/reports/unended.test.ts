// A report that takes its process with it: real processes run out of memory while they make it, and a real ClickHouse remembers how
// often. At the limit it is made after all, one past it its slot ends as failed, and people can make it by hand. So with deliveries
// whose processes are killed.
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRuns } from '../../../../../services/reporter/reports/ledger.js';
import { UNENDED_RENDERS_MAX } from '../../../../../services/reporter/reports/plan.js';
import { runWords } from '../../../../../services/reporter/web/archive-words.js';
import { createClickHouse } from '../../../../../shared/runtime/clickhouse.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { eventually } from '../../../../support/eventually.js';
import { FaultProxy } from '../../../../support/fault-proxy.js';
import type { ReportProcessTask } from '../../../../support/report-process.js';
import { definitionOf, openReportStage } from '../../../../support/report-stage.js';
import { testProject } from '../../../../support/reporter.js';
import { runEntry, type Running } from '../../../../support/run-entry.js';
import { makeTempDir } from '../../../../support/temp-dir.js';

const DAY_MS = 86_400_000;
/** Yesterday: a slot that `npm run report` knows has come. */
const DAY = new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
const SLOT = Date.parse(`${DAY}T06:00:00Z`);
const definitions = [definitionOf({ cron: '0 6 * * *', targets: [] })];
const DIED = 'the process that made it stopped';

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});

async function start(project: string, at: number, endless: boolean) {
  const task: ReportProcessTask = {
    ...{ connection: server.connections.reporter, project, definitions, endless },
    ...{ at: new Date(at).toISOString(), leaseMs: 2000 },
  };
  const execArgv = endless ? ['--max-old-space-size=48'] : [];
  return await runEntry(['test', 'support', 'report-process.js'], [JSON.stringify(task)], { env: {}, execArgv }).end;
}

async function steps(project: string, target = ''): Promise<string[]> {
  const rows = await server.reporter.query<{ step: string }>(
    `SELECT trimRight(concat(toString(attempt), ' ', toString(status), ' ', detail)) AS step FROM report_runs
     WHERE project_id = {project:String} AND edition > 0 AND target = {target:String} ORDER BY slot, attempt, report_runs.status`,
    { project, target },
  );
  return rows.map(({ step }) => step);
}

/** Processes die until so many attempts began: each is started again, and comes to its turn when the lease of the dead one ran out. */
async function dieTimes(project: string, times: number): Promise<void> {
  expect((await start(project, SLOT - DAY_MS / 2, true)).code).toBe(0);
  let at = SLOT;
  await eventually(
    async () => {
      const before = await steps(project);
      const { signal, said } = await start(project, (at += 600_000), true);
      const begun = (await steps(project)).length - before.length;
      // without a turn it ends by itself; with one it dies, by nobody's order but its own
      if (signal !== null) expect([signal, /heap out of memory/.test(said)]).toEqual(['SIGABRT', true]);
      else expect(begun).toBeLessThanOrEqual(1);
      return await steps(project);
    },
    (found) => found.filter((step) => step.endsWith('sending')).length === times,
    120_000,
  );
}

function deaths(times: number): string[] {
  return Array.from({ length: times }, (_, index) => [`${index + 1} sending`, `${index + 1} unknown ${DIED}`]).flat();
}

test('a report whose process ran out of memory once less than is allowed is made by the next one', async () => {
  const times = UNENDED_RENDERS_MAX - 1;
  await dieTimes('spared', times);
  await eventually(
    async () => {
      expect((await start('spared', SLOT + DAY_MS / 2, false)).code).toBe(0);
      return await steps('spared');
    },
    (found) => found.some((step) => step.includes('unknown')) && found.length === 1 + 2 * times,
    60_000,
  );
  expect((await start('spared', SLOT + DAY_MS / 2 + 600_000, false)).code).toBe(0);
  expect(await steps('spared')).toEqual([
    '0 claimed',
    ...deaths(times),
    `${times + 1} rendered`,
    `${times + 1} sending`,
  ]);
}, 240_000);

test('one whose process ran out of memory as often as is allowed is given up in words, and people can make it by hand', async () => {
  const times = UNENDED_RENDERS_MAX;
  await dieTimes('doomed', times);
  const stage = openReportStage({ clickhouse: server.reporter, project: 'doomed', definitions });
  const { dir, remove } = makeTempDir('report-unended');
  try {
    const runner = stage.runner({ leaseMs: 2000 });
    const pass = async () => {
      await runner.at(new Date(SLOT + DAY_MS / 2).toISOString());
      return await steps('doomed');
    };
    const after = await eventually(pass, (found) => found.some((step) => step.includes('failed')), 60_000);
    const why = `the process that made it stopped during each of ${times} attempts, perhaps because of it`;
    const expected = ['0 claimed', ...deaths(times - 1), `${times} sending`, `${times} failed ${why}`];
    expect(after).toEqual(expected);
    expect(await pass()).toEqual(expected);
    expect(await runner.metrics()).toContain('tacit_reporter_report_runs_total{result="failed"} 1');
    expect(await runner.metrics()).toContain('tacit_reporter_report_dead_runs 1');
    expect(await runner.metrics()).toContain('tacit_reporter_report_open_runs 0');
    expect(stage.logged.filter((line) => line.includes('"level":50'))).toHaveLength(1);
    const [given] = await readRuns(server.reporter, 'doomed', 10);
    expect(given && runWords(given)).toBe(`Never made: ${why}.`);

    const { code, said } = await byHand(dir);
    expect(code, said).toBe(0);
    const [run] = await readRuns(server.reporter, 'doomed', 10);
    expect([run?.status, run?.editions.map(({ edition }) => edition)]).toEqual(['rendered', [1]]);
    await pass();
    expect(await runner.metrics()).toContain('tacit_reporter_report_dead_runs 0');
  } finally {
    stage.close();
    remove();
  }
}, 240_000);

const hookTarget = {
  kind: 'webhook',
  name: 'ops',
  url: { env: 'HOOK' },
  secret: { value: 'a secret of a test, long enough' },
};

test.each([
  [2, '3 sent answered 200'],
  [3, '3 abandoned no certain end after 3 attempts'],
])(
  'a delivery whose process is killed %i times of three ends as: %s',
  async (kills, end) => {
    const keys = new Set<unknown>();
    let [got, sender] = [0, undefined as Running | undefined];
    const hook = http.createServer((request, response) => {
      keys.add(request.headers['idempotency-key']);
      got += 1;
      if (got <= kills) sender?.child.kill('SIGKILL');
      else response.end();
    });
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
    const env = { HOOK: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/` };
    const project = `killed${kills}`;
    const pass = async (at: number) => {
      const task: ReportProcessTask = {
        ...{ connection: server.connections.reporter, project, leaseMs: 2000, pausesS: [1, 1] },
        ...{ definitions: [definitionOf({ targets: [hookTarget] })], at: new Date(at).toISOString() },
      };
      sender = runEntry(['test', 'support', 'report-process.js'], [JSON.stringify(task)], { env });
      await sender.end;
      return (await steps(project, 'webhook:ops')).at(-1) ?? '';
    };
    try {
      await pass(SLOT - DAY_MS / 2);
      const found = await eventually(
        async () => await pass(SLOT),
        (last) => last === end,
        120_000,
      );
      expect(found).toBe(end);
      await pass(SLOT + 600_000);
      expect([got, keys.size]).toEqual([3, 1]);
    } finally {
      sender?.child.kill('SIGKILL');
      hook.closeAllConnections();
      await new Promise((resolve) => hook.close(resolve));
    }
  },
  240_000,
);

test('an attempt whose end ClickHouse does not take at once has ended all the same', async () => {
  const proxy = new FaultProxy(Number(new URL(server.url).port));
  const url = `http://127.0.0.1:${await proxy.listen()}`;
  const clickhouse = createClickHouse({ ...server.connections.reporter, url });
  const stage = openReportStage({ clickhouse, project: 'cut', definitions });
  try {
    const build = async (): Promise<never> => {
      proxy.set('refuse');
      return await Promise.reject(new Error('no answer'));
    };
    const runner = stage.runner({ leaseMs: 2000, build });
    await runner.at(new Date(SLOT - DAY_MS / 2).toISOString());
    await expect(runner.at(new Date(SLOT).toISOString())).rejects.toThrow('cannot be reached');
    expect(await steps('cut')).toEqual(['0 claimed', '1 sending']);
    proxy.set('pass');
    await runner.at(new Date(SLOT + 1000).toISOString());
    expect(await steps('cut')).toEqual(['0 claimed', '1 sending', '1 waiting could not be stored']);
  } finally {
    stage.close();
    await clickhouse.close();
    await proxy.close();
  }
});

async function byHand(dir: string) {
  writeFileSync(path.join(dir, 'projects.json'), JSON.stringify({ version: 1, projects: [testProject('doomed')] }));
  const reports = [{ id: 'daily', cron: '0 6 * * *', windowDays: 7, targets: [] }];
  writeFileSync(path.join(dir, 'reports.json'), JSON.stringify({ version: 1, reports }));
  const { url, database, user, password } = server.connections.reporter;
  const env = {
    TACIT_DATA_DIR: dir,
    CLICKHOUSE_URL: url,
    CLICKHOUSE_DATABASE: database,
    CLICKHOUSE_REPORTER_USER: user,
    CLICKHOUSE_REPORTER_PASSWORD: password,
  };
  return await runEntry(['scripts', 'report.js'], ['--report', 'daily', '--at', DAY, '--recompute'], { env }).end;
}
