// The chain through a Kafka with TLS, sign-in and rights, told of them by the environment alone. What does not fit is said in
// one clear line, shows no secret, and ends by itself when a person has put it right.
import { execFile } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { WRITE_KEY } from '../support/collector.js';
import { makeCollectorFolder, type CollectorFolder } from '../support/collector-folder.js';
import { eventually } from '../support/eventually.js';
import { readLoadLedger, startLoad } from '../support/load.js';
import { PLAIN_PASSWORD, PLAIN_USER, startSecureKafka, type SecureKafka } from '../support/secure-kafka.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

const USER = 'scramuser';
const STRONG_USER = 'stronguser';
const PASSWORD = 'scr4m-S3cret';
const WRONG = 'wr0ng-S3cret';
const RECOVERY_MS = 60_000;

type Environment = Readonly<Record<string, string>>;

let secure: SecureKafka;
let clickhouse: TestClickHouse;
const opened: { service?: ServiceProcess; folder?: CollectorFolder }[] = [];

beforeAll(async () => {
  [secure, clickhouse] = await Promise.all([startSecureKafka(), startTestClickHouse()]);
  await Promise.all([secure.setPassword(USER, PASSWORD), secure.setPassword(STRONG_USER, PASSWORD, 512)]);
  await Promise.all([USER, STRONG_USER, PLAIN_USER].map(async (user) => await secure.allow(user)));
});

afterEach(async () => {
  const all = opened.splice(0);
  // a collector writes into its folder as long as it runs
  await Promise.all(all.map(async ({ service }) => await service?.kill()));
  for (const { folder } of all) folder?.remove();
});

afterAll(async () => {
  await clickhouse.stop();
  await secure.stop();
});

function scram(user: string, password: string, bits = 256): Environment {
  return {
    KAFKA_SASL_MECHANISM: `scram-sha-${bits}`,
    KAFKA_SASL_USERNAME: user,
    KAFKA_SASL_PASSWORD: password,
  };
}

const tls = (): Environment => ({ KAFKA_SSL: 'true', NODE_EXTRA_CA_CERTS: secure.certificateFile });
const through = (door: string, env: Environment): Environment => ({ KAFKA_BROKERS: secure.kafka.door(door), ...env });

/** `npm run migrate`: what it printed, and its exit code. */
async function migrate(env: Environment): Promise<{ code: number; said: string }> {
  const { user, password } = clickhouse.connections.migrator;
  const file = path.join(projectRoot, 'dist', 'scripts', 'migrate.js');
  const database = {
    CLICKHOUSE_URL: clickhouse.url,
    CLICKHOUSE_MIGRATOR_USER: user,
    CLICKHOUSE_MIGRATOR_PASSWORD: password,
  };
  return await new Promise((resolve) => {
    execFile(process.execPath, [file], { env: { ...database, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), said: stdout + stderr }),
    );
  });
}

async function startCollector(env: Environment) {
  const folder = await makeCollectorFolder();
  opened.push({ folder });
  const service = await startService('collector', { ...folder.env, ...env, LOG_LEVEL: 'trace' });
  opened.push({ service });
  const address = `http://127.0.0.1:${String(service.ready['port'])}`;
  return {
    service,
    readiness: async () => {
      const response = await fetch(`${address}/readyz`);
      const { code, message } = (await response.json()) as { code?: string; message?: string };
      return { status: response.status, code, message };
    },
    /** Sends two batches; answers the ids that were acknowledged. */
    send: async (seed: number) => {
      const ledger = path.join(folder.env['TACIT_DATA_DIR'] ?? '', `ledger-${seed}`);
      const load = { collector: address, key: WRITE_KEY, seed, ledger, senders: 2, generationsPerBatch: 5 };
      expect((await startLoad({ ...load, pauseMs: 0, batches: 2 }).ended).acknowledged).toBe(2);
      return [...readLoadLedger(ledger).values()].flatMap(({ generations }) =>
        generations.flatMap((one) => one.eventIds),
      );
    },
  };
}

async function startSink(env: Environment): Promise<ServiceProcess> {
  const { user, password } = clickhouse.connections.writer;
  const service = await startService('sink', {
    ...{ CLICKHOUSE_URL: clickhouse.url, CLICKHOUSE_WRITER_USER: user, CLICKHOUSE_WRITER_PASSWORD: password },
    ...{ TACIT_SINK_PORT: '0', LOG_LEVEL: 'trace', ...env },
  });
  opened.push({ service });
  return service;
}

