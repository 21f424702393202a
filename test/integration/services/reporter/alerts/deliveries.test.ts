// Alerts on their way: a real ClickHouse for the ledger, a real HTTP server and a real mail server for what is received.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { alertSchema, type AlertEvent } from '../../../../../services/reporter/alerts/alert.js';
import { createAlerter } from '../../../../../services/reporter/alerts/alerter.js';
import type { AlerterDependencies } from '../../../../../services/reporter/alerts/alerter-dependencies.js';
import { createAlertMetrics } from '../../../../../services/reporter/alerts/metrics.js';
import { signatureOf } from '../../../../../services/reporter/deliver/signature.js';
import type { AlertTarget } from '../../../../../shared/contract/alert-targets.js';
import { createMetrics } from '../../../../../shared/runtime/metrics.js';
import {
  openHttpReceiver,
  openMailReceiver,
  type HttpReceiver,
  type MailReceiver,
} from '../../../../support/alert-receiver.js';
import { numberedEvent } from '../../../../support/alerts.js';
import { startTestClickHouse, type TestClickHouse } from '../../../../support/clickhouse.js';

const SECRET = 'a secret of a test, long enough';
const TOKEN = 'T0KEN-in-the-path';
const TODAY = new Date().toISOString().slice(0, 10);
const signal = new AbortController().signal;

