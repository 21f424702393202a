// ClickHouse in bad weather behind Kafka, under load: away, failing, refusing parts, slow, cut off in the middle of a body. Every
// acknowledged event is stored once, the sink stays a member of its group the whole time, and its memory stays bounded.
import { readFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { acceptingText, readMetric, watchAccepting } from '../support/accept-watch.js';
import { startBrokenGateway, type BrokenGateway } from '../support/broken-gateway.js';
import { eventually } from '../support/eventually.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { GROUP, scenarioLine, startKafkaChain, TOPIC, type KafkaChain } from '../support/kafka-chain.js';
import { countRecords, printPositions, printTopic } from '../support/kafka-tools.js';
import { chooseSeed, seededRandom } from '../support/random.js';
import type { ServiceProcess } from '../support/service-process.js';

/** Longer than Kafka waits for a member that is silent. */
const LONGER_THAN_A_SESSION_MS = 12_000;
/** What the collector's process may take, and the sink's, MB: its bounds add up to 64 MB of blocks, some copied once on their way. */
const MEMORY_MAX_MB = 300;
/** A machine that stands still for so long can cost a member its place, ms. */
const STALL_MS = 5_000;
const RECOVERY_MAX_MS = 90_000;

const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
const random = seededRandom(seed);
let chain: KafkaChain;
let proxy: FaultProxy;
let gateway: BrokenGateway;
let sink: ServiceProcess;
let members: readonly string[];

beforeAll(async () => {
  chain = await startKafkaChain();
  gateway = await startBrokenGateway();
  proxy = new FaultProxy(Number(new URL(chain.clickhouse.url).port));
  const port = await proxy.listen();
  await chain.startCollector();
  sink = await chain.startSink(`http://127.0.0.1:${port}`);
  members = await eventually(membersOfGroup, (ids) => ids.length === 1, 60_000);
});

afterAll(async () => {
  await chain.close();
  await proxy.close();
  await gateway.close();
});

async function membersOfGroup(): Promise<string[]> {
  const admin = new kafkajs.Kafka({ brokers: [chain.kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const { groups } = await admin.describeGroups([GROUP]);
    return groups.flatMap((group) => group.members.map(({ memberId }) => memberId)).sort();
  } finally {
    await admin.disconnect();
  }
}

const joins = () => sink.log.filter((line) => line.includes('"joined the group"')).length;
const retriedRows = async () => await readMetric(sink, 'outcome="retried"').catch(() => 0);

/** Peak of its resident memory so far, MB. */
function peakMemoryMb(): number {
  const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${sink.pid}/status`, 'utf8'))?.[1];
  return Math.round(Number(peak ?? Infinity) / 1024);
}

/** Runs some weather under load, waits until the sink has caught up, and audits everything that was ever acknowledged. */
async function under(
  name: string,
  loadSeed: number,
  weather: () => Promise<void>,
  mend: () => Promise<void>,
): Promise<void> {
  const load = chain.load(loadSeed, { pauseMs: 30 });
  await sleep(2_000);
  const watch = watchAccepting(chain.collector());
  const retried = await retriedRows();
  let recoveryMs: number;
  try {
    await weather();
    const began = performance.now();
    await mend();
    const lagSeconds = async () => await readMetric(sink, 'sink_lag_age_seconds').catch(() => Infinity);
    await eventually(lagSeconds, (seconds) => seconds < 2, RECOVERY_MAX_MS);
    recoveryMs = performance.now() - began;
  } catch (error) {
    await mend();
    throw new Error(`${String(error)}; the sink said:\n${sink.log.join('\n')}`, { cause: error });
  } finally {
    await load.stop();
  }
  const accepting = await watch.stop();
  const audit = await chain.audit(120_000);
  const peakMb = peakMemoryMb();
  const line = scenarioLine(`F10 ${name}, sink ${peakMb} MB, ${acceptingText(accepting)}`, loadSeed, audit, recoveryMs);
  process.stdout.write(`${line}\n`);
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: audit.rowsInKafka } });
  expect(audit.committed.dead).toBe(0);
  expect(accepting.memoryMaxMb).toBeLessThan(MEMORY_MAX_MB);
  expect(peakMb).toBeLessThan(MEMORY_MAX_MB);
  expect(await retriedRows()).toBeGreaterThan(retried);
  if (accepting.machineStallMs < STALL_MS) {
    expect(joins(), sink.log.join('\n')).toBe(1);
    expect(await membersOfGroup()).toEqual(members);
  }
}

test('while ClickHouse is away for 20 s everything waits in Kafka, and the sink stays in its group', async () => {
  const weather = async () => {
    await chain.clickhouse.kill();
    await sleep(2_000);
    const before = await chain.group();
    await sleep(18_000);
    const { stored, lag } = await chain.group();
    expect(stored).toBe(before.stored);
    expect(lag).toBeGreaterThan(before.lag);
  };
  await under('ClickHouse away for 20 s', seed, weather, async () => await chain.clickhouse.restart());
});

test('answers of 500 and 502 and a table with too many parts are waited out, also behind the view', async () => {
  const { migrator } = chain.clickhouse;
  const refuseParts = async (table: string) => {
    await migrator.command(`ALTER TABLE ${table} MODIFY SETTING parts_to_throw_insert = 1`);
  };
  const takeParts = async (table: string) => {
    await migrator.command(`ALTER TABLE ${table} RESET SETTING parts_to_throw_insert`);
  };
  const weather = async () => {
    proxy.set({ mode: 'pass', instead: gateway.port });
    await eventually(
      async () => gateway.answered,
      (answers) => answers >= 3,
    );
    await sleep(2_000);
    await refuseParts('events');
    const answered = await retriedRows();
    proxy.set('pass');
    await sleep(LONGER_THAN_A_SESSION_MS);
    expect(await retriedRows()).toBeGreaterThan(answered);
    // An insert into events fails too when only what stands behind its view does.
    await refuseParts('generations');
    await takeParts('events');
    await sleep(1_000);
    const refused = await retriedRows();
    await eventually(retriedRows, (rows) => rows > refused);
  };
  await under(
    'ClickHouse failing, then with too many parts',
    seed + 1,
    weather,
    async () => await takeParts('generations'),
  );
});

test('a slow ClickHouse and connections reset in the middle of a body cost no event and no membership', async () => {
  const weather = async () => {
    proxy.set({ mode: 'pass', delayMs: 300, bytesPerSecond: 256 * 1024 });
    await sleep(LONGER_THAN_A_SESSION_MS);
    for (let cut = 0; cut < 8; cut += 1) {
      const before = await retriedRows();
      proxy.set({ mode: 'pass', cutAfterBytes: 2_000 + random.below(200_000) });
      await eventually(retriedRows, (rows) => rows > before);
    }
  };
  await under('ClickHouse slow, then bodies cut in half', seed + 2, weather, async () => proxy.set('pass'));
});

test("Kafka's own tools see every committed row in a record whose checksum holds, and nothing left to read", async () => {
  const { stored, dead } = await chain.group();
  const records = await countRecords(chain.kafka.brokers, TOPIC);
  const printed = await printTopic(chain.kafka.brokers, TOPIC, records);
  expect(printed).toEqual({ records, badCrc: 0, rows: { events: stored + dead } });
  const positions = await printPositions(chain.kafka.brokers, TOPIC, GROUP);
  expect(positions.map(({ partition }) => partition).sort()).toEqual([0, 1, 2, 3, 4, 5]);
  expect(positions.reduce((sum, { committed }) => sum + committed, 0)).toBe(records);
  expect(positions.filter(({ lag, committed, end }) => lag !== 0 || committed !== end)).toEqual([]);
  expect(new Set(positions.map(({ member }) => member)).size).toBe(1);
});