async function expectStored(ids: readonly string[], services: readonly ServiceProcess[]): Promise<void> {
  expect(ids.length).toBeGreaterThan(0);
  const missing = async () => {
    const rows = await clickhouse.migrator.query<{ id: string }>(
      'SELECT DISTINCT toString(event_id) AS id FROM events',
    );
    const stored = new Set(rows.map(({ id }) => id));
    return ids.filter((id) => !stored.has(id)).length;
  };
  await eventually(missing, (count) => count === 0, RECOVERY_MS).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${services.flatMap(({ log }) => log.slice(-30)).join('\n')}`);
  });
}

function expectNoSecret(said: string): void {
  for (const secret of [PASSWORD, PLAIN_PASSWORD, WRONG]) {
    expect(said).not.toContain(secret);
    for (const user of [USER, STRONG_USER, PLAIN_USER])
      expect(said).not.toContain(Buffer.from(`\0${user}\0${secret}`).toString('base64'));
  }
}

/** Lines at level warn or worse, as an operator reads them. */
function warnings({ log }: ServiceProcess): { code: string; why: string; msg: string }[] {
  return log
    .map((line) => JSON.parse(line) as { level: number; code: string; why: string; msg: string })
    .filter(({ level }) => level >= 40)
    .map(({ code, why, msg }) => ({ code, why, msg }));
}

const DOORS: [string, string, () => Environment][] = [
  ['TLS', 'TLS', tls],
  [
    'PLAIN',
    'PLAIN',
    () => ({
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: PLAIN_USER,
      KAFKA_SASL_PASSWORD: PLAIN_PASSWORD,
    }),
  ],
  ['SCRAM-SHA-256', 'SCRAM', () => scram(USER, PASSWORD)],
  ['SCRAM-SHA-512 over TLS', 'SAFE', () => ({ ...tls(), ...scram(STRONG_USER, PASSWORD, 512) })],
];

test.each(DOORS)('events go through %s into ClickHouse, told by the environment alone', async (name, door, env) => {
  const began = performance.now();
  const topic = `secure-${door.toLowerCase()}`;
  const kafka = { ...through(door, env()), KAFKA_TOPIC: topic };
  const migrated = await migrate(kafka);
  expect(migrated, migrated.said).toMatchObject({ code: 0 });
  expect(migrated.said).toContain(`made topic ${topic}`);
  const collector = await startCollector(kafka);
  const sink = await startSink(kafka);
  await eventually(collector.readiness, ({ status }) => status === 200, RECOVERY_MS);
  const ids = await collector.send(1);
  await expectStored(ids, [collector.service, sink]);
  expectNoSecret([migrated.said, ...collector.service.log, ...sink.log].join('\n'));
  process.stdout.write(`${name}: ${ids.length} events in ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
});

const TROUBLES: [string, string, () => Environment, string, string][] = [
  ['a wrong password', 'SCRAM', () => scram(USER, WRONG), 'kafka_sign_in', 'KAFKA_SASL_PASSWORD'],
  ['an unknown user', 'SCRAM', () => scram('nobody', PASSWORD), 'kafka_sign_in', 'KAFKA_SASL_USERNAME'],
  [
    'a mechanism that the listener does not know',
    'PLAIN',
    () => scram(PLAIN_USER, PLAIN_PASSWORD),
    'kafka_unsupported_sasl_mechanism',
    'KAFKA_SASL_MECHANISM',
  ],
  ['TLS to a plain listener', 'SCRAM', () => ({ ...tls(), ...scram(USER, PASSWORD) }), 'kafka_no_tls', 'KAFKA_SSL'],
  ['no TLS to a listener that wants it', 'TLS', () => ({}), 'kafka_closed_connection', 'KAFKA_SSL'],
  ['no sign-in to a listener that wants one', 'SCRAM', () => ({}), 'kafka_closed_connection', 'KAFKA_SASL_'],
  ['an unknown authority', 'TLS', () => ({ KAFKA_SSL: 'true' }), 'kafka_certificate', 'NODE_EXTRA_CA_CERTS'],
];

test.each(TROUBLES)('%s is one clear line, and the collector takes events but is not ready', async (...row) => {
  const [, door, env, code, hint] = row;
  const kafka = through(door, env());
  const [migrated, collector] = await Promise.all([migrate(kafka), startCollector(kafka)]);
  const place = `topic tacit.events at ${secure.kafka.door(door)}`;
  expect(migrated.code, migrated.said).toBe(1);
  expect(migrated.said).toMatch(/^[^\n]+\n$/);
  expect(migrated.said).toContain(`${place} cannot be made or checked: `);
  expect(migrated.said).toContain(hint);
  const refusal = await eventually(collector.readiness, (now) => now.code === code, RECOVERY_MS);
  expect(refusal.status).toBe(503);
  expect(refusal.message).toContain(`${place} was not found: `);
  expect(refusal.message).toContain(hint);
  await collector.send(2);
  const said = warnings(collector.service);
  expect(said).toEqual([{ code, why: refusal.message, msg: 'Kafka takes nothing now; the log keeps it' }]);
  expectNoSecret([migrated.said, JSON.stringify(refusal), ...collector.service.log].join('\n'));
});

test('a user that is unknown, then has no rights, then has them, costs no event and no start', async () => {
  const kafka = { ...through('SCRAM', scram('late', PASSWORD)), KAFKA_TOPIC: 'late' };
  const collector = await startCollector(kafka);
  const sink = await startSink(kafka);
  const ids = await collector.send(3);
  const waitFor = async (code: string) => {
    await eventually(collector.readiness, (now) => now.status === 503 && now.code === code, RECOVERY_MS);
    await eventually(
      async () => warnings(sink),
      (said) => said.some((one) => one.code === code),
      RECOVERY_MS,
    );
  };
  await waitFor('kafka_sign_in');
  await secure.setPassword('late', PASSWORD);
  await waitFor('kafka_topic_authorization_failed');
  await secure.allow('late');
  await waitFor('kafka_unknown_topic_or_partition');
  expect((await migrate(kafka)).code).toBe(0);
  const began = performance.now();
  await eventually(collector.readiness, ({ status }) => status === 200, RECOVERY_MS);
  await expectStored([...ids, ...(await collector.send(4))], [collector.service, sink]);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stdout.write(`sign-in, rights and topic missing in turn: ${ids.length} events, recovery ${seconds} s\n`);
  for (const { why } of warnings(sink).filter((one) => one.code?.startsWith('kafka_'))) expect(why).toContain('late');
  expectNoSecret([...collector.service.log, ...sink.log].join('\n'));
});
