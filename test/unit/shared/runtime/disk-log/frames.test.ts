// Looking at the frames of a log without a lock.
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readFrames, type FrameRange } from '../../../../../shared/runtime/disk-log/frames.js';
import { openDiskLogReader } from '../../../../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../../../../shared/runtime/disk-log/writer.js';
import { blockOf, idsIn, segmentFiles, withLogFolder } from '../../../../support/disk-log.js';

async function look(directory: string, range: FrameRange = {}): Promise<(string | number)[]> {
  const found: (string | number)[] = [];
  for await (const entry of readFrames(directory, range))
    found.push(...(entry.kind === 'frame' ? idsIn(entry.body) : [`${entry.reason} ${entry.offset}`]));
  return found;
}

test('all frames are seen beside a writer and a reader, or those of a range', async () => {
  await withLogFolder(async (directory) => {
    const clock = { now: () => 9, monotonic: () => 0 };
    const writer = await openDiskLogWriter({ directory, clock, segmentBytes: 150 });
    const reader = await openDiskLogReader({ directory });
    for (let id = 1; id <= 7; id += 1) await writer.append([blockOf([id])]);
    expect(await segmentFiles(directory)).toEqual(['9-1.seg', '9-4.seg', '9-7.seg']);
    expect(await look(directory)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(await look(directory, { before: { segment: '9-4', offset: 49 } })).toEqual([1, 2, 3, 4]);
    expect(await look(directory, { from: { segment: '9-4', offset: 49 } })).toEqual([5, 6, 7]);
    expect(
      await look(directory, { from: { segment: '9-1', offset: 98 }, before: { segment: '9-4', offset: 0 } }),
    ).toEqual([3]);
    await writer.close();
    await reader.close();
  });
});

test('damage is named, an unfinished frame at the very end is left out', async () => {
  await withLogFolder(async (directory) => {
    const clock = { now: () => 9, monotonic: () => 0 };
    const writer = await openDiskLogWriter({ directory, clock, segmentBytes: 100 });
    for (let id = 1; id <= 3; id += 1) await writer.append([blockOf([id])]);
    await writer.close();
    await appendFile(path.join(directory, '9-1.seg'), 'garbage');
    await appendFile(path.join(directory, '9-3.seg'), 'garbage');
    expect(await look(directory)).toEqual([1, 2, 'bad_crc 98', 3]);
  });
});
