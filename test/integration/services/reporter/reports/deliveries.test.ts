// Reports on their way: a real ClickHouse for the ledger, a real HTTP server and a real mail server for what is received, a real
// disk. The clock is the test's, so that pauses of hours cost nothing.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readStoredJson, readStoredReport } from '../../../../../services/reporter/reports/ledger.js';
import { reportHtml } from '../../../../../services/reporter/reports/render/report-html.js';
import { reportMarkdown } from '../../../../../services/reporter/reports/render/report-markdown.js';
import { reportSlackBody } from '../../../../../services/reporter/reports/render/report-slack.js';
import { reportSubject } from '../../../../../services/reporter/reports/render/report-words.js';
import type { Report } from '../../../../../services/reporter/reports/report.js';
import { signatureOf } from '../../../../../services/reporter/deliver/signature.js';
import {
  openHttpReceiver,
  openMailReceiver,
  type HttpReceiver,
  type MailReceiver,
} from '../../../../support/alert-receiver.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';
import { definitionOf, openReportStage, type ReportStage } from '../../../../support/report-stage.js';

const SECRET = 'a secret of a test, long enough';
const TOKEN = 'T0KEN-in-the-path';
const SLOT = '2040-01-03T06:00:00Z';

let server: TestClickHouse;
let hook: HttpReceiver;
let mail: MailReceiver;
let stage: ReportStage;
let project = '';
let numbered = 0;

beforeAll(async () => {
  server = await startTestClickHouse();
});
afterAll(async () => {
  await server.stop();
});
beforeEach(async () => {
  hook = await openHttpReceiver();
  mail = await openMailReceiver();
  numbered += 1;
  project = `shop${numbered}`;
});
afterEach(async () => {
  await hook.close();
  await mail.close();
  stage.close();
  expect(stage.logged.join('\n')).not.toMatch(/T0KEN|a secret of a test|127\.0\.0\.1|@example|said by/);
  const rows = await server.reporter.query<{ row: string }>(
    `SELECT concat(target, detail, owner) AS row FROM report_runs WHERE project_id = {project:String}`,
    { project },
  );
  expect(JSON.stringify(rows)).not.toMatch(/T0KEN|a secret of a test|127\.0\.0\.1|@example|said by/);
});

const webhook = { kind: 'webhook', name: 'ops', url: { env: 'HOOK' }, secret: { value: SECRET } };
const slack = { kind: 'slack', name: 'team', url: { env: 'SLACK' } };
const email = { kind: 'email', name: 'lead', to: 'lead@example.com' };

function open(...targets: object[]): ReportStage {
  stage = openReportStage({
    clickhouse: server.reporter,
    project,
    definitions: [definitionOf({ targets })],
    delivery: {
      env: { HOOK: `${hook.url}/${TOKEN}`, SLACK: `${hook.url}/slack/${TOKEN}` },
      mailServer: { url: mail.url, from: 'Tacit <tacit@example.com>' },
    },
  });
  return stage;
}

/** A runner that has seen the report before its first slot. */
async function seen() {
  const runner = stage.runner();
  await runner.at('2040-01-02T09:00:00Z');
  return runner;
}

async function stored(): Promise<Report> {
  const report = await readStoredReport(server.reporter, { project, report: 'daily', slot: Date.parse(SLOT) });
  if (report === undefined) throw new Error('nothing is stored');
  return report;
}

const storedJson = async () =>
  (await readStoredJson(server.reporter, { project, report: 'daily', slot: Date.parse(SLOT) })) ?? '';

/** Attempts of a target, without its claim. */
async function attempts(target: string): Promise<string[]> {
  const steps = await stage.steps(project, target);
  return steps.filter((step) => !step.includes('claimed')).map((step) => step.split(' ').slice(3).join(' '));
}

