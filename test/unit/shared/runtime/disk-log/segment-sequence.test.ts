// When a writer begins a new segment: by size and by age, at the limit and one past it.
import { expect, test } from 'vitest';
import { measureAppend } from '../../../../../shared/runtime/disk-log/append.js';
import { SEGMENT_AGE_MAX_MS, SegmentSequence } from '../../../../../shared/runtime/disk-log/segment-sequence.js';
import { blockOf, segmentFiles, withLogFolder } from '../../../../support/disk-log.js';

/** Bytes on disk of a frame with one row of a one-digit id. */
const FRAME = 49;

async function check(segmentBytes: number, times: number[], expected: string[]): Promise<void> {
  await withLogFolder(async (directory) => {
    const segments = new SegmentSequence({ directory, segmentBytes, nextSeq: 1 });
    for (const now of times) {
      const { blocks, bytes } = measureAppend([blockOf([1])]);
      await segments.append(blocks, bytes, now);
    }
    await segments.close();
    expect(await segmentFiles(directory)).toEqual(expected);
  });
}

test('a segment is filled to its last byte, one more begins the next', async () => {
  await check(2 * FRAME, [9, 9], ['9-1.seg']);
  await check(2 * FRAME, [9, 9, 9], ['9-1.seg', '9-3.seg']);
  await check(2 * FRAME - 1, [9, 9], ['9-1.seg', '9-2.seg']);
});

test('an append larger than a segment has one of its own', async () => {
  await check(10, [9, 9], ['9-1.seg', '9-2.seg']);
});

test('a segment takes nothing more when it is an hour old', async () => {
  await check(1e6, [0, SEGMENT_AGE_MAX_MS - 1], ['0-1.seg']);
  await check(1e6, [0, SEGMENT_AGE_MAX_MS], ['0-1.seg', `${SEGMENT_AGE_MAX_MS}-2.seg`]);
});

test('a clock that goes back does not begin a new one', async () => {
  await check(1e6, [SEGMENT_AGE_MAX_MS * 5, 0], [`${SEGMENT_AGE_MAX_MS * 5}-1.seg`]);
});