let server: TestClickHouse;
let hook: HttpReceiver;
let mail: MailReceiver;
let logged: string[] = [];
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
  logged = [];
  numbered += 1;
  project = `shop${numbered}`;
});
afterEach(async () => {
  await hook.close();
  await mail.close();
  expect(logged.join('\n')).not.toContain(TOKEN);
  expect(logged.join('\n')).not.toContain(SECRET);
  expect(logged.join('\n')).not.toContain('127.0.0.1');
  const rows = await server.reporter.query<{ row: string }>(
    `SELECT concat(target, detail, owner) AS row FROM alert_deliveries WHERE project_id = {project:String}`,
    { project },
  );
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${TOKEN}|${SECRET}|127\\.0\\.0\\.1|@example|said by`));
});

const webhook: AlertTarget = { kind: 'webhook', name: 'ops', url: { env: 'HOOK' }, secret: { value: SECRET } };
const slack: AlertTarget = { kind: 'slack', name: 'team', url: { env: 'SLACK' } };
const email: AlertTarget = { kind: 'email', name: 'lead', to: 'lead@example.com' };

function alerterOf(targets: AlertTarget[], events: AlertEvent[], differences: Partial<AlerterDependencies> = {}) {
  const registry = createMetrics();
  const stream = new Writable({ write: (chunk, _encoding, done) => (logged.push(String(chunk)), done()) });
  const alerter = createAlerter({
    clickhouse: server.reporter,
    projects: () => [{ id: project, alerts: { targets } }],
    readEvents: async () => await Promise.resolve(events),
    delivery: delivery(),
    metrics: createAlertMetrics(registry),
    log: pino(stream),
    pausesS: [0, 0],
    ...differences,
  });
  return { ...alerter, registry };
}

function delivery(differences: Partial<AlerterDependencies['delivery']> = {}): AlerterDependencies['delivery'] {
  return {
    env: { HOOK: `${hook.url}/${TOKEN}`, SLACK: `${hook.url}/slack/${TOKEN}` },
    mailServer: { url: mail.url, from: 'Tacit <tacit@example.com>' },
    now: () => Date.now(),
    ...differences,
  };
}

const one = () => [numberedEvent(1, TODAY, project)];

/** The steps of a target in the order of the ledger. */
async function steps(target: string): Promise<string[]> {
  const rows = await server.reporter.query<{ attempt: number; status: string; detail: string }>(
    `SELECT attempt, toString(status) AS status, detail FROM alert_deliveries
     WHERE project_id = {project:String} AND target = {target:String} ORDER BY alert_id, attempt, alert_deliveries.status`,
    { project, target },
  );
  return rows.map(({ attempt, status, detail }) => [attempt, status, detail].filter((part) => part !== '').join(' '));
}

describe('a webhook', () => {
  test('gets the alert once, signed, with its id as the key, however often it is looked for', async () => {
    const events = one();
    const alerter = alerterOf([webhook], events);
    await alerter.sendAlerts(signal);
    await alerter.sendAlerts(signal);
    await alerterOf([webhook], events).sendAlerts(signal);
    expect(hook.received).toHaveLength(1);
    const [{ headers, body, path } = { headers: {}, body: '', path: '' }] = hook.received;
    expect(path).toBe(`/${TOKEN}`);
    expect(alertSchema.parse(JSON.parse(body))).toEqual(events[0]?.alert);
    expect(headers['content-type']).toBe('application/json');
    expect(headers['idempotency-key']).toBe(events[0]?.alert.id);
    const signature = String(headers['tacit-signature']);
    const seconds = Number(/^t=(\d+),/.exec(signature)?.[1]);
    expect(signature).toBe(signatureOf(body, SECRET, seconds));
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(300);
    expect(await steps('webhook:ops')).toEqual(['0 claimed', '1 sending', '1 sent answered 200']);
  });

  test('that fails and is cut is tried again with the same key and the same bytes', async () => {
    hook.answers = [{ status: 500 }, 'cut'];
    const alerter = alerterOf([webhook], one());
    await alerter.sendAlerts(signal);
    await alerter.retryAlerts(signal);
    await alerter.retryAlerts(signal);
    expect(await steps('webhook:ops')).toEqual([
      '0 claimed',
      '1 sending',
      '1 waiting answered 500',
      '2 sending',
      '2 waiting the connection was cut',
      '3 sending',
      '3 sent answered 200',
    ]);
    expect(new Set(hook.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(hook.received.map(({ body }) => body)).size).toBe(1);
    expect(hook.received).toHaveLength(3);
  });

  test('that never takes it is given up after the last attempt, which is logged at error once and counted', async () => {
    hook.answers = Array.from({ length: 6 }, () => ({ status: 503 }));
    const alerter = alerterOf(
      [webhook],
      [1, 2].map((n) => numberedEvent(n, TODAY, project)),
    );
    for (let pass = 0; pass < 8; pass++) await alerter.sendAlerts(signal);
    expect((await steps('webhook:ops')).filter((step) => step.includes('abandoned'))).toEqual([
      '3 abandoned answered 503; given up after 3 attempts',
      '3 abandoned answered 503; given up after 3 attempts',
    ]);
    expect(hook.received).toHaveLength(6);
    expect(logged.filter((line) => line.includes('"level":50'))).toHaveLength(1);
    expect(await alerter.registry.metrics()).toContain('tacit_reporter_alert_dead_targets 1');
    expect(await alerter.registry.metrics()).toContain('tacit_reporter_alert_open_deliveries 0');
  });

  test('waits as long as it asks for', async () => {
    hook.answers = [{ status: 429, headers: { 'retry-after': '3600' } }];
    const alerter = alerterOf([webhook], one());
    await alerter.sendAlerts(signal);
    await alerter.retryAlerts(signal);
    expect(hook.received).toHaveLength(1);
    const [row] = await server.reporter.query<{ wait: string }>(
      `SELECT dateDiff('second', at, retry_at) AS wait FROM alert_deliveries WHERE project_id = {project:String} AND status = 'waiting'`,
      { project },
    );
    expect(Number(row?.wait)).toBeGreaterThan(3500);
    expect(Number(row?.wait)).toBeLessThanOrEqual(3601);
    expect(await alerter.registry.metrics()).toContain('tacit_reporter_alert_open_deliveries 1');
  });

  test.each([
    [{ status: 410 }, 'answered 410: the address is not there any more'],
    [
      { status: 302, headers: { location: '/elsewhere' } },
      'answered with a redirect (302), and redirects are not followed',
    ],
    [{ status: 400 }, 'answered 400'],
  ])('that refuses with %j fails at once', async (answer, detail) => {
    hook.answers = [answer];
    const alerter = alerterOf([webhook], one());
    await alerter.sendAlerts(signal);
    await alerter.sendAlerts(signal);
    expect(await steps('webhook:ops')).toEqual(['0 claimed', '1 sending', `1 failed ${detail}`]);
    expect(hook.received).toHaveLength(1);
    expect(await alerter.registry.metrics()).toContain('tacit_reporter_alert_dead_targets 1');
  });

  test('that never answers costs no more than the bound of an attempt', async () => {
    hook.answers = ['silence'];
    await alerterOf([webhook], one(), { delivery: delivery({ timeoutMs: 200 }) }).sendAlerts(signal);
    expect((await steps('webhook:ops')).at(-1)).toMatch(/^1 waiting no complete answer within/);
  });

  test('whose variables are not set waits for them', async () => {
    const events = one();
    await alerterOf([webhook], events, { delivery: delivery({ env: {} }) }).sendAlerts(signal);
    expect((await steps('webhook:ops')).at(-1)).toBe('1 waiting HOOK is not set to an http or https address');
    await alerterOf([webhook], events).retryAlerts(signal);
    expect((await steps('webhook:ops')).at(-1)).toBe('2 sent answered 200');
  });
});

describe('several targets', () => {
  test('each get an event once, and one that is away holds up no other', async () => {
    hook.answers = [{ status: 500 }];
    const alerter = alerterOf([{ ...webhook, url: { value: `${hook.url}/a` } }, email], one());
    await alerter.sendAlerts(signal);
    expect((await steps('webhook:ops')).at(-1)).toBe('1 waiting answered 500');
    expect((await steps('email:lead')).at(-1)).toBe('1 sent the mail server took it');
    await alerter.retryAlerts(signal);
    expect(mail.mails).toHaveLength(1);
    expect(hook.received).toHaveLength(2);
  });

  test('that are added later hear of events of the last days, and of older ones the ledger says that they were skipped', async () => {
    const old = new Date(Date.now() - 9 * 86_400_000).toISOString().slice(0, 10);
    await alerterOf([webhook, slack], [numberedEvent(1, old, project)]).sendAlerts(signal);
    expect(hook.received).toHaveLength(0);
    expect((await steps('slack:team')).join()).toMatch(
      /^0 skipped it is \d+ days old, and alerts are sent about the last 7 days$/,
    );
  });
});

test('Slack gets blocks with sentence, interval, n, persons and link', async () => {
  await alerterOf([slack], one()).sendAlerts(signal);
  const message = hook.received[0]?.body ?? '';
  expect(hook.received[0]?.path).toBe(`/slack/${TOKEN}`);
  for (const part of ['Event 1.', '−7.1 to −2.5 points', 'Generations: 12,345', 'Persons: 1,312', '|Open the page>'])
    expect(message).toContain(part);
  expect(hook.received[0]?.headers['tacit-signature']).toBeUndefined();
});

describe('mail', () => {
  test('has both parts, a subject, and a Message-ID that follows from the event', async () => {
    const events = one();
    await alerterOf([email], events).sendAlerts(signal);
    const [got] = mail.mails;
    expect(got?.messageId).toBe(`<${events[0]?.alert.id}@example.com>`);
    expect(got?.subject).toBe(`Tacit: summarise (${project}): version 8 is worse than version 7`);
    expect(got?.from?.text).toBe('"Tacit" <tacit@example.com>');
    expect([got?.to].flat()[0]?.text).toBe('lead@example.com');
    for (const part of [got?.text, got?.html])
      for (const words of ['Event 1.', '−7.1 to −2.5 points', '1,312', '2026-11-14']) expect(part).toContain(words);
    expect(got?.text).toContain(events[0]?.alert.link);
    expect(got?.html).toContain('Open the page');
    expect(got?.headers.get('auto-submitted')).toBe('auto-generated');
  });

  test('to a recipient who is refused for good fails at once', async () => {
    mail.refusals = [550];
    await alerterOf([email], one()).sendAlerts(signal);
    expect((await steps('email:lead')).at(-1)).toBe(
      '1 failed the mail server refused it (550, the recipient or the sender)',
    );
    expect(mail.mails).toHaveLength(0);
  });

  test('that is put off is tried again, with the same Message-ID', async () => {
    mail.refusals = [451];
    const alerter = alerterOf([email], one());
    await alerter.sendAlerts(signal);
    expect((await steps('email:lead')).at(-1)).toBe('1 waiting the mail server did not take it now (451)');
    await alerter.retryAlerts(signal);
    expect(mail.mails).toHaveLength(1);
  });

  test('waits while the server is down, and goes out when it is up', async () => {
    const port = Number(new URL(mail.url).port);
    await mail.close();
    const events = one();
    const alerter = alerterOf([email], events);
    await alerter.sendAlerts(signal);
    expect((await steps('email:lead')).at(-1)).toMatch(/^1 waiting the connection/);
    mail = await openMailReceiver(port);
    await alerter.retryAlerts(signal);
    expect(mail.mails.map(({ messageId }) => messageId)).toEqual([`<${events[0]?.alert.id}@example.com>`]);
  });

  test('without a server waits until one is configured', async () => {
    await alerterOf([email], one(), { delivery: delivery({ mailServer: undefined }) }).sendAlerts(signal);
    expect((await steps('email:lead')).at(-1)).toBe('1 waiting TACIT_SMTP_URL and TACIT_SMTP_FROM are not set');
  });

  test('signs in at a server of this machine without encryption', async () => {
    const port = new URL(mail.url).port;
    const url = `smtp://user:${TOKEN}@127.0.0.1:${port}`;
    await alerterOf([email], one(), { delivery: delivery({ mailServer: { url, from: 'a@example.com' } }) }).sendAlerts(
      signal,
    );
    expect(mail.mails).toHaveLength(1);
  });
});
