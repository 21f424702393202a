// The chain through three brokers while leaders move without pause: by reassignment, by elections, by the death of brokers.
// And its twin: the same product with one send over several partitions, which the client resolves although it lost some of them.
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaConfigSchema, kafkaSettings } from '../../shared/runtime/kafka/config.js';
import { ensureTopics } from '../../shared/runtime/kafka/topics.js';
import { createLogger } from '../../shared/runtime/log.js';
import { sleep } from '../../shared/runtime/retry.js';
import { acceptingText, readMetric, watchAccepting } from '../support/accept-watch.js';
import { WRITE_KEY } from '../support/collector.js';
import { makeCollectorFolder } from '../support/collector-folder.js';
import { eventually } from '../support/eventually.js';
import { scenarioLine, startKafkaChain, TOPIC, type KafkaChain } from '../support/kafka-chain.js';
import { openKafkaLeaders } from '../support/kafka-leaders.js';
import { readWitness } from '../support/kafka-witness.js';
import { acknowledgedIds, readLoadLedger, startLoad } from '../support/load.js';
import { mutateBuild, type Mutation } from '../support/mutated-build.js';
import { chooseSeed, seededRandom } from '../support/random.js';
import { startService, type ServiceProcess } from '../support/service-process.js';

const BROKERS = [1, 2, 3];
const MOVING_MS = 40_000;
const MOVE_EVERY_MS = 1_500;
/** One move in so many is a broker's death. */
const KILL_EVERY = 6;
/** How long a byte is on its way to or from a slow broker, ms. */
const SLOW_MS = 300;
/** How long nothing reaches a broker before it dies, ms: longer than what was asked before takes to be answered. */
const UNREACHED_MS = 1_500;
const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
const random = seededRandom(seed);
let chain: KafkaChain;

beforeAll(async () => {
  chain = await startKafkaChain(BROKERS.length, { proxied: true });
});

afterAll(async () => await chain.close());

async function forwarded(collector: ServiceProcess, timeoutMs: number): Promise<void> {
  await eventually(
    async () => await readMetric(collector, 'forward_lag_bytes'),
    (bytes) => bytes === 0,
    timeoutMs,
  ).catch((error: unknown) => {
    throw new Error(`${String(error)}\n${collector.log.slice(-40).join('\n')}`);
  });
}

test('leaders that move without pause cost no acknowledged event', async () => {
  await chain.startCollector();
  await chain.startSink();
  const cluster = await openKafkaLeaders(chain.kafka.brokers, TOPIC);
  const load = chain.load(seed, { pauseMs: 40 });
  await sleep(1_000);
  const watch = watchAccepting(chain.collector());
  const until = performance.now() + MOVING_MS;
  let moved = 0;
  let killed = 0;
  let leaders = await cluster.leaders();
  for (let round = 1; performance.now() < until || killed < 2; round += 1) {
    if (round % KILL_EVERY === 0) {
      const broker = chain.kafka.broker(random.pick(BROKERS));
      await broker.kill();
      killed += 1;
      await sleep(2 * MOVE_EVERY_MS);
      await broker.restart();
    } else {
      await cluster.move(random);
      await sleep(MOVE_EVERY_MS);
    }
    const now = await cluster.leaders();
    moved += now.filter((leader, partition) => leader !== leaders[partition]).length;
    leaders = now;
  }
  const began = performance.now();
  const accepting = await watch.stop();
  await load.stop();
  await cluster.close();
  const audit = await chain.audit(120_000);
  const name = `F6 leaders of partitions moved ${moved} times, ${killed} brokers killed, ${acceptingText(accepting)}`;
  process.stdout.write(`${scenarioLine(name, seed, audit, performance.now() - began)}\n`);
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: audit.rowsInKafka } });
  expect(moved).toBeGreaterThan(20);
  expect(killed).toBeGreaterThan(1);
});

const MULTI_PARTITION: Mutation = {
  name: 'one send goes to several partitions, and its acknowledgements are not counted',
  file: 'shared/runtime/kafka/producer.js',
  from: `            const messages = blocks.map((block) => encodeRecord(block, partition));
            checkAcks(await this.#producer.send({ topic: this.#topic, acks: -1, messages }), this.#topic, partition);`,
  to: `            const all = this.#partitions;
            const messages = blocks.map((block, i) => encodeRecord(block, all[(partition + i) % all.length]));
            await this.#producer.send({ topic: this.#topic, acks: -1, messages });`,
};

interface Try {
  readonly acknowledged: number;
  readonly lost: number;
}

/** A broker dies while requests are on their way to all three; those that live answer, and lead its partitions soon after. */
async function killWhileSending(name: string, broker: number, build?: string): Promise<Try> {
  const topic = `tacit.${name}`;
  const env = { KAFKA_BROKERS: chain.kafka.brokers, KAFKA_TOPIC: topic, LOG_LEVEL: 'info' };
  const settings = kafkaSettings(kafkaConfigSchema.parse(env));
  if (settings === undefined) throw new Error('no brokers');
  await ensureTopics(settings, createLogger('test', 'silent'));
  const folder = await makeCollectorFolder();
  const collector = await startService('collector', { ...folder.env, ...env }, build);
  try {
    const ledger = path.join(folder.env['TACIT_DATA_DIR'] ?? '', 'ledger');
    const load = startLoad({
      collector: `http://127.0.0.1:${String(collector.ready['port'])}`,
      key: WRITE_KEY,
      seed: seed + broker,
      ledger,
      senders: 4,
      generationsPerBatch: 12,
      pauseMs: 10,
      batches: 0,
    });
    // It is slow: what waits meanwhile goes in large sends, to every broker. Then one of them does not reach it, and it dies; the
    // others have answered by then.
    chain.kafka.proxy(broker).set({ mode: 'pass', delayMs: SLOW_MS });
    await sleep(3_000);
    chain.kafka.proxy(broker).set('dropRequests');
    await sleep(UNREACHED_MS);
    await chain.kafka.broker(broker).kill();
    await sleep(6_000);
    await load.stop();
    await chain.kafka.broker(broker).restart();
    chain.kafka.proxy(broker).set('pass');
    await forwarded(collector, 60_000);
    const witness = await readWitness(chain.kafka.brokers, topic);
    const acknowledged = acknowledgedIds(readLoadLedger(ledger));
    return { acknowledged: acknowledged.length, lost: acknowledged.filter((id) => !witness.ids.has(id)).length };
  } finally {
    await collector.kill();
    chain.kafka.proxy(broker).set('pass');
    folder.remove();
  }
}

test('the death of a broker in the middle of a send costs nothing as the product is, and events with one send over several partitions', async () => {
  const whole = await killWhileSending('whole', 1);
  process.stdout.write(`F6 twin, one partition a send: ${whole.acknowledged} events, ${whole.lost} missing\n`);
  expect(whole.lost).toBe(0);
  const { build, remove } = mutateBuild(MULTI_PARTITION);
  const tries: Try[] = [];
  try {
    for (const broker of BROKERS) {
      tries.push(await killWhileSending(`twin-${broker}`, broker, build));
      if (tries.some(({ lost }) => lost > 0)) break;
    }
  } finally {
    remove();
  }
  const said = tries.map(({ acknowledged, lost }, i) => `try ${i + 1}: ${acknowledged} events, ${lost} missing`);
  process.stdout.write(`F6 twin, several partitions a send: seed ${seed}, ${said.join('; ')}\n`);
  expect(tries.at(-1)?.lost).toBeGreaterThan(0);
});
