// Processes that make reports: one that is killed after a message and before its row in the ledger, several at the same time, and
// the one that people start by hand.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { appendRuns } from '../../../../../services/reporter/reports/ledger-rows.js';
import { readRuns, readStoredJson, readStoredReport } from '../../../../../services/reporter/reports/ledger.js';
import { newestSlot } from '../../../../../services/reporter/reports/slots.js';
import { reportSchema } from '../../../../../services/reporter/reports/report.js';
import { openHttpReceiver, openMailReceiver } from '../../../../support/alert-receiver.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { eventually } from '../../../../support/eventually.js';
import type { ReportProcessTask } from '../../../../support/report-process.js';
import { definitionOf } from '../../../../support/report-stage.js';
import { runEntry, type Running } from '../../../../support/run-entry.js';
import { startReporter, testProject } from '../../../../support/reporter.js';
import { makeTempDir } from '../../../../support/temp-dir.js';

const hookTarget = {
  kind: 'webhook',
  name: 'ops',
  url: { env: 'HOOK' },
  secret: { value: 'a secret of a test, long enough' },
};
const email = { kind: 'email', name: 'lead', to: 'lead@example.com' };

let server: TestClickHouse;
beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});

function startReports(url: string, task: Omit<ReportProcessTask, 'connection'>): Running {
  const whole: ReportProcessTask = { connection: server.connections.reporter, ...task };
  return runEntry(['test', 'support', 'report-process.js'], [JSON.stringify(whole)], { env: { HOOK: url } });
}

async function pass(url: string, task: Omit<ReportProcessTask, 'connection'>): Promise<void> {
  const { code, said } = await startReports(url, task).end;
  expect(code, said).toBe(0);
}

async function steps(project: string, target: string): Promise<string[]> {
  const rows = await server.reporter.query<{ step: string }>(
    `SELECT concat(toString(attempt), ' ', toString(status)) AS step FROM report_runs
     WHERE project_id = {project:String} AND target = {target:String} AND edition > 0 ORDER BY slot, attempt, report_runs.status`,
    { project, target },
  );
  return rows.map(({ step }) => step);
}

test('a process that is killed between the message and the ledger is followed by one that repeats it with the same key', async () => {
  const hook = await openHttpReceiver();
  const task = { project: 'killed', definitions: [definitionOf({ targets: [hookTarget] })], leaseMs: 3000 };
  await pass(hook.url, { ...task, at: '2040-01-02T09:00:00Z' });
  hook.answers = ['silence'];
  const doomed = startReports(hook.url, { ...task, at: '2040-01-03T06:00:00Z' });
  try {
    await eventually(
      async () => await Promise.resolve(hook.received.length),
      (n) => n === 1,
    );
    // the message is there; its sender does not live to write that down
    doomed.child.kill('SIGKILL');
    expect((await doomed.end).signal).toBe('SIGKILL');
    expect(await steps('killed', 'webhook:ops')).toEqual(['0 claimed', '1 sending']);
    // the lease of the dead one has to run out first
    await eventually(
      async () => {
        await pass(hook.url, { ...task, at: '2040-01-03T06:05:00Z' });
        return await steps('killed', 'webhook:ops');
      },
      (found) => found.includes('2 sent'),
      90_000,
    );
    expect(await steps('killed', 'webhook:ops')).toEqual([
      '0 claimed',
      '1 sending',
      '1 unknown',
      '2 sending',
      '2 sent',
    ]);
    expect(await steps('killed', '')).toEqual(['0 claimed', '1 rendered', '1 sending']);
    const [first, second, ...more] = hook.received;
    expect(more).toEqual([]);
    expect(second?.headers['idempotency-key']).toBe(first?.headers['idempotency-key']);
    expect(second?.body).toBe(first?.body);
  } finally {
    doomed.child.kill('SIGKILL');
    await hook.close();
  }
});

