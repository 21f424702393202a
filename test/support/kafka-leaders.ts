// Who leads the partitions of a topic, asked of and changed in a real cluster. In: its brokers' addresses and a topic.
// Out: leaders by partition, ways to move them. Shares no code with the product.
import kafkajs, { type PartitionMetadata } from 'kafkajs';
import { eventually, eventuallyAnswered } from './eventually.js';
import type { Random } from './random.js';

export interface KafkaLeaders {
  /** Broker by partition; -1 for none at the moment. */
  leaders(): Promise<readonly number[]>;
  /** Gives each partition its replicas in another order: the first is to lead, which the controller sees to within a second. */
  move(random: Random): Promise<void>;
  /** Waits until every partition has so many replicas in sync. */
  inSync(replicas: number, timeoutMs?: number): Promise<void>;
  addPartitions(count: number): Promise<void>;
  /** Records that were ever put into each partition. */
  ends(): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

export async function openKafkaLeaders(brokers: string, topic: string): Promise<KafkaLeaders> {
  const kafka = new kafkajs.Kafka({
    brokers: brokers.split(','),
    logLevel: kafkajs.logLevel.NOTHING,
    requestTimeout: 5_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 12 },
  });
  const admin = kafka.admin();
  await admin.connect();
  const partitions = async (): Promise<readonly PartitionMetadata[]> => {
    const { topics } = await eventuallyAnswered(async () => await admin.fetchTopicMetadata({ topics: [topic] }));
    return (topics[0]?.partitions ?? []).toSorted((a, b) => a.partitionId - b.partitionId);
  };
  return {
    leaders: async () => (await partitions()).map(({ leader }) => leader),
    move: async (random) => {
      const partitionAssignment = (await partitions()).map(({ partitionId, leader, replicas }) => {
        const others = replicas.filter((id) => id !== leader);
        const next = random.pick(others);
        return { partition: partitionId, replicas: [next, ...replicas.filter((id) => id !== next)] };
      });
      const topics = [{ topic, partitionAssignment }];
      await eventuallyAnswered(async () => await admin.alterPartitionReassignments({ topics }));
    },
    inSync: async (replicas, timeoutMs = 60_000) => {
      const counts = async () => (await partitions()).map(({ isr }) => isr.length);
      await eventually(counts, (found) => found.every((count) => count >= replicas), timeoutMs);
    },
    addPartitions: async (count) => void (await admin.createPartitions({ topicPartitions: [{ topic, count }] })),
    ends: async () => {
      const offsets = await eventuallyAnswered(async () => await admin.fetchTopicOffsets(topic));
      return new Map(offsets.map(({ partition, high }) => [partition, Number(high)]));
    },
    close: async () => await admin.disconnect(),
  };
}
