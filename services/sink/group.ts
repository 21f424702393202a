// Blocks that are stored together. In: batches of the stream. Out: per table the blocks of one insert, and per batch the rows that
// count. Must never hold more than about GROUP_BYTES_MAX.
import type { StreamTable } from '../../shared/contract/rows.js';
import { sleep } from '../../shared/runtime/retry.js';
import {
  isUnreadable,
  type DeliveredBlock,
  type StreamBatch,
  type StreamReader,
  type StreamTotals,
  type UnreadableBlock,
} from '../../shared/runtime/stream.js';
import { BACKLOG_BYTES, GROUP_BYTES_MAX, GROUP_LINGER_MS, READ_WAIT_MS } from './limits.js';
import { countLines } from './lines.js';

/** Blocks of one table that are not stored yet. */
export interface OpenTable {
  readonly table: StreamTable;
  readonly blocks: DeliveredBlock[];
  rows: number;
}

/** A batch with what it adds to the totals. Every block of `events` counts its lines; an unreadable block counts as one dead row. */
export interface CountedBatch {
  readonly batch: StreamBatch;
  rows: number;
  dead: number;
}

export interface Group {
  readonly batches: readonly CountedBatch[];
  readonly bytes: number;
  readonly batchOf: ReadonlyMap<DeliveredBlock, CountedBatch>;
  /** In order of first appearance. What is stored leaves the list. */
  open: OpenTable[];
  unreadable: UnreadableBlock[];
  /** Blocks whose header names another number of rows than they have lines. The lines are what ClickHouse stores: they count. */
  readonly miscounted: number;
}

/**
 * Waits for blocks, and a little longer for more of them unless they stand ready in other lanes. Undefined when none came.
 * Rejects as the reader does.
 */
export async function readGroup(reader: StreamReader, stop: AbortSignal): Promise<Group | undefined> {
  const first = await reader.read(GROUP_BYTES_MAX, READ_WAIT_MS);
  if (first === undefined) return undefined;
  const batches = [first];
  if (first.bytes >= GROUP_BYTES_MAX / 2) return groupOf(batches);
  // So much at once comes from a backlog: waiting would only leave ClickHouse idle. Each batch costs a commit: no look for less.
  if (first.bytes >= BACKLOG_BYTES) await takeReady(reader, batches);
  if (bytesOf(batches) < GROUP_BYTES_MAX / 2) {
    await sleep(GROUP_LINGER_MS, stop);
    await takeReady(reader, batches);
  }
  return groupOf(batches);
}

/** Adds what every lane has ready, as far as there is room. */
async function takeReady(reader: StreamReader, batches: StreamBatch[]): Promise<void> {
  for (let lane = 0; lane < (reader.lanes?.() ?? 1); lane += 1) {
    const room = GROUP_BYTES_MAX - bytesOf(batches);
    const next = room <= 0 ? undefined : await reader.read(room, 0).catch(() => undefined);
    if (next === undefined) return;
    batches.push(next);
  }
}

function bytesOf(batches: readonly StreamBatch[]): number {
  return batches.reduce((sum, batch) => sum + batch.bytes, 0);
}

export function groupOf(batches: readonly StreamBatch[]): Group {
  const open = new Map<StreamTable, OpenTable>();
  const unreadable: UnreadableBlock[] = [];
  const batchOf = new Map<DeliveredBlock, CountedBatch>();
  let miscounted = 0;
  const counted = batches.map((batch) => {
    const counts: CountedBatch = { batch, rows: 0, dead: 0 };
    for (const item of batch.items) {
      if (isUnreadable(item)) {
        unreadable.push(item);
        counts.rows += 1;
        counts.dead += 1;
        continue;
      }
      const lines = countLines(item.body);
      if (lines !== item.rows) miscounted += 1;
      if (lines === 0) continue;
      if (item.table === 'events') counts.rows += lines;
      batchOf.set(item, counts);
      const table = open.get(item.table) ?? { table: item.table, blocks: [], rows: 0 };
      open.set(item.table, table);
      table.blocks.push(item);
      table.rows += lines;
    }
    return counts;
  });
  return { batches: counted, bytes: bytesOf(batches), batchOf, open: [...open.values()], unreadable, miscounted };
}

/** The batches of each partition, in their order. */
export function lanesOf(batches: readonly CountedBatch[]): CountedBatch[][] {
  const lanes = new Map<number, CountedBatch[]>();
  for (const counted of batches) {
    const lane = counted.batch.lane ?? 0;
    lanes.set(lane, [...(lanes.get(lane) ?? []), counted]);
  }
  return [...lanes.values()];
}

export function totalsOf({ rows, dead }: CountedBatch): StreamTotals {
  return { stored: rows - dead, dead };
}
