// The same events over HTTP down both ways: collector, disk log, sink; and collector, disk log, Kafka, sink. Random lifecycles with
// copies, other times and bad events, in another order each, into one ClickHouse. Outcomes equal an oracle that shares no code,
// and both ways have the same rows of rates and user_days and the same counts.
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readCursor } from '../../shared/runtime/disk-log/cursor.js';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { readMetric } from '../support/accept-watch.js';
import { makeCollectorFolder, type CollectorFolder } from '../support/collector-folder.js';
import { blockOf, eventRow } from '../support/event-rows.js';
import { eventually } from '../support/eventually.js';
import { expectedOutcomes, readOutcomes } from '../support/judged.js';
import { startKafkaChain, type KafkaChain } from '../support/kafka-chain.js';
import type { OracleSettings } from '../support/oracle.js';
import { chooseSeed, seededRandom } from '../support/random.js';
import { RANDOM_PROJECTS, randomEvents } from '../support/random-events.js';
import { READ_TOKEN, startReporter, type TestReporter } from '../support/reporter.js';
import {
  eventuallyRolledUp,
  expectedRolledUp,
  finishedRuns,
  readRolledUp,
  type RolledUp,
} from '../support/rolled-up.js';
import { startService, type ServiceProcess } from '../support/service-process.js';
import { wireBatches, wireEvents, type WireBatch } from '../support/wire-events.js';
import { sendWire, type WireTally } from '../support/wire-send.js';

const GENERATIONS = 2_500;
const DAY_MS = 86_400_000;
const KEYS = { hashKey: 'a hash key of the tests', signingSecret: 'a signing secret of the tests' };
const WAYS = ['plain', 'kafka'] as const;
type Way = (typeof WAYS)[number];

/** How the projects decide: within minutes, with a surface of its own, and as a project does that says nothing. */
const RULES = {
  fast: { settings: { metricVersion: 'fast1', windowS: 120, latenessS: 60 }, surfaces: {} },
  mixed: {
    settings: { metricVersion: 'mixed1', windowS: 3600, latenessS: 7200, thetaSame: 0.7 },
    surfaces: { vscode: { metricVersion: 'vscode1', windowS: 600, latenessS: 0, thetaReplace: 0.5 } },
  },
  plain: { settings: { metricVersion: 'plain1', windowS: 86_400, latenessS: 172_800 }, surfaces: {} },
} as const;
const FINAL_AFTER_MS = [180_000, 10_800_000, 600_000, 3 * DAY_MS];

const seed = chooseSeed(process.env['TACIT_TEST_SEED']);
const random = seededRandom(seed);
const now = Date.now();
const events = wireEvents(randomEvents(random, GENERATIONS, now - 6 * DAY_MS, 6 * DAY_MS), now, FINAL_AFTER_MS, KEYS);
const batches = wireBatches(random, events, KEYS);
/** A fifth of the batches is sent twice, each time with another `sentAt`. */
const sends = [...batches, ...batches.filter(() => random.chance(0.2))];

let chain: KafkaChain;
let folder: CollectorFolder;
let collector: ServiceProcess;
let sink: ServiceProcess;
let reporter: TestReporter;
const tallies = new Map<Way, WireTally>();

const projectOf = (way: Way, project: string) => `${way}-${project}`;
const writeKeyOf = (project: string) => `pk_${project.replace('-', '_')}_0123456789`;

function projects(): Record<string, unknown>[] {
  return WAYS.flatMap((way) =>
    RANDOM_PROJECTS.map((name) => ({
      id: projectOf(way, name),
      hashKey: { value: KEYS.hashKey },
      signingSecrets: [{ value: KEYS.signingSecret }],
      writeKeys: [{ key: writeKeyOf(projectOf(way, name)), allowNoOrigin: true, eventsPerSecond: 1e6, burst: 1e7 }],
      readTokens: [{ sha256: createHash('sha256').update(READ_TOKEN).digest('hex') }],
      ...RULES[name],
    })),
  );
}

