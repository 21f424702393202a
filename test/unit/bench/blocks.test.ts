// Blocks for the benchmarks, as the collector would write them.
import { expect, test } from 'vitest';
import { BLOCK_BYTES, BLOCK_ROOM_BYTES } from '../../../services/collector/blocks.js';
import { collectorBlocks, rowBlocks } from '../../bench/blocks.js';

test('batches that come together share blocks, and no row is lost or written twice', () => {
  const check = (together: number, blocks: number) => {
    const made = collectorBlocks(640, together);
    expect(made).toHaveLength(blocks);
    const lines = made.flatMap(({ body, rows }) => {
      const text = body.toString().split('\n').slice(0, -1);
      expect(text).toHaveLength(rows);
      return text;
    });
    const ids = lines.map((line) => (JSON.parse(line) as { event_id: string }).event_id);
    expect(new Set(ids).size).toBe(640);
    for (const { body } of made) expect(body.length).toBeLessThan(BLOCK_ROOM_BYTES);
  };
  check(1, 64);
  check(4, 16);
});

test('many batches at once fill their blocks', () => {
  const blocks = collectorBlocks(1280, 64);
  expect(blocks.filter(({ body }) => body.length >= BLOCK_BYTES).length).toBeGreaterThanOrEqual(blocks.length - 2);
});

test('blocks carry as many rows as they say', () => {
  for (const { rows, body } of rowBlocks(3, 10)) expect(body.toString().split('\n')).toHaveLength(rows + 1);
});
