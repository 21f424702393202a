// Packs NDJSON lines into blocks of the stream. A block is large enough for the sink to be fast, and small enough for a broker.
// Lines stay text until they are written, once, into the block that they share with those of other requests.
import type { StreamTable } from '../../shared/contract/rows.js';
import type { Block } from '../../shared/runtime/stream.js';

/** A block is closed once it has so many bytes. */
export const BLOCK_BYTES = 64 * 1024;
/** Room of a block: what would not fit begins the next one; only a single longer text gets more room. */
export const BLOCK_ROOM_BYTES = 2 * BLOCK_BYTES;
/** Empty blocks that are kept for the next rows. */
const SPARE_BLOCKS_MAX = 32;
/** A UTF-16 unit is at most so many bytes of UTF-8. */
export const UTF8_BYTES_PER_UNIT_MAX = 3;

/** Rows of one table as NDJSON, each line ended by a newline. */
export interface Lines {
  readonly table: StreamTable;
  readonly rows: number;
  readonly text: string;
}

/** Joins lines, in their order, into texts of about a block. */
export function linesOf(table: StreamTable, lines: readonly string[]): Lines[] {
  const joined: Lines[] = [];
  let text = '';
  let rows = 0;
  for (const line of lines) {
    text += line;
    rows++;
    if (text.length >= BLOCK_BYTES) {
      joined.push({ table, rows, text });
      text = '';
      rows = 0;
    }
  }
  if (rows > 0) joined.push({ table, rows, text });
  return joined;
}

/** Whether these texts have more than `max` bytes. */
export function bytesExceed(lines: readonly Lines[], max: number): boolean {
  const units = lines.reduce((sum, { text }) => sum + text.length, 0);
  if (units * UTF8_BYTES_PER_UNIT_MAX <= max) return false;
  return lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0) > max;
}

interface OpenBlock {
  readonly buffer: Buffer;
  used: number;
  rows: number;
}

/** Room for blocks that was used before, so that a busy collector does not ask for new memory all the time. */
export class SpareRoom {
  readonly #buffers: Buffer[] = [];

  take(bytes: number): Buffer {
    const spare = bytes <= BLOCK_ROOM_BYTES ? this.#buffers.pop() : undefined;
    return spare ?? Buffer.allocUnsafeSlow(Math.max(bytes, BLOCK_ROOM_BYTES));
  }

  /** Nobody may read the buffer any more. */
  give(buffer: Buffer): void {
    if (buffer.length === BLOCK_ROOM_BYTES && this.#buffers.length < SPARE_BLOCKS_MAX) this.#buffers.push(buffer);
  }
}

/** Fills blocks. Rows of one table keep their order. */
export class BlockPacker {
  readonly #spare: SpareRoom;
  readonly #closed: Block[] = [];
  readonly #open = new Map<StreamTable, OpenBlock>();
  readonly #buffers: Buffer[] = [];
  /** Written so far. */
  bytes = 0;

  constructor(spare: SpareRoom) {
    this.#spare = spare;
  }

  add({ table, rows, text }: Lines): void {
    const block = this.#blockFor(table, text);
    const bytes = block.buffer.write(text, block.used);
    block.used += bytes;
    block.rows += rows;
    this.bytes += bytes;
    if (block.used >= BLOCK_BYTES) this.#close(table, block);
  }

  /** Ends every block and answers all of them. */
  finish(): readonly Block[] {
    for (const [table, block] of this.#open) this.#close(table, block);
    return this.#closed;
  }

  /** Gives the room back, once nobody reads the blocks any more. */
  release(): void {
    for (const buffer of this.#buffers) this.#spare.give(buffer);
  }

  #blockFor(table: StreamTable, text: string): OpenBlock {
    const open = this.#open.get(table);
    const room = open === undefined ? BLOCK_ROOM_BYTES : open.buffer.length - open.used;
    const unitsFit = text.length * UTF8_BYTES_PER_UNIT_MAX <= room;
    if (open !== undefined && unitsFit) return open;
    const bytes = unitsFit ? 0 : Buffer.byteLength(text);
    if (open !== undefined && bytes <= room) return open;
    if (open !== undefined) this.#close(table, open);
    const block: OpenBlock = { buffer: this.#spare.take(bytes), used: 0, rows: 0 };
    this.#buffers.push(block.buffer);
    this.#open.set(table, block);
    return block;
  }

  #close(table: StreamTable, block: OpenBlock): void {
    this.#open.delete(table);
    this.#closed.push({ table, rows: block.rows, body: block.buffer.subarray(0, block.used) });
  }
}