/** The rules of one way's projects as the oracle takes them. */
function settingsOf(way: Way): OracleSettings[] {
  const defaults = { theta_same: 0.98, theta_replace: 1 / 3 };
  const row = (project: (typeof RANDOM_PROJECTS)[number], over: Partial<OracleSettings>): OracleSettings => {
    const { metricVersion, windowS, latenessS } = RULES[project].settings;
    const own = { metric_version: metricVersion, window_s: windowS, lateness_s: latenessS };
    return { project_id: projectOf(way, project), surface: '', ...defaults, ...own, ...over };
  };
  const vscode = { surface: 'vscode', metric_version: 'vscode1', window_s: 600, lateness_s: 0, theta_replace: 0.5 };
  return [row('fast', {}), row('mixed', { theta_same: 0.7 }), row('mixed', vscode), row('plain', {})];
}

const rowsOf = (way: Way) => events.map(({ row }) => ({ ...row, project_id: projectOf(way, row.project_id) }));

/** What no client can send: a row that no table takes and a line that is no JSON, between good rows of a project of nobody. */
async function poison(way: Way, dataDir: string): Promise<void> {
  const writer = await openDiskLogWriter({ directory: path.join(dataDir, 'disk-log') });
  const bad = eventRow({ project_id: projectOf(way, 'fast'), event_type: 'jump' });
  const good = () => eventRow({ project_id: 'nobody' });
  await writer.append([blockOf([good(), bad, good(), '{"project_id":', good()])]);
  await writer.close();
}

beforeAll(async () => {
  process.stdout.write(`same figures: TACIT_TEST_SEED=${seed}, ${events.length} events, ${sends.length} batches\n`);
  chain = await startKafkaChain();
  folder = await makeCollectorFolder();
  for (const [way, at] of [['plain', folder] as const, ['kafka', chain.folder] as const]) {
    await writeFile(at.projectsFile, JSON.stringify({ version: 1, projects: projects() }));
    await poison(way, at.env['TACIT_DATA_DIR'] ?? '');
  }
  const { url, connections } = chain.clickhouse;
  collector = await startService('collector', folder.env);
  sink = await startService('sink', {
    TACIT_DATA_DIR: folder.env['TACIT_DATA_DIR'] ?? '',
    TACIT_SINK_PORT: '0',
    CLICKHOUSE_URL: url,
    CLICKHOUSE_WRITER_USER: connections.writer.user,
    CLICKHOUSE_WRITER_PASSWORD: connections.writer.password,
  });
  await chain.startCollector();
  await chain.startSink();
  reporter = await startReporter({ connection: connections.reporter, projects: projects() });
  await Promise.all(WAYS.map(send));
  await atRest();
  await rolledUp();
  // From here on nothing is judged anew.
  await reporter.stop();
}, 300_000);

afterAll(async () => {
  await reporter?.kill();
  await Promise.all([collector?.kill(), sink?.kill()]);
  await chain?.close();
  folder?.remove();
});

async function send(way: Way): Promise<void> {
  const port = (way === 'plain' ? collector : chain.collector()).ready['port'];
  const own = seededRandom(seed + WAYS.indexOf(way)).shuffle(sends);
  const keyFor = ({ project }: WireBatch) => writeKeyOf(projectOf(way, project));
  tallies.set(way, await sendWire(own, `http://127.0.0.1:${String(port)}`, keyFor));
}

/** Everything that was acknowledged is committed, on both ways. */
async function atRest(): Promise<void> {
  const left = async () => ({
    plain: await readMetric(sink, 'sink_lag_bytes').catch(() => Infinity),
    forward: await readMetric(chain.collector(), 'forward_lag_bytes'),
    kafka: (await chain.group()).lag,
  });
  await eventually(left, ({ plain, forward, kafka }) => plain === 0 && forward === 0 && kafka === 0, 90_000);
}

/** Every day was judged after the last row had come. */
async function rolledUp(): Promise<void> {
  const ask = async <T>(sql: string) => await chain.clickhouse.reporter.query<T>(sql);
  const [clock] = await ask<{ ms: string }>('SELECT toUnixTimestamp64Milli(now64(3)) AS ms');
  const days = await ask<{ day: string }>('SELECT DISTINCT toString(day) AS day FROM dirty_days');
  expect(days.length).toBeGreaterThan(5);
  await eventuallyRolledUp(
    chain.clickhouse.reporter,
    async () => await finishedRuns(chain.clickhouse.reporter),
    (runs) => days.every(({ day }) => (runs.get(day) ?? 0) > Number(clock?.ms)),
    120_000,
  );
}

