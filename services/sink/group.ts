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
import { GROUP_BYTES_MAX, GROUP_LINGER_MS, READ_WAIT_MS } from './limits.js';
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

/** Waits for blocks, and a little longer for more of them. Undefined when none came. Rejects as the reader does. */
export async function readGroup(reader: StreamReader, stop: AbortSignal): Promise<Group | undefined> {
  const first = await reader.read(GROUP_BYTES_MAX, READ_WAIT_MS);
  if (first === undefined) return undefined;
  if (first.bytes >= GROUP_BYTES_MAX / 2) return groupOf([first]);
  await sleep(GROUP_LINGER_MS, stop);
  const batches = [first];
  let bytes = first.bytes;
  for (let lane = 0; lane < (reader.lanes?.() ?? 1) && bytes < GROUP_BYTES_MAX; lane += 1) {
    const next = await reader.read(GROUP_BYTES_MAX - bytes, 0).catch(() => undefined);
    if (next === undefined) break;
    batches.push(next);
    bytes += next.bytes;
  }
  return groupOf(batches);
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
  const bytes = batches.reduce((sum, batch) => sum + batch.bytes, 0);
  return { batches: counted, bytes, batchOf, open: [...open.values()], unreadable, miscounted };
}

export function totalsOf({ rows, dead }: CountedBatch): StreamTotals {
  return { stored: rows - dead, dead };
}
