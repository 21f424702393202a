// The chain through three brokers while they are killed, and while sinks join and leave. Every acknowledged event is stored once.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { acceptingFaults, acceptingText, readMetric, watchAccepting } from '../support/accept-watch.js';
import { eventually } from '../support/eventually.js';
import { scenarioLine, startKafkaChain, type ChainAudit, type KafkaChain } from '../support/kafka-chain.js';
import { chooseSeed } from '../support/random.js';

const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
let chain: KafkaChain;

beforeAll(async () => {
  chain = await startKafkaChain(3);
  await chain.startCollector();
  await chain.startSink();
});

afterAll(async () => await chain.close());

function say(name: string, audit: ChainAudit, recoveryMs: number): void {
  process.stdout.write(`${scenarioLine(name, seed, audit, recoveryMs)}\n`);
}

function expectExact(audit: ChainAudit): void {
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: audit.rowsInKafka } });
}

/** Each broker leads some partitions: whichever dies, leaders move. */
test('a leader that is killed costs no acknowledged event, and no request waits for it', async () => {
  const load = chain.load(seed);
  await sleep(3_000);
  const watch = watchAccepting(chain.collector());
  let recoveryMs = 0;
  for (const i of [1, 2]) {
    const began = performance.now();
    await chain.kafka.broker(i).kill();
    await sleep(1_000);
    await eventually(
      async () => await readMetric(chain.collector(), 'forward_lag_age_seconds'),
      (seconds) => seconds < 1,
      60_000,
    );
    recoveryMs = Math.max(recoveryMs, performance.now() - began);
    await sleep(4_000);
    await chain.kafka.broker(i).restart();
    await sleep(4_000);
  }
  const accepting = await watch.stop();
  await load.stop();
  const audit = await chain.audit(120_000);
  say(`F1 two leaders killed, ${acceptingText(accepting)}`, audit, recoveryMs);
  expectExact(audit);
  expect(acceptingFaults(accepting)).toEqual([]);
});

test('sinks that join and leave under load store everything, and no position is turned back', async () => {
  const load = chain.load(seed + 1, { pauseMs: 50 });
  await sleep(2_000);
  const [first] = chain.sinks;
  const second = await chain.startSink();
  await sleep(4_000);
  expect(await first?.stop()).toBe(0);
  await sleep(3_000);
  const third = await chain.startSink();
  await sleep(3_000);
  await second.kill();
  const began = performance.now();
  await chain.startSink();
  await sleep(3_000);
  const code = await third.stop();
  expect(code, third.log.join('\n')).toBe(0);
  await load.stop();
  const audit = await chain.audit(120_000);
  const recoveryMs = performance.now() - began;
  say('F8 sinks joined, left and were killed', audit, recoveryMs);
  expectExact(audit);
});
