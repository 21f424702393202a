// The chain through three brokers behind a bad network each: what is asked arrives, answers are lost. Copies come, none counts.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { acceptingText, readMetric, watchAccepting } from '../support/accept-watch.js';
import { eventually } from '../support/eventually.js';
import { scenarioLine, startKafkaChain, type KafkaChain } from '../support/kafka-chain.js';
import { chooseSeed } from '../support/random.js';

const BROKERS = [1, 2, 3];
const FAULT_MS = 10_000;
const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
let chain: KafkaChain;

beforeAll(async () => {
  chain = await startKafkaChain(BROKERS.length, { proxied: true });
  await chain.startCollector();
  await chain.startSink();
});

afterAll(async () => await chain.close());

test('answers of brokers that are lost for ten seconds make copies in Kafka, and none of them counts', async () => {
  const load = chain.load(seed);
  await eventually(
    async () => await chain.storedIds(),
    (stored) => stored > 0,
    60_000,
  );
  const watch = watchAccepting(chain.collector());
  for (const i of BROKERS) chain.kafka.proxy(i).set('dropResponses');
  await sleep(FAULT_MS);
  for (const i of BROKERS) chain.kafka.proxy(i).set('pass');
  const began = performance.now();
  await eventually(
    async () => await readMetric(chain.collector(), 'forward_lag_age_seconds'),
    (seconds) => seconds < 1,
    60_000,
  );
  const recoveryMs = performance.now() - began;
  const accepting = await watch.stop();
  await load.stop();
  const audit = await chain.audit(120_000);
  const { rowsInKafka, copiesInKafka } = audit;
  const name = `F5 lost acks, ${rowsInKafka} rows in Kafka with ${copiesInKafka} copies, ${acceptingText(accepting)}`;
  process.stdout.write(`${scenarioLine(name, seed, audit, recoveryMs)}\n`);
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: rowsInKafka } });
  expect(copiesInKafka).toBeGreaterThan(0);
  expect(rowsInKafka).toBeGreaterThan(audit.events);
});
