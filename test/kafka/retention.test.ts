// The reader on a real Kafka when the position of its group is gone: loud, and on from the oldest record that is left.
import kafkajs from 'kafkajs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kafkaConfigSchema, kafkaSettings, type KafkaSettings } from '../../shared/runtime/kafka/config.js';
import { createKafkaProducer } from '../../shared/runtime/kafka/producer.js';
import { openKafkaReader, type KafkaReader } from '../../shared/runtime/kafka/reader.js';
import { ensureTopics } from '../../shared/runtime/kafka/topics.js';
import { createLogger, type Logger } from '../../shared/runtime/log.js';
import { StartError, WeatherError } from '../../shared/runtime/errors.js';
import type { StreamBatch } from '../../shared/runtime/stream.js';
import { blockOf } from '../support/event-rows.js';
import { startTestKafka, type TestKafka } from '../support/kafka.js';

const silent = createLogger('test', 'silent');
let kafka: TestKafka;

beforeAll(async () => {
  kafka = await startTestKafka();
});

afterAll(async () => await kafka.stop());

function settingsFor(topic: string): KafkaSettings {
  const settings = kafkaSettings(kafkaConfigSchema.parse({ KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC: topic }));
  if (settings === undefined) throw new Error('no brokers');
  return settings;
}

async function admin<T>(ask: (admin: kafkajs.Admin) => Promise<T>): Promise<T> {
  const client = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await client.connect();
  return await ask(client).finally(async () => await client.disconnect());
}

/** Remembers what was said at level error. */
function listening(): { log: Logger; said: { message: string; fields: unknown }[] } {
  const said: { message: string; fields: unknown }[] = [];
  const log = createLogger('test', 'silent');
  log.error = ((fields: unknown, message: string) => void said.push({ fields, message })) as Logger['error'];
  return { log, said };
}

async function next(reader: KafkaReader): Promise<StreamBatch> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const batch = await reader.read(1, 500).catch((error: unknown) => {
      if (!(error instanceof WeatherError)) throw error;
      return undefined;
    });
    if (batch !== undefined) return batch;
  }
  throw new Error('nothing came');
}

test('a position that retention has taken is said at level error, and reading goes on at the oldest record', async () => {
  const settings = settingsFor('retention');
  await admin(async (client) => await client.createTopics({ topics: [{ topic: settings.topic, numPartitions: 1 }] }));
  const producer = createKafkaProducer(settings, silent);
  for (let n = 0; n < 6; n += 1) await producer.send([blockOf([`{"n":${n}}`])]);
  const before = openKafkaReader({ settings, log: silent });
  for (let n = 0; n < 2; n += 1) await (await next(before)).commit({ stored: 1, dead: 0 });
  await before.close();
  await admin(async (client) => {
    // The client knows no leader before it was asked for the topic.
    await client.fetchTopicOffsets(settings.topic);
    await client.deleteTopicRecords({ topic: settings.topic, partitions: [{ partition: 0, offset: '4' }] });
  });
  const { log, said } = listening();
  const after = openKafkaReader({ settings, log });
  const batch = await next(after);
  expect(batch.items.map(({ position }) => position)).toEqual(['retention:0:4']);
  expect(said).toEqual([
    {
      fields: { partition: 0 },
      message: 'the position is not in Kafka any more; reading goes on at the oldest record there',
    },
  ]);
  expect(after.totals()).toEqual({ stored: 2, dead: 0 });
  await batch.commit({ stored: 1, dead: 0 });
  await after.close();
  await producer.close();
});

test('a topic that keeps events for less than seven days is refused, one that is there is not changed', async () => {
  const settings = settingsFor('short');
  const configEntries = [{ name: 'retention.ms', value: '1000' }];
  await admin(async (client) => await client.createTopics({ topics: [{ topic: settings.topic, configEntries }] }));
  await expect(ensureTopics(settings, silent)).rejects.toThrow(StartError);
  await expect(ensureTopics(settings, silent)).rejects.toThrow('retention.ms is 1000');
  const made = settingsFor('made');
  expect(await ensureTopics(made, silent)).toEqual(['made topic made: 6 partitions, 1 replicas, kept for 7 days']);
  expect(await ensureTopics(made, silent)).toEqual(['topic made: 6 partitions, 1 replicas']);
});
