// The chain through a real Kafka of one node: whole, with a sink killed between insert and commit, and with Kafka away.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { eventually } from '../support/eventually.js';
import { scenarioLine, startKafkaChain, TOPIC, type ChainAudit, type KafkaChain } from '../support/kafka-chain.js';
import { readWitness } from '../support/kafka-witness.js';
import { chooseSeed } from '../support/random.js';

const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
let chain: KafkaChain;

beforeAll(async () => {
  chain = await startKafkaChain();
  await chain.startCollector();
  await chain.startSink();
});

afterAll(async () => await chain.close());

function say(name: string, audit: ChainAudit, recoveryMs: number): void {
  process.stdout.write(`${scenarioLine(name, seed, audit, recoveryMs)}\n`);
}

function expectExact(audit: ChainAudit): void {
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0 });
}

test('what a collector acknowledges goes through Kafka into ClickHouse, once, and the totals in the commits say so', async () => {
  const began = performance.now();
  const report = await chain.load(seed, { batches: 200, pauseMs: 0 }).ended;
  expect(report.acknowledged).toBe(200);
  const audit = await chain.audit();
  say('whole chain', audit, performance.now() - began);
  expectExact(audit);
  const witness = await readWitness(chain.kafka.brokers, TOPIC);
  expect(witness.badCrc).toBe(0);
  expect(witness.rows).toBe(audit.events);
  expect(audit.committed).toEqual({ stored: audit.events, dead: 0 });
});

test('a sink killed between the insert and the commit reads again, and nothing is counted twice', async () => {
  const load = chain.load(seed + 1);
  await sleep(2_000);
  // A broker that stands still answers no commit; what was fetched is stored all the same.
  const broker = chain.kafka.broker(1);
  broker.pause();
  await sleep(3_000);
  for (const sink of chain.sinks) await sink.kill();
  const stored = await chain.storedIds();
  broker.resume();
  const { stored: committed } = await chain.group();
  expect(stored).toBeGreaterThan(committed);
  const began = performance.now();
  const behind = await chain.storedIds();
  await chain.startSink();
  await eventually(
    async () => await chain.storedIds(),
    (now) => now > behind,
    60_000,
  );
  const recoveryMs = performance.now() - began;
  await load.stop();
  const audit = await chain.audit();
  say(`F9 sink killed, ${stored - committed} rows stored and not committed`, audit, recoveryMs);
  expectExact(audit);
});
