// Packing rows into blocks.
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, blocksOf, joinBlocks } from '../../../../services/collector/blocks.js';
import type { Block } from '../../../../shared/runtime/stream.js';

const line = (bytes: number): string => `${'x'.repeat(bytes - 1)}\n`;
const sizes = (blocks: readonly Block[]) => blocks.map(({ table, rows, body }) => [table, rows, body.length]);

describe('packing lines', () => {
  it('gives no block for no line', () => expect(blocksOf('events', [])).toEqual([]));

  it('closes a block once it is full', () => {
    const half = line(BLOCK_BYTES / 2);
    expect(sizes(blocksOf('events', [half, half, half]))).toEqual([
      ['events', 2, BLOCK_BYTES],
      ['events', 1, BLOCK_BYTES / 2],
    ]);
    expect(sizes(blocksOf('events', [line(BLOCK_BYTES - 1), line(7)]))).toEqual([['events', 2, BLOCK_BYTES + 6]]);
  });

  it('keeps every byte in its order', () => {
    const lines = Array.from({ length: 1000 }, (_, i) => `${JSON.stringify({ i, text: 'é'.repeat(100) })}\n`);
    const packed = Buffer.concat(blocksOf('events', lines).map(({ body }) => body));
    expect(packed.toString()).toBe(lines.join(''));
  });
});

describe('joining the blocks of many requests', () => {
  const block = (table: Block['table'], bytes: number): Block => ({ table, rows: 1, body: Buffer.from(line(bytes)) });

  it('joins small ones of the same table until they are full', () => {
    const small = Array.from({ length: 40 }, () => block('events', 4096));
    expect(sizes(joinBlocks(small))).toEqual([
      ['events', 16, BLOCK_BYTES],
      ['events', 16, BLOCK_BYTES],
      ['events', 8, BLOCK_BYTES / 2],
    ]);
  });

  it('keeps tables apart', () => {
    const mixed = [block('events', 10), block('drops', 20), block('events', 30)];
    expect(sizes(joinBlocks(mixed))).toEqual([
      ['events', 2, 40],
      ['drops', 1, 20],
    ]);
  });

  it('does not make a large one larger, and does not copy it', () => {
    const large = block('events', 3 * BLOCK_BYTES);
    const joined = joinBlocks([block('events', 10), large]);
    expect(sizes(joined)).toEqual([
      ['events', 1, 10],
      ['events', 1, 3 * BLOCK_BYTES],
    ]);
    expect(joined[1]?.body).toBe(large.body);
  });

  it('keeps the order of the rows of a table', () => {
    const blocks = Array.from({ length: 300 }, (_, i) => ({
      table: 'events' as const,
      rows: 1,
      body: Buffer.from(`${i}\n`),
    }));
    expect(Buffer.concat(joinBlocks(blocks).map(({ body }) => body)).toString()).toBe(
      blocks.map((_, i) => `${i}\n`).join(''),
    );
  });
});
