// Blocks of rows as the collector writes them, made without it. In: how many, of how many rows. Out: NDJSON; no two rows share an id.
import { BlockPacker, SpareRoom } from '../../services/collector/blocks.js';
import type { Block, StreamWriter } from '../../shared/runtime/stream.js';
import { benchBatch } from './batches.js';
import { floorRows } from './floor-rows.js';

/** Spread over a day, as events of a whole day are. */
const DAY_MS = 86_400_000;
/** A log takes only so much in one append. */
const BLOCKS_PER_APPEND = 50;
const ROWS_PER_BATCH = 10;

export function rowBlocks(blocks: number, rowsPerBlock: number, endMs = Date.now()): Block[] {
  return Array.from({ length: blocks }, (_, index) => {
    const now = endMs - Math.floor((DAY_MS / blocks) * (blocks - index));
    const rows = floorRows(benchBatch({ index, events: rowsPerBlock, now }), now + 50);
    return {
      table: 'events',
      rows: rowsPerBlock,
      body: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')),
    };
  });
}

/** Batches of ten as the collector's own packing joins them when so many reach it at once. */
export function collectorBlocks(events: number, together: number, endMs = Date.now()): Block[] {
  const batches = rowBlocks(events / ROWS_PER_BATCH, ROWS_PER_BATCH, endMs);
  const blocks: Block[] = [];
  for (let at = 0; at < batches.length; at += together) {
    // what a packer wrote stays only as long as nobody gets its room again
    const packer = new BlockPacker(new SpareRoom());
    for (const { table, rows, body } of batches.slice(at, at + together))
      packer.add({ table, rows, text: body.toString() });
    for (const block of packer.finish()) blocks.push({ ...block, body: Buffer.from(block.body) });
  }
  return blocks;
}

/** Appends all of them, some at a time. */
export async function appendAll(writer: StreamWriter, blocks: readonly Block[]): Promise<void> {
  for (let at = 0; at < blocks.length; at += BLOCKS_PER_APPEND)
    await writer.append(blocks.slice(at, at + BLOCKS_PER_APPEND));
}
