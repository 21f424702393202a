// Packs NDJSON lines into blocks of the stream. A block is large enough for the sink to be fast, and small enough for a broker.
import type { StreamTable } from '../../shared/contract/rows.js';
import type { Block } from '../../shared/runtime/stream.js';

/** A block is closed once it has so many bytes; it is longer by at most one row (or one block that joined it). */
export const BLOCK_BYTES = 64 * 1024;

/** Packs lines (each ended by a newline) in their order. */
export function blocksOf(table: StreamTable, lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let text = '';
  let rows = 0;
  for (const line of lines) {
    text += line;
    rows++;
    if (text.length >= BLOCK_BYTES) {
      blocks.push({ table, rows, body: Buffer.from(text) });
      text = '';
      rows = 0;
    }
  }
  if (rows > 0) blocks.push({ table, rows, body: Buffer.from(text) });
  return blocks;
}

/** Joins small blocks of the same table, in their order, until they reach the size of one. Rows of one table keep their order. */
export function joinBlocks(blocks: readonly Block[]): Block[] {
  const joined: Block[] = [];
  const open = new Map<StreamTable, { parts: Buffer[]; rows: number; bytes: number }>();
  const close = (table: StreamTable): void => {
    const group = open.get(table);
    if (group === undefined) return;
    open.delete(table);
    const [only] = group.parts;
    const body = group.parts.length === 1 && only !== undefined ? only : Buffer.concat(group.parts, group.bytes);
    joined.push({ table, rows: group.rows, body });
  };
  for (const block of blocks) {
    const group = open.get(block.table) ?? { parts: [], rows: 0, bytes: 0 };
    if (group.bytes + block.body.length > 2 * BLOCK_BYTES) close(block.table);
    const target = open.get(block.table) ?? { parts: [], rows: 0, bytes: 0 };
    target.parts.push(block.body);
    target.rows += block.rows;
    target.bytes += block.body.length;
    open.set(block.table, target);
    if (target.bytes >= BLOCK_BYTES) close(block.table);
  }
  for (const table of [...open.keys()]) close(table);
  return joined;
}
