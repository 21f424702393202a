// The commands of infra/compose.yaml, with its environment, started without containers: a real Kafka with that configuration,
// a real ClickHouse, and every event from the request to the live page. Addresses, ports and folders are this machine's.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KafkaProcess } from '../../infra/kafka/kafka-process.js';
import { formatNode, newKafkaId } from '../../infra/kafka/local-kafka.js';
import { prepareKafka } from '../../infra/kafka/prepare.js';
import { choosePort } from '../../shared/runtime/choose-port.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { composeService, environmentOf, readCompose } from '../support/compose.js';
import { eventually } from '../support/eventually.js';
import { planBatch } from '../support/load-plan.js';
import { makeTempDir } from '../support/temp-dir.js';

const compose = readCompose();
const temp = makeTempDir('compose');
/** Stands for the image's `/app`. */
const app = path.join(temp.dir, 'app');
const running: { pid: number | undefined; end: () => Promise<void> }[] = [];
const ports = new Map<string, number>();
let kafka: KafkaProcess;
let clickhouse: TestClickHouse;

beforeAll(async () => {
  mkdirSync(app);
  symlinkSync(path.join(projectRoot, 'dist'), path.join(app, 'dist'));
  for (const port of ['9092', '9093', '7070', '7071', '7074']) ports.set(port, await choosePort('127.0.0.1', 0));
  [kafka, clickhouse] = await Promise.all([startKafka(), startTestClickHouse({ projects: ['shop'], migrated: false })]);
});

afterAll(async () => {
  for (const { end } of running.reverse()) await end();
  await kafka.kill();
  await clickhouse.stop();
  temp.remove();
});

/** A text of the file with the addresses, ports and folders of this machine. */
function here(text: string, service: string): string {
  let placed = text
    .replaceAll('http://clickhouse:8123', clickhouse?.url ?? '')
    .replaceAll('kafka:9092', '127.0.0.1:9092')
    .replaceAll('0.0.0.0', '127.0.0.1')
    .replaceAll('localhost:', '127.0.0.1:')
    .replaceAll('PLAINTEXT://:', 'PLAINTEXT://127.0.0.1:')
    .replaceAll('CONTROLLER://:', 'CONTROLLER://127.0.0.1:')
    .replaceAll('/var/lib/', `${temp.dir}/${service}/`)
    .replaceAll('/etc/tacit', `${temp.dir}/etc`);
  for (const [named, port] of ports) placed = placed.replaceAll(new RegExp(`\\b${named}\\b`, 'g'), String(port));
  return placed;
}

function environmentHere(name: string): Record<string, string> {
  const passwords = {
    TACIT_MIGRATOR_PASSWORD: clickhouse?.connections.migrator.password ?? '',
    TACIT_WRITER_PASSWORD: clickhouse?.connections.writer.password ?? '',
    TACIT_REPORTER_PASSWORD: clickhouse?.connections.reporter.password ?? '',
    TACIT_ANALYST_PASSWORD: 'an-analyst',
  };
  const env = environmentOf(composeService(compose, name), passwords);
  return Object.fromEntries(Object.entries(env).map(([key, value]) => [key, here(value, name)]));
}

/** The image takes each variable KAFKA_A_B for the setting a.b. */
async function startKafka(): Promise<KafkaProcess> {
  const dir = path.join(temp.dir, 'kafka');
  mkdirSync(dir);
  const settings = Object.entries(environmentHere('kafka')).map(
    ([key, value]) =>
      [
        key
          .replace(/^KAFKA_/, '')
          .toLowerCase()
          .replaceAll('_', '.'),
        value,
      ] as const,
  );
  const propertiesFile = path.join(dir, 'server.properties');
  writeFileSync(propertiesFile, settings.map(([key, value]) => `${key}=${value}\n`).join(''));
  const software = await prepareKafka({ env: process.env, say: () => undefined });
  const options = { software, propertiesFile, logFile: path.join(dir, 'log') };
  await formatNode(options, new Map(settings).get('log.dirs') ?? '', 1, newKafkaId());
  const node = new KafkaProcess(options);
  await node.start();
  return node;
}

/** Runs a one-shot service to its end; answers what it printed. */
function runOnce(name: string, words: readonly string[]): string {
  const [program = '', ...args] = words;
  const env = { PATH: process.env['PATH'] ?? '', ...environmentHere(name) };
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: app, env, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

function start(name: string): void {
  const [program = '', ...args] = composeService(compose, name).command ?? [];
  const env = { PATH: process.env['PATH'] ?? '', ...environmentHere(name) };
  const child = spawn(program, args, { cwd: app, env, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  running.push({
    pid: child.pid,
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  });
}

/** The health check of the file, as its container runs it. */
function isHealthy(name: string): boolean {
  const [, program = '', ...args] = composeService(compose, name).healthcheck?.test ?? [];
  const placed = args.map((word) => here(word, name));
  return spawnSync(program, placed, { cwd: app, env: { PATH: process.env['PATH'] ?? '' } }).status === 0;
}

test('a project is added, the migration succeeds, every service gets healthy, and an event is stored and shown', async () => {
  mkdirSync(path.join(temp.dir, 'etc'));
  const added = runOnce('project', [
    ...(composeService(compose, 'project').entrypoint ?? []),
    'add',
    'shop',
    '--origin',
    'https://shop.example.com',
    '--no-origin',
  ]);
  const secret = (name: string): string => new RegExp(`${name}\\s+(\\S+)`).exec(added)?.[1] ?? '';

  // the embedded server has its users from a file: making them with SQL is what it cannot do
  const [migration] = [composeService(compose, 'migrate').command ?? []];
  expect(migration.at(-1)).toBe('--users');
  expect(runOnce('migrate', migration.slice(0, -1))).toContain('made topic tacit.events');

  const names = ['collector', 'sink', 'reporter'];
  for (const name of names) start(name);
  for (const name of names) {
    await eventually(
      async () => isHealthy(name),
      (healthy) => healthy,
    );
  }

  const { body, generations } = planBatch(1, 1, 3, Date.now());
  const answer = await fetch(here('http://127.0.0.1:7070/v1/events', 'collector'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret('write key')}` },
    body: JSON.stringify({ ...body, sentAt: Date.now() }),
  });
  expect(answer.status).toBe(202);
  const shown = async (): Promise<number> => {
    const page = await fetch(here('http://127.0.0.1:7071/api/rates?project=shop', 'reporter'), {
      headers: { authorization: `Bearer ${secret('read token')}` },
    });
    const { rates } = (await page.json()) as { rates: { soFar: { shown: number } }[] };
    return rates.reduce((sum, cell) => sum + cell.soFar.shown, 0);
  };
  expect(await eventually(shown, (n) => n === generations.length)).toBe(generations.length);
  // the image's folder is not writable: whatever is kept is kept in a volume
  expect(existsSync(path.join(app, '.tacit'))).toBe(false);
});