describe('a mail', () => {
  test('has text, HTML, the whole page as a file, and headers by which machines know it', async () => {
    open(email);
    await (await seen()).at(SLOT);
    const report = await stored();
    expect(mail.mails).toHaveLength(1);
    const [got] = mail.mails;
    expect(got?.subject).toBe(reportSubject(report));
    expect(got?.from?.text).toBe('"Tacit" <tacit@example.com>');
    expect([got?.to].flat()[0]?.text).toBe('lead@example.com');
    expect(got?.text?.trim()).toBe(reportMarkdown(report).trim());
    expect(String(got?.html).trim()).toBe(reportHtml(report, 'mail').trim());
    expect(got?.attachments.map(({ filename, contentType }) => [filename, contentType])).toEqual([
      ['daily-2040-01-03T06-00-00Z.html', 'text/html'],
    ]);
    expect(got?.attachments[0]?.content.toString('utf8')).toBe(reportHtml(report, 'page'));
    expect(got?.messageId).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
    expect(got?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(got?.headers.get('x-tacit-report')).toBe(report.id);
    expect(JSON.stringify(got?.headers.get('list'))).toContain(`daily.${project}.reports.example.com`);
  });

  test('that was read whole and then not taken comes again as the same mail', async () => {
    mail.endings = [451];
    open(email);
    const runner = await seen();
    await runner.at(SLOT);
    expect((await attempts('email:lead')).at(-1)).toBe('1 waiting the mail server did not take it now (451)');
    await runner.at('2040-01-03T06:02:10Z');
    const [first, second] = mail.mails;
    expect(mail.mails).toHaveLength(2);
    expect(first?.messageId).toMatch(/^<[0-9a-f]{32}@/);
    expect(second?.messageId).toBe(first?.messageId);
    expect([first?.subject, first?.html, first?.text]).toEqual([second?.subject, second?.html, second?.text]);
  });

  test('that is put off is tried again after its pause, and others have a Message-ID of their own', async () => {
    mail.refusals = [451, 550];
    open(email, { ...email, name: 'wrong' }, { ...email, name: 'team' });
    const runner = await seen();
    await runner.at(SLOT);
    await runner.at('2040-01-03T06:00:50Z');
    const waiting = (
      await Promise.all(['lead', 'wrong', 'team'].map(async (name) => await attempts(`email:${name}`)))
    ).flat();
    expect(waiting.filter((step) => step.includes('waiting'))).toEqual([
      '1 waiting the mail server did not take it now (451)',
    ]);
    expect(waiting.filter((step) => step.includes('failed'))).toEqual([
      '1 failed the mail server refused it (550, the recipient or the sender)',
    ]);
    expect(mail.mails).toHaveLength(1);
    await runner.at('2040-01-03T06:01:10Z');
    await runner.at('2040-01-03T06:02:10Z');
    expect(mail.mails).toHaveLength(2);
    expect(new Set(mail.mails.map(({ messageId }) => messageId)).size).toBe(2);
  });

  test('waits while the server is down or none is configured, and is the same when it goes out', async () => {
    const port = Number(new URL(mail.url).port);
    open(email);
    await mail.close();
    await (await seen()).at(SLOT);
    expect((await attempts('email:lead')).at(-1)).toMatch(/^1 waiting the connection/);
    const without = { env: {}, mailServer: undefined, now: () => 0, reportsDirectory: stage.directory };
    await stage.runner({ delivery: without }).at('2040-01-03T06:02:00Z');
    expect((await attempts('email:lead')).at(-1)).toBe('2 waiting TACIT_SMTP_URL and TACIT_SMTP_FROM are not set');
    mail = await openMailReceiver(port);
    await stage.runner().at('2040-01-03T06:10:00Z');
    expect(mail.mails[0]?.text?.trim()).toBe(reportMarkdown(await stored()).trim());
  });
});

describe('a webhook', () => {
  test('gets the stored JSON byte for byte, signed, with the id of the report as its key, until it takes it', async () => {
    hook.answers = [{ status: 500 }, 'cut'];
    open(webhook);
    const runner = await seen();
    for (const time of ['06:00:00', '06:01:30', '06:04:30', '06:10:00']) await runner.at(`2040-01-03T${time}Z`);
    expect(await attempts('webhook:ops')).toEqual([
      '1 sending',
      '1 waiting answered 500',
      '2 sending',
      '2 waiting the connection was cut',
      '3 sending',
      '3 sent answered 200',
    ]);
    const json = await storedJson();
    expect(hook.received.map(({ body }) => body)).toEqual([json, json, json]);
    const { id } = await stored();
    for (const { headers, body, path: asked } of hook.received) {
      expect(asked).toBe(`/${TOKEN}`);
      expect(headers['idempotency-key']).toBe(id);
      const signature = String(headers['tacit-signature']);
      expect(signature).toBe(signatureOf(body, SECRET, Number(/^t=(\d+),/.exec(signature)?.[1])));
    }
  });

  test('that is dead holds up no other target, is given up, logged at error once, and counted until it takes one', async () => {
    hook.answers = Array.from({ length: 6 }, () => ({ status: 503 }));
    open(webhook, email, { kind: 'file', name: 'files' });
    const runner = await seen();
    for (const time of ['06:00:00', '06:01:30', '06:04:30', '06:12:00']) await runner.at(`2040-01-03T${time}Z`);
    expect((await attempts('webhook:ops')).at(-1)).toBe('3 abandoned answered 503; given up after 3 attempts');
    expect(await attempts('email:lead')).toEqual(['1 sending', '1 sent the mail server took it']);
    expect(await attempts('file:files')).toEqual(['1 sending', '1 sent 3 files']);
    for (const time of ['06:00:00', '06:01:30', '06:04:30', '06:12:00']) await runner.at(`2040-01-04T${time}Z`);
    expect(hook.received).toHaveLength(6);
    expect(mail.mails).toHaveLength(2);
    expect(stage.logged.filter((line) => line.includes('"level":50'))).toHaveLength(1);
    expect(await runner.metrics()).toContain('tacit_reporter_report_dead_targets 1');
    expect(await runner.metrics()).toMatch(/report_deliveries_total\{result="abandoned",kind="webhook"\} 2/);
    await runner.at('2040-01-05T06:00:00Z');
    expect(await runner.metrics()).toContain('tacit_reporter_report_dead_targets 0');
    expect(await runner.metrics()).toContain('tacit_reporter_report_open_deliveries 0');
  });

  test('that never answers costs no more than the bound of an attempt', async () => {
    hook.answers = ['silence'];
    open(webhook);
    const delivery = {
      env: { HOOK: hook.url },
      mailServer: undefined,
      now: () => 0,
      reportsDirectory: stage.directory,
    };
    const runner = stage.runner({ delivery: { ...delivery, timeoutMs: 200 } });
    await runner.at('2040-01-02T09:00:00Z');
    await runner.at(SLOT);
    expect((await attempts('webhook:ops')).at(-1)).toMatch(/^1 waiting no complete answer within/);
  });
});

test('Slack gets its blocks', async () => {
  open(slack);
  await (await seen()).at(SLOT);
  expect(hook.received.map(({ path: asked, body }) => [asked, body])).toEqual([
    [`/slack/${TOKEN}`, reportSlackBody(await stored())],
  ]);
});

describe('files', () => {
  test('are written where the target says, in the formats that it names', async () => {
    const { directory } = open();
    stage.close();
    const folder = path.join(directory, 'shared');
    open({ kind: 'file', name: 'disk', directory: folder, formats: ['md', 'html'] });
    await (await seen()).at(SLOT);
    const place = path.join(folder, project, 'daily');
    expect(readdirSync(place).sort()).toEqual(['2040-01-03T06-00-00Z.html', '2040-01-03T06-00-00Z.md']);
    const report = await stored();
    expect(readFileSync(path.join(place, '2040-01-03T06-00-00Z.html'), 'utf8')).toBe(reportHtml(report, 'page'));
    expect(readFileSync(path.join(place, '2040-01-03T06-00-00Z.md'), 'utf8')).toBe(reportMarkdown(report));
    rmSync(folder, { recursive: true });
  });

  test('wait while their folder cannot be written, and nothing is left half written', async () => {
    const folder = path.join(open().directory, 'in-the-way');
    stage.close();
    open({ kind: 'file', name: 'disk', directory: folder });
    mkdirSync(path.dirname(folder), { recursive: true });
    writeFileSync(folder, 'a file');
    const runner = await seen();
    await runner.at(SLOT);
    expect((await attempts('file:disk')).at(-1)).toBe('1 waiting a file stands where the folder should be');
    rmSync(folder);
    mkdirSync(folder);
    chmodSync(folder, 0o755);
    await runner.at('2040-01-03T06:05:00Z');
    expect((await attempts('file:disk')).at(-1)).toBe('2 sent 3 files');
    expect(readdirSync(path.join(folder, project, 'daily'))).toHaveLength(3);
    rmSync(path.dirname(folder), { recursive: true });
  });
});