/** Rows of one way, without its name in them. */
function onlyOf(way: Way, { rates, userDays }: RolledUp): RolledUp {
  const own = (rows: readonly Record<string, unknown>[]) =>
    rows
      .filter((row) => String(row['project_id']).startsWith(`${way}-`))
      .map((row) => ({ ...row, project_id: String(row['project_id']).slice(way.length + 1) }));
  return { rates: own(rates), userDays: own(userDays) };
}

/** Sums of a table by something, of the projects of one way. */
async function sums(way: Way, sql: string): Promise<Record<string, number>> {
  const rows = await chain.clickhouse.migrator.query<{ key: string; n: string }>(
    `${sql} WHERE startsWith(project_id, {prefix:String}) GROUP BY key ORDER BY key`,
    { prefix: `${way}-` },
  );
  return Object.fromEntries(rows.map(({ key, n }) => [key, Number(n)]));
}

test('both ways take the same events and refuse the same', () => {
  const expected = { accepted: 0, dropped: new Map<string, number>() };
  for (const { accepted, dropped } of sends) {
    expected.accepted += accepted;
    for (const [reason, n] of Object.entries(dropped))
      expected.dropped.set(reason, (expected.dropped.get(reason) ?? 0) + n);
  }
  for (const way of WAYS) expect(tallies.get(way), way).toEqual(expected);
});

test('what was stored, dropped and put aside is the same, by the rows and by the committed totals', async () => {
  const plain = (await readCursor(path.join(folder.env['TACIT_DATA_DIR'] ?? '', 'disk-log')))?.totals;
  const { stored, dead } = await chain.group();
  expect({ stored, dead }).toEqual(plain);
  expect(dead).toBe(2);
  const dropped: Record<string, number> = {};
  for (const batch of batches)
    for (const [reason, n] of Object.entries(batch.dropped)) dropped[reason] = (dropped[reason] ?? 0) + n;
  expect(Object.keys(dropped).length).toBe(5);
  const ids = { all: new Set(events.map(({ row }) => row.event_id)).size };
  for (const way of WAYS) {
    expect(await sums(way, 'SELECT reason AS key, sum(n) AS n FROM drops FINAL'), way).toEqual(dropped);
    expect(await sums(way, 'SELECT reason AS key, count() AS n FROM dead_letters FINAL'), way).toEqual({
      rejected_row: 1,
    });
    expect(await sums(way, "SELECT 'all' AS key, count() AS n FROM events FINAL"), way).toEqual(ids);
    expect(await sums(way, "SELECT 'all' AS key, uniqExact(event_id) AS n FROM events"), way).toEqual(ids);
  }
});

test.each(WAYS)('outcomes on the way %s equal the oracle', async (way) => {
  const asOf = Date.now();
  const expected = expectedOutcomes(rowsOf(way), settingsOf(way), asOf);
  const found = await readOutcomes(chain.clickhouse.reporter, asOf);
  for (const [key, outcome] of expected) expect(found.get(key), `seed ${seed}: ${key}`).toEqual(outcome);
  expect([...found.keys()].filter((key) => key.startsWith(`${way}-`)).length).toBe(expected.size);
  const kinds = new Set([...expected.values()].map(({ outcome }) => outcome));
  expect([...kinds].sort()).toEqual(
    ['accepted', 'edited', 'ignored', 'not_shown', 'orphan', 'rejected', 'unresolved'].sort(),
  );
});

test('rates and user_days have the same rows on both ways, and they are those of the oracle', async () => {
  const runs = await finishedRuns(chain.clickhouse.reporter);
  const found = await readRolledUp(chain.clickhouse.reporter);
  const [plain, kafka] = [onlyOf('plain', found), onlyOf('kafka', found)];
  expect(plain.rates.length).toBeGreaterThan(500);
  expect(kafka.rates).toEqual(plain.rates);
  expect(kafka.userDays).toEqual(plain.userDays);
  const oracle = onlyOf('plain', expectedRolledUp(rowsOf('plain'), settingsOf('plain'), runs));
  expect(plain.rates).toEqual(oracle.rates);
  expect(plain.userDays).toEqual(oracle.userDays);
});
