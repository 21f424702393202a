// Questions to Kafka about offsets. In: an admin client. Out: numbers by partition.
import type { Admin } from 'kafkajs';
import { decodeTotals } from './commit-metadata.js';
import type { KafkaSettings } from './config.js';
import type { StreamTotals } from '../stream.js';

/** Where the group stands in a partition. */
export interface Committed {
  /** The next offset to read; undefined when nothing was committed yet. */
  readonly offset: number | undefined;
  /** The position was not in Kafka any more: the client has put the oldest in its place. */
  readonly gone: boolean;
  /** Undefined when the commit carries none, as one that was put in place of another. */
  readonly totals: StreamTotals | undefined;
}

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
    positions.map(({ partition, offset: text, metadata }) => {
      const offset = Number(text);
      // -1: none was committed. -2 is what the client commits by itself when the position it had is not in Kafka any more.
      const committed = {
        offset: offset < 0 ? undefined : offset,
        gone: offset === -2,
        totals: decodeTotals(metadata),
      };
      return [partition, committed];
    }),
  );
}

/** A gap that stays after so many fetches is real. Old fetches that come late are few; a real gap is one that others' tools made. */
export const ASKED_AGAIN_MAX = 20;

export interface Arrival {
  /** Offset of the first record that came. */
  readonly offset: number;
  /** The offset that had to come, undefined when any may. */
  readonly next: number | undefined;
  /** How often in a row the offset that had to come was fetched once more. */
  readonly askedAgain: number;
}

/**
 * What to do with records that came: take them, fetch those that had to come, or take them although the position is gone (taken by
 * retention, cut off from the end, or never there).
 */
export function judgeArrival(
  { offset, next, askedAgain }: Arrival,
  { low, high }: { low: number; high: number },
): 'take' | 'fetch again' | 'gone' {
  if (next === undefined || offset === next) return 'take';
  return low <= next && next <= high && askedAgain < ASKED_AGAIN_MAX ? 'fetch again' : 'gone';
}
