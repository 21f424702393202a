// The chain through a real Kafka of one node: whole, with a sink killed between insert and commit, with Kafka away, with poison.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import path from 'node:path';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { acceptingFaults, acceptingText, readMetric, watchAccepting } from '../support/accept-watch.js';
import { blockOf, eventRow } from '../support/event-rows.js';
import { eventually } from '../support/eventually.js';
import { startHoldingProxy, type HoldingProxy } from '../support/holding-proxy.js';
import { scenarioLine, startKafkaChain, TOPIC, type ChainAudit, type KafkaChain } from '../support/kafka-chain.js';
import { sendPoison } from '../support/kafka-poison.js';
import { readWitness } from '../support/kafka-witness.js';
import { chooseSeed } from '../support/random.js';

const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
let chain: KafkaChain;
let clickhouseOfFirstSink: HoldingProxy;

beforeAll(async () => {
  chain = await startKafkaChain();
  clickhouseOfFirstSink = await startHoldingProxy(chain.clickhouse.url);
  await chain.startCollector();
  await chain.startSink(clickhouseOfFirstSink.url);
});

afterAll(async () => {
  await chain?.close();
  await clickhouseOfFirstSink?.close();
});

function say(name: string, audit: ChainAudit, recoveryMs: number): void {
  process.stdout.write(`${scenarioLine(name, seed, audit, recoveryMs)}\n`);
}

function expectExact(audit: ChainAudit): void {
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: audit.rowsInKafka } });
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
  // What is inserted from here on is not known to be stored by the one who is to commit it.
  clickhouseOfFirstSink.hold();
  const atHold = await chain.storedIds();
  const stored = await eventually(
    async () => await chain.storedIds(),
    (now) => now > atHold,
    60_000,
  );
  for (const sink of chain.sinks) await sink.kill();
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

test('with Kafka away for 20 s requests are taken as before, and the log drains when it is back', async () => {
  const outageMs = 20_000;
  const load = chain.load(seed + 2);
  await sleep(2_000);
  const watch = watchAccepting(chain.collector());
  const broker = chain.kafka.broker(1);
  await broker.kill();
  await sleep(outageMs);
  expect(await readMetric(chain.collector(), 'forward_lag_bytes')).toBeGreaterThan(0);
  const began = performance.now();
  await broker.restart();
  await eventually(
    async () => await readMetric(chain.collector(), 'forward_lag_age_seconds'),
    (seconds) => seconds < 1,
    2 * outageMs,
  );
  const recoveryMs = performance.now() - began;
  const accepting = await watch.stop();
  await load.stop();
  const audit = await chain.audit(120_000);
  say(`F3 Kafka away, ${acceptingText(accepting)}`, audit, recoveryMs);
  expectExact(audit);
  expect(acceptingFaults(accepting)).toEqual([]);
});

test('poison becomes dead letters with their reason and position, and its neighbours are stored', async () => {
  const logDirectory = path.join(chain.folder.env['TACIT_DATA_DIR'] ?? '', 'disk-log');
  await chain.collector().stop();
  const began = performance.now();
  // More than Kafka takes at once: as many rows, and as one.
  const many = Array.from({ length: 1_500 }, () => eventRow());
  const writer = await openDiskLogWriter({ directory: logDirectory });
  await writer.append([blockOf(many), blockOf([eventRow({ label: 'x'.repeat(1_200_000) }), eventRow()])]);
  await writer.close();
  await chain.startCollector();
  const good = blockOf([eventRow(), eventRow()]);
  const [crc, version, rows] = await sendPoison(chain.kafka.brokers, TOPIC, [
    { ...good, headers: { crc: '1' } },
    { ...good, headers: { v: '2' } },
    blockOf([eventRow(), eventRow({ event_type: 'jump' }), 'hello', eventRow()]),
    good,
  ]);
  const letters = async () =>
    await chain.clickhouse.migrator.query<{ position: string; reason: string; row: string }>(
      'SELECT position, reason, row FROM dead_letters FINAL ORDER BY reason, position',
    );
  const dead = await eventually(letters, (found) => found.length >= 5, 60_000);
  const stored = async () => {
    const sql = "SELECT uniqExact(event_id) AS n FROM events WHERE project_id = 'demo'";
    return Number((await chain.clickhouse.migrator.query<{ n: string }>(sql))[0]?.n);
  };
  expect(await eventually(stored, (n) => n >= many.length + 5, 60_000)).toBe(many.length + 5);
  const recoveryMs = performance.now() - began;
  expect(
    dead.map(({ reason, position }) => [reason, position.replace(/^log:.*:2$/, 'log').replace(/^log:.*:1$/, 'log')]),
  ).toEqual([
    ['bad_crc', `${crc}:0`],
    ['rejected_row', `${rows}:2`],
    ['too_large', 'log'],
    ['unknown_version', `${version}:0`],
    ['unparsable_row', `${rows}:3`],
  ]);
  expect(dead.find(({ reason }) => reason === 'too_large')?.row).toBe('');
  const audit = await chain.audit();
  say('F11 poison, 5 dead letters', audit, recoveryMs);
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0 });
  expect(recoveryMs).toBeLessThan(10_000);
});
