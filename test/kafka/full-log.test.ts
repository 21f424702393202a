// A collector whose log is full while Kafka is away: it refuses with a word when to come back, loses nothing that it acknowledged,
// and takes requests again as soon as Kafka has made room. What waited is replayed beside live traffic.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sleep } from '../../shared/runtime/retry.js';
import { readMetric } from '../support/accept-watch.js';
import { WRITE_KEY } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { scenarioLine, startKafkaChain, type KafkaChain } from '../support/kafka-chain.js';
import { chooseSeed } from '../support/random.js';

const LOG_BYTES_MAX = 48 * 1024 * 1024;
/** What one request may bring at most beyond the last look, by far. */
const REQUEST_BYTES_MAX = 1024 * 1024;
const MIB = 1024 * 1024;
const seed = chooseSeed(process.env['TACIT_KAFKA_SEED']);
let chain: KafkaChain;

beforeAll(async () => {
  chain = await startKafkaChain(1, { collectorEnv: { TACIT_LOG_BYTES_MAX: String(LOG_BYTES_MAX) } });
  await chain.startCollector();
  await chain.startSink();
});

afterAll(async () => await chain.close());

/** Sends a batch with one event that is dropped: it needs room for the word of the drop, and stores no event. */
async function knock(): Promise<{ status: number; retryAfter: string | null; code: string | undefined }> {
  const response = await fetch(`http://127.0.0.1:${String(chain.collector().ready['port'])}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${WRITE_KEY}` },
    body: JSON.stringify({ sentAt: Date.now(), sdk: 'test/1', sessionId: 's', events: [{ id: 'no id' }] }),
  });
  const { code } = (await response.json()) as { code?: string };
  return { status: response.status, retryAfter: response.headers.get('retry-after'), code };
}

const waitingBytes = async () => await readMetric(chain.collector(), 'log_bytes{kind="waiting"}');

async function fillUntilRefused(): Promise<number> {
  const { retryAfter, code } = await eventually(knock, ({ status }) => status === 503, 90_000);
  expect(code).toBe('unavailable');
  expect(Number(retryAfter)).toBeGreaterThanOrEqual(1);
  const full = await waitingBytes();
  expect(full).toBeLessThanOrEqual(LOG_BYTES_MAX);
  expect(full).toBeGreaterThan(LOG_BYTES_MAX - REQUEST_BYTES_MAX);
  return full;
}

test('a full log refuses with Retry-After, keeps what it acknowledged, and is replayed beside live traffic', async () => {
  const quiet = chain.load(seed, { pauseMs: 20 });
  await sleep(4_000);
  const before = await quiet.stop();
  await chain.kafka.broker(1).kill();
  const flood = chain.load(seed + 1, { pauseMs: 0, senders: 8 });
  // Whatever comes of it, the load ends only when its batches are taken.
  const full = await fillUntilRefused().finally(async () => await chain.kafka.broker(1).restart());
  const flooded = flood.stop();
  const began = performance.now();
  await eventually(knock, ({ status }) => status === 202, 60_000);
  const live = chain.load(seed + 2, { pauseMs: 20 });
  await eventually(waitingBytes, (bytes) => bytes < REQUEST_BYTES_MAX, 60_000);
  const drainMs = performance.now() - began;
  const during = await live.stop();
  expect((await flooded).retries).toBeGreaterThan(0);
  const audit = await chain.audit(120_000);
  const accept = (name: string, { p50, p99 }: typeof during.latencyMs) =>
    `${name} ${p50.toFixed(1)} ms (p99 ${p99.toFixed(0)} ms)`;
  const name = [
    `full log, refused at ${(full / MIB).toFixed(1)} MiB, replayed at ${(full / MIB / (drainMs / 1000)).toFixed(0)} MiB/s`,
    accept('a request takes', before.latencyMs),
    accept('beside the replay', during.latencyMs),
  ].join(', ');
  process.stdout.write(`${scenarioLine(name, seed, audit, drainMs)}\n`);
  expect(audit).toMatchObject({ missing: 0, countedTwice: 0, foreign: 0, committed: { stored: audit.rowsInKafka } });
});
