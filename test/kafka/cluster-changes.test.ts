// The chain with two collectors through three brokers, while the cluster itself changes: all of it away, restarted node by node,
// its topic given more partitions.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { acceptingFaults, acceptingText, readMetric, watchAccepting } from '../support/accept-watch.js';
import { eventually } from '../support/eventually.js';
import { scenarioLine, startKafkaChain, TOPIC, type ChainAudit, type KafkaChain } from '../support/kafka-chain.js';
import { openKafkaLeaders, type KafkaLeaders } from '../support/kafka-leaders.js';
import { chooseSeed } from '../support/random.js';

const BROKERS = [1, 2, 3];
const COLLECTORS = [0, 1];
const OUTAGE_MS = 20_000;
const PARTITIONS_BEFORE = 6;
const PARTITIONS_AFTER = 12;
const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
let chain: KafkaChain;
let cluster: KafkaLeaders;

beforeAll(async () => {
  chain = await startKafkaChain(BROKERS.length);
  for (const which of COLLECTORS) await chain.startCollector(which);
  await chain.startSink();
  cluster = await openKafkaLeaders(chain.kafka.brokers, TOPIC);
});

afterAll(async () => {
  await cluster.close();
  await chain.close();
});

function expectExact(name: string, audit: ChainAudit, recoveryMs: number): void {
  process.stdout.write(`${scenarioLine(name, seed, audit, recoveryMs)}\n`);
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: audit.rowsInKafka } });
}

/** Both collectors' logs are handed over but for the last second. */
async function caughtUp(timeoutMs: number): Promise<void> {
  for (const which of COLLECTORS)
    await eventually(
      async () => await readMetric(chain.collector(which), 'forward_lag_age_seconds'),
      (seconds) => seconds < 1,
      timeoutMs,
    ).catch((error: unknown) => {
      throw new Error(`collector ${which}: ${String(error)}\n${chain.logs()}`);
    });
}

test('with all brokers dead for 20 s requests are taken as before, and the logs drain within twice that time', async () => {
  const loads = COLLECTORS.map((which) => chain.load(seed + which, { collector: which, pauseMs: 40 }));
  await sleep(2_000);
  const watch = watchAccepting(chain.collector());
  await Promise.all(BROKERS.map(async (i) => await chain.kafka.broker(i).kill()));
  await sleep(OUTAGE_MS);
  const began = performance.now();
  await Promise.all(BROKERS.map(async (i) => await chain.kafka.broker(i).restart()));
  await caughtUp(2 * OUTAGE_MS);
  const recoveryMs = performance.now() - began;
  const accepting = await watch.stop();
  for (const load of loads) await load.stop();
  const audit = await chain.audit(120_000);
  expectExact(`all brokers dead for 20 s, ${acceptingText(accepting)}`, audit, recoveryMs);
  expect(recoveryMs).toBeLessThan(2 * OUTAGE_MS);
  expect(acceptingFaults(accepting), chain.logs()).toEqual([]);
});

test('brokers restarted one after the other under load, and a collector killed meanwhile, cost nothing', async () => {
  const loads = COLLECTORS.map((which) => chain.load(seed + 10 + which, { collector: which, pauseMs: 40 }));
  let recoveryMs = 0;
  for (const i of BROKERS) {
    const began = performance.now();
    await chain.kafka.broker(i).stop();
    await sleep(1_000);
    if (i === 2) {
      await chain.collector(1).kill();
      await chain.startCollector(1);
    }
    await chain.kafka.broker(i).restart();
    await caughtUp(60_000);
    recoveryMs = Math.max(recoveryMs, performance.now() - began);
    await cluster.inSync(BROKERS.length);
  }
  for (const load of loads) await load.stop();
  expectExact('F15 brokers restarted in turn, a collector killed', await chain.audit(120_000), recoveryMs);
});

test('partitions that are added under load are used, and read from their beginning', async () => {
  const loads = COLLECTORS.map((which) => chain.load(seed + 20 + which, { collector: which, pauseMs: 40 }));
  await sleep(1_000);
  const began = performance.now();
  await cluster.addPartitions(PARTITIONS_AFTER);
  const added = async () => [...(await cluster.ends())].filter(([partition]) => partition >= PARTITIONS_BEFORE);
  await eventually(added, (ends) => ends.length === 6 && ends.every(([, records]) => records > 0), 120_000).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}\n${chain.logs()}`);
    },
  );
  const recoveryMs = performance.now() - began;
  for (const load of loads) await load.stop();
  const records = (await added()).map(([, count]) => count).join(', ');
  const audit = await chain.audit(120_000);
  expectExact(`F15 partitions 6 -> 12, ${records} records in the new ones`, audit, recoveryMs);
});
