// A real Kafka for the benchmarks, one node compiled for throughput, with the product's topic. In: nothing. Out: what its clients
// need, and how far a group has come. Must leave neither process nor folder behind.
import kafkajs from 'kafkajs';
import { kafkaConfigSchema, kafkaSettings, type KafkaSettings } from '../../shared/runtime/kafka/config.js';
import { decodeTotals } from '../../shared/runtime/kafka/commit-metadata.js';
import { ensureTopics } from '../../shared/runtime/kafka/topics.js';
import { createLogger } from '../../shared/runtime/log.js';
import { startTestKafka, type TestKafka } from '../support/kafka.js';

export interface BenchKafka {
  readonly brokers: string;
  readonly settings: KafkaSettings;
  /** Process id of broker `i`, from 1. */
  pid(i?: number): number;
  /** Rows that the sink's group has stored, by the totals in its commits. */
  stored(): Promise<number>;
  /** Makes another topic with as many partitions as the product's. */
  addTopic(topic: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startBenchKafka(brokers = 1): Promise<BenchKafka> {
  const kafka = await startTestKafka({ brokers, forThroughput: true });
  try {
    return await prepared(kafka);
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}

async function prepared(kafka: TestKafka): Promise<BenchKafka> {
  const settings = kafkaSettings(kafkaConfigSchema.parse({ KAFKA_BROKERS: kafka.brokers }));
  if (settings === undefined) throw new Error('no brokers');
  const silent = createLogger('bench', 'silent');
  await ensureTopics(settings, silent);
  const client = new kafkajs.Kafka({ brokers: [...settings.brokers], logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  return {
    brokers: kafka.brokers,
    settings,
    pid: (i = 1) => kafka.broker(i).pid ?? 0,
    stored: async () => {
      const [group] = await admin.fetchOffsets({ groupId: settings.group, topics: [settings.topic] });
      const totals = (group?.partitions ?? []).map(({ metadata }) => decodeTotals(metadata)?.stored ?? 0);
      return totals.reduce((sum, stored) => sum + stored, 0);
    },
    addTopic: async (topic) => void (await ensureTopics({ ...settings, topic }, silent)),
    stop: async () => {
      await admin.disconnect();
      await kafka.stop();
    },
  };
}