test('of three processes at the same time one acts: each report is made and arrives once', async () => {
  const [hook, mail] = [await openHttpReceiver(), await openMailReceiver()];
  try {
    const definitions = [
      definitionOf({ targets: [hookTarget, email] }),
      definitionOf({ id: 'second', targets: [hookTarget] }),
    ];
    const task = { project: 'racing', definitions, leaseMs: 60_000, mail: mail.url };
    await pass(hook.url, { ...task, at: '2040-01-02T09:00:00Z' });
    const race = { ...task, at: '2040-01-04T06:00:10Z', startAt: Date.now() + 4000 };
    await Promise.all([1, 2, 3].map(async () => await pass(hook.url, race)));
    await pass(hook.url, { ...task, at: '2040-01-04T06:01:00Z' });
    expect((await steps('racing', '')).sort()).toEqual([
      ...Array<string>(4).fill('0 claimed'),
      ...Array<string>(4).fill('1 rendered'),
      ...Array<string>(4).fill('1 sending'),
    ]);
    const keys = hook.received.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(4);
    expect(mail.mails).toHaveLength(2);
    expect(new Set(mail.mails.map(({ messageId }) => messageId)).size).toBe(2);
  } finally {
    await hook.close();
    await mail.close();
  }
});

test('a reporter as it runs makes what it owes, and shows it among its figures', async () => {
  const { dir, remove } = makeTempDir('report-files');
  const reportsFile = path.join(dir, 'reports.json');
  const target = { kind: 'file', name: 'shared', directory: path.join(dir, 'out'), formats: ['md'] };
  const reports = [{ id: 'daily', cron: '0 0 * * *', windowDays: 7, catchUpHours: 48, targets: [target] }];
  writeFileSync(reportsFile, JSON.stringify({ version: 1, reports }));
  const today = Math.floor(Date.now() / 86_400_000) * 86_400;
  const firstSeen = {
    project_id: 'live',
    report_id: 'daily',
    edition: 0,
    target: '',
    attempt: 0,
    owner: 'a test',
    detail: '',
  };
  await appendRuns(server.reporter, [{ ...firstSeen, slot: today - 3600, status: 'skipped' }]);
  const reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [testProject('live')],
    env: { TACIT_REPORTS_FILE: reportsFile, TACIT_REPORT_CRON: '* * * * * *' },
  });
  try {
    await eventually(
      async () => await steps('live', 'file:shared'),
      (found) => found.includes('1 sent'),
      90_000,
    );
    expect(readdirSync(path.join(dir, 'out', 'live', 'daily'))[0]).toMatch(/^\d{4}-\d\d-\d\dT00-00-00Z\.md$/);
    const [run] = await readRuns(server.reporter, 'live', 10);
    const stored = await readStoredReport(server.reporter, { project: 'live', report: 'daily', slot: run?.slot ?? 0 });
    expect(stored?.link).toContain(reporter.url);
    await eventually(
      async () => await (await fetch(`${reporter.url}/metrics`)).text(),
      (text) => /tacit_reporter_report_deliveries_total\{result="sent",kind="file"\} [12]/.test(text),
      90_000,
    );
  } finally {
    await reporter.stop();
    remove();
  }
});

