// Questions to Kafka about offsets. In: an admin client. Out: numbers by partition.
import type { Admin } from 'kafkajs';
import { decodeTotals } from './commit-metadata.js';
import type { KafkaSettings } from './config.js';
import type { Committed } from './deliveries.js';

/** The oldest offset of each partition, and the one behind its newest record. */
export async function partitionBounds(
  admin: Admin,
  topic: string,
): Promise<ReadonlyMap<number, { low: number; high: number }>> {
  const offsets = await admin.fetchTopicOffsets(topic);
  return new Map(offsets.map(({ partition, low, high }) => [partition, { low: Number(low), high: Number(high) }]));
}

/** Where the group stands in each partition. */
export async function groupPositions(
  admin: Admin,
  { group, topic }: KafkaSettings,
): Promise<ReadonlyMap<number, Committed>> {
  const [answer] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
  const positions = answer?.partitions ?? [];
  return new Map(
    positions.map(({ partition, offset, metadata }) => {
      // Negative: none was committed, or Kafka was told to begin at the oldest.
      return [partition, { offset: Number(offset) < 0 ? undefined : Number(offset), totals: decodeTotals(metadata) }];
    }),
  );
}
