// Packing rows into blocks: sizes, order, and that no byte is lost or comes twice.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BLOCK_BYTES,
  BLOCK_ROOM_BYTES,
  BlockPacker,
  SpareRoom,
  bytesExceed,
  linesOf,
  type Lines,
} from '../../../../services/collector/blocks.js';

const line = (bytes: number): string => `${'x'.repeat(bytes - 1)}\n`;
const lines = (bytes: number, table: Lines['table'] = 'events'): Lines => ({ table, rows: 1, text: line(bytes) });

function packed(all: readonly Lines[], spare = new SpareRoom()): (readonly [string, number, number])[] {
  const packer = new BlockPacker(spare);
  for (const some of all) packer.add(some);
  return packer.finish().map(({ table, rows, body }) => [table, rows, body.length]);
}

describe('joining the lines of a request', () => {
  it('gives nothing for no line', () => expect(linesOf('events', [])).toEqual([]));

  it('ends a text once it is long enough', () => {
    const half = line(BLOCK_BYTES / 2);
    expect(linesOf('events', [half, half, half]).map(({ rows, text }) => [rows, text.length])).toEqual([
      [2, BLOCK_BYTES],
      [1, BLOCK_BYTES / 2],
    ]);
    expect(linesOf('events', [line(BLOCK_BYTES - 1), line(7)])).toHaveLength(1);
  });

  it('knows their size in bytes', () => {
    const wide = linesOf('events', ['é'.repeat(100)]);
    expect([bytesExceed(wide, 200), bytesExceed(wide, 199)]).toEqual([false, true]);
    expect(bytesExceed(linesOf('events', [line(100), line(100)]), 199)).toBe(true);
    expect(bytesExceed(linesOf('events', [line(100), line(100)]), 200)).toBe(false);
  });
});

describe('packing the lines of many requests', () => {
  it('closes a block once it is full', () => {
    expect(packed(Array.from({ length: 40 }, () => lines(4096)))).toEqual([
      ['events', 16, BLOCK_BYTES],
      ['events', 16, BLOCK_BYTES],
      ['events', 8, BLOCK_BYTES / 2],
    ]);
  });

  it('keeps tables apart', () => {
    expect(packed([lines(10), lines(20, 'drops'), lines(30)])).toEqual([
      ['events', 2, 40],
      ['drops', 1, 20],
    ]);
  });

  it('begins a new block for what does not fit', () => {
    expect(packed([lines(10), lines(BLOCK_ROOM_BYTES - 10)])).toEqual([['events', 2, BLOCK_ROOM_BYTES]]);
    expect(packed([lines(10), lines(BLOCK_ROOM_BYTES - 9)])).toEqual([
      ['events', 1, 10],
      ['events', 1, BLOCK_ROOM_BYTES - 9],
    ]);
  });

  it('makes room for a single long text', () => {
    expect(packed([lines(10), lines(3 * BLOCK_ROOM_BYTES)])).toEqual([
      ['events', 1, 10],
      ['events', 1, 3 * BLOCK_ROOM_BYTES],
    ]);
  });

  it('loses nothing and keeps the order, whatever the texts are', () => {
    const spare = new SpareRoom();
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 50 }),
      fc.nat({ max: 3 * BLOCK_BYTES }).map((n) => 'é'.repeat(n)),
      fc.nat({ max: 3 * BLOCK_BYTES }).map((n) => 'x'.repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 12 }), (texts) => {
        const packer = new BlockPacker(spare);
        for (const some of texts) packer.add({ table: 'events', rows: 1, text: `${some}\n` });
        const blocks = packer.finish();
        const all = Buffer.concat(blocks.map(({ body }) => body)).toString('utf8');
        expect(all).toBe(texts.map((some) => `${some}\n`).join(''));
        expect(blocks.reduce((sum, { rows }) => sum + rows, 0)).toBe(texts.length);
        expect(packer.bytes).toBe(Buffer.byteLength(all));
        packer.release();
      }),
      { numRuns: 50 },
    );
  });
});

describe('room for blocks', () => {
  it('is used again once it was given back, and not before', () => {
    const spare = new SpareRoom();
    const [first, second] = [spare.take(1), spare.take(BLOCK_ROOM_BYTES)];
    expect(second).not.toBe(first);
    spare.give(first);
    expect(spare.take(1)).toBe(first);
  });

  it('of unusual size is not kept', () => {
    const spare = new SpareRoom();
    const large = spare.take(BLOCK_ROOM_BYTES + 1);
    expect(large.length).toBe(BLOCK_ROOM_BYTES + 1);
    spare.give(large);
    expect(spare.take(BLOCK_ROOM_BYTES + 1)).not.toBe(large);
  });
});
