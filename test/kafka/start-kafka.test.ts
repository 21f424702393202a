// npm start -- --kafka as a user has it: events go through a local Kafka, which comes back when it is killed and ends with the rest.
import { afterAll, beforeAll, expect, test } from 'vitest';
import kafkajs from 'kafkajs';
import { startInstance, tryKill, type Instance } from '../support/instance.js';
import { expectStored, sendBatch } from '../support/instance-events.js';
import { eventually } from '../support/eventually.js';

const STOP_MAX_MS = 10_000;
/** A member of a group that died, or joined anew after Kafka died, is waited for half a minute; only then does the group go on. */
const STORED_AFTER_KILL_MS = 90_000;

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({ args: ['--kafka'] });
});
afterAll(async () => {
  await instance.dispose();
});

/** Records in the topic, of all its partitions. */
async function recordsInTopic(brokers: string): Promise<number> {
  const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets('tacit.events');
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  } finally {
    await admin.disconnect();
  }
}

test('run.json and the first lines name the brokers, and what is acknowledged passes through the topic', async () => {
  const brokers = instance.run.kafka?.brokers ?? '';
  expect(brokers).toMatch(/^127\.0\.0\.1:\d+$/);
  await instance.says(brokers);
  expect(instance.pids('kafka')).toHaveLength(1);
  expect(await recordsInTopic(brokers)).toBe(0);
  await expectStored(instance, await sendBatch(instance, 1));
  expect(await recordsInTopic(brokers)).toBeGreaterThan(0);
});

test('a killed Kafka comes back under its address, and what was acknowledged meanwhile is stored', async () => {
  const { brokers } = instance.run.kafka ?? { brokers: '' };
  const [pid = 0] = instance.pids('kafka');
  tryKill(pid);
  const ids = await sendBatch(instance, 2);
  await eventually(
    async () => instance.pids('kafka'),
    (pids) => pids.length === 1 && !pids.includes(pid),
  );
  await expectStored(instance, ids, STORED_AFTER_KILL_MS);
  expect(instance.run.kafka?.brokers).toBe(brokers);
});

test('a stop takes under 10 s and leaves no process, and the next start goes on with the same topic', async () => {
  const pids = (['collector', 'sink', 'reporter', 'kafka', 'clickhouse'] as const).flatMap((kind) =>
    instance.pids(kind),
  );
  const ids = await sendBatch(instance, 3);
  const { code, ms } = await instance.stop();
  expect(code).toBe(0);
  expect(ms).toBeLessThan(STOP_MAX_MS);
  for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  await instance.start();
  await expectStored(instance, ids, STORED_AFTER_KILL_MS);
  expect(await recordsInTopic(instance.run.kafka?.brokers ?? '')).toBeGreaterThan(2);
});

test('a kill of everything at once leaves no Kafka behind and loses nothing that was acknowledged', async () => {
  const ids = await sendBatch(instance, 4);
  await instance.killAll();
  await instance.start();
  expect(instance.pids('kafka')).toHaveLength(1);
  await expectStored(instance, ids, STORED_AFTER_KILL_MS);
});

test('with KAFKA_BROKERS set, --kafka is refused in one line', async () => {
  await instance.stop();
  const other = startInstance({ args: ['--kafka'], env: { KAFKA_BROKERS: '127.0.0.1:1' } });
  await expect(other).rejects.toThrow('KAFKA_BROKERS names a Kafka already: leave out --kafka, or KAFKA_BROKERS.');
});