describe('npm run report', () => {
  const { dir, remove } = makeTempDir('report-by-hand');
  afterAll(remove);
  const slot = () => newestSlot({ cron: '0 6 * * 1', timeZone: 'UTC' }, Date.now()) ?? 0;
  const day = () => new Date(slot()).toISOString().slice(0, 10);

  function startReport(...args: string[]): Running {
    const { url, database, user, password } = server.connections.reporter;
    writeFileSync(path.join(dir, 'projects.json'), JSON.stringify({ version: 1, projects: [testProject('hand')] }));
    const targets = [{ kind: 'file', name: 'files' }, email];
    const reports = [{ id: 'weekly', cron: '0 6 * * 1', windowDays: 28, targets }];
    writeFileSync(path.join(dir, 'reports.json'), JSON.stringify({ version: 1, reports }));
    const env = {
      TACIT_DATA_DIR: dir,
      CLICKHOUSE_URL: url,
      CLICKHOUSE_DATABASE: database,
      CLICKHOUSE_REPORTER_USER: user,
      CLICKHOUSE_REPORTER_PASSWORD: password,
    };
    return runEntry(['scripts', 'report.js'], args, { env });
  }
  const report = async (...args: string[]) => await startReport(...args).end;
  const weekly = ['--report', 'weekly'];
  const rows = async () => (await steps('hand', '')).length;

  test('previews a report and leaves nothing behind', async () => {
    const { code, out, said } = await report(...weekly, '--at', day(), '--preview', '--format', 'json');
    expect(code, said).toBe(0);
    expect(reportSchema.parse(JSON.parse(out)).slot).toBe(new Date(slot()).toISOString());
    expect(said).toContain('computed now, not stored');
    expect(await rows()).toBe(0);
    expect(readdirSync(dir)).not.toContain('reports');
  });

  test('ends well when who reads it leaves before the end', async () => {
    const running = startReport(...weekly, '--preview', '--format', 'html');
    running.child.stdout?.destroy();
    const { code, said } = await running.end;
    expect(code, said).toBe(0);
    expect(said).toMatch(/computed now, not stored\n$/);
  });

  test('says in one line what is not stored, and how to store it', async () => {
    const { code, out, said } = await report(...weekly, '--at', day());
    expect([code, out]).toEqual([1, '']);
    expect(said).toMatch(
      /^weekly of hand, slot \S+T06:00:00Z is not stored\. --recompute computes and stores it[^\n]*\n$/,
    );
  });

  test('stores a report, renders it the same way twice, and computes it again as a marked second edition', async () => {
    const first = await report(...weekly, '--recompute');
    expect(first.code, first.said).toBe(0);
    expect(first.said).toContain('file:files: sent, 3 files');
    expect(first.said).toContain('Not sent to 1 other target; --send would.');
    const html = [...weekly, '--at', day(), '--format', 'html'];
    const [once, twice] = [await report(...html), await report(...html)];
    expect(once.code, once.said).toBe(0);
    expect(twice.out).toBe(once.out);
    const second = await report(...weekly, '--recompute', '--format', 'json');
    expect(second.code, second.said).toBe(0);
    expect(reportSchema.parse(JSON.parse(second.out)).edition).toBe(2);
    const old = await report(...html, '--edition', '1');
    expect(old.out).toBe(once.out);
    const out = path.join(dir, 'kept.json');
    expect((await report(...weekly, '--out', out)).code).toBe(0);
    const stored = await readStoredJson(server.reporter, { project: 'hand', report: 'weekly', slot: slot() });
    expect(readFileSync(out, 'utf8')).toBe(`${stored}\n`);
    const stem = new Date(slot()).toISOString().slice(0, 19).replaceAll(':', '-');
    expect(readdirSync(path.join(dir, 'reports', 'hand', 'weekly')).sort()).toEqual(
      ['-edition-2.html', '-edition-2.json', '-edition-2.md', '.html', '.json', '.md'].map((end) => `${stem}Z${end}`),
    );
    const [run] = await readRuns(server.reporter, 'hand', 10);
    expect(run?.editions.map(({ edition }) => edition)).toEqual([1, 2]);
  });

  test('with --send leaves what a target does not take now to the reporter, and says so', async () => {
    const { code, said } = await report(...weekly, '--recompute', '--send');
    expect(code).toBe(1);
    expect(said).toContain('email:lead: TACIT_SMTP_URL and TACIT_SMTP_FROM are not set; the reporter tries again');
    expect(await steps('hand', 'email:lead')).toEqual(['0 claimed', '1 sending', '1 waiting']);
  });

  test.each([
    [['--report', 'monthly'], /^There is no report "monthly"\. There is: weekly\.\n$/],
    [[...weekly, '--project', 'gone'], /is not about a project "gone"/],
    [[...weekly, '--at', '2026-11-17'], /no slot at 2026-11-17 \(UTC\)\. The nearest are 2026-11-16T06:00:00Z and/],
  ])('refuses %j in one line', async (args, problem) => {
    const { code, said } = await report(...args);
    expect(code).toBe(1);
    expect(said).toMatch(problem);
    expect(said.trim().split('\n')).toHaveLength(1);
  });
});
