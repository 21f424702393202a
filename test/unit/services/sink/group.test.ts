// Groups: which blocks go together, what a batch adds to the totals, how much is read at once.
import { expect, test } from 'vitest';
import { groupOf, lanesOf, readGroup, totalsOf } from '../../../../services/sink/group.js';
import { BACKLOG_BYTES, GROUP_BYTES_MAX } from '../../../../services/sink/limits.js';
import type { StreamBatch } from '../../../../shared/runtime/stream.js';
import { block, FakeStream, type Item } from './fakes.js';

function batch(...items: Item[]): StreamBatch {
  return { items, bytes: 1, commit: async () => undefined };
}

test('each batch counts the lines of its events, and an unreadable block as one dead row', () => {
  const unreadable = { position: 'p', reason: 'bad_crc', detail: '', bytes: Buffer.alloc(0) } as const;
  const group = groupOf([
    batch(block(['a', 'b']), block(['c'], { table: 'drops' }), block(['d'])),
    batch(unreadable, block(['e'], { table: 'erasures' }), block(['f'], { table: 'dead_letters' })),
  ]);
  expect(group.batches.map(totalsOf)).toEqual([
    { stored: 3, dead: 0 },
    { stored: 0, dead: 1 },
  ]);
  expect(group.open.map(({ table, rows, blocks }) => [table, rows, blocks.length])).toEqual([
    ['events', 3, 2],
    ['drops', 1, 1],
    ['erasures', 1, 1],
    ['dead_letters', 1, 1],
  ]);
  expect(group.unreadable).toEqual([unreadable]);
});

test('batches are told apart by their partition, each in its order', () => {
  const lanes = [2, 0, 2, undefined].map((lane, i) => ({
    ...batch(block([`${i}`])),
    ...(lane !== undefined && { lane }),
  }));
  const { batches } = groupOf(lanes);
  expect(lanesOf(batches)).toEqual([
    [batches[0], batches[2]],
    [batches[1], batches[3]],
  ]);
});

test('blocks without a row are not inserted, and headers that lie are counted', () => {
  const group = groupOf([batch(block([], { rows: 0 }), block(['', ' '], { rows: 2 }), block(['a'], { rows: 2 }))]);
  expect(group.open.map(({ rows, blocks }) => [rows, blocks.length])).toEqual([[1, 1]]);
  expect(group.miscounted).toBe(2);
});

async function readsOf(...sizes: number[]): Promise<{ asked: number[]; bytes: number | undefined }> {
  const stream = new FakeStream();
  for (const size of sizes) stream.push(block(['x'.repeat(size - 1)]));
  const group = await readGroup(stream, AbortSignal.abort());
  return { asked: stream.reads, bytes: group?.bytes };
}

test('a group that is half full is taken as it is, a smaller one waits for more', async () => {
  const half = GROUP_BYTES_MAX / 2;
  expect(await readsOf(half, 10)).toEqual({ asked: [GROUP_BYTES_MAX], bytes: half });
  expect(await readsOf(half - 1, 10)).toEqual({ asked: [GROUP_BYTES_MAX, half + 1], bytes: half + 9 });
  expect(await readsOf(10)).toEqual({ asked: [GROUP_BYTES_MAX, GROUP_BYTES_MAX - 10], bytes: 10 });
});

test('what stands ready beside a large first read is taken without waiting for more', async () => {
  const stream = new FakeStream();
  for (const size of [BACKLOG_BYTES, GROUP_BYTES_MAX / 2]) stream.push(block(['x'.repeat(size - 1)]));
  const group = await readGroup(stream, new AbortController().signal);
  expect(group?.batches).toHaveLength(2);
  expect(stream.reads).toEqual([GROUP_BYTES_MAX, GROUP_BYTES_MAX - BACKLOG_BYTES]);
});

test('a first read just below a backlog is looked beside only once, after the wait', async () => {
  expect(await readsOf(BACKLOG_BYTES - 1, 10, 10)).toEqual({
    asked: [GROUP_BYTES_MAX, GROUP_BYTES_MAX - BACKLOG_BYTES + 1],
    bytes: BACKLOG_BYTES + 9,
  });
});

test('no group comes from an empty stream', async () => {
  expect(await readsOf()).toEqual({ asked: [GROUP_BYTES_MAX], bytes: undefined });
});
