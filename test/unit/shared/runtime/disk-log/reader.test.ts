// The reading end: it waits for what is unfinished, sets aside what is damaged, and deletes only behind a durable cursor.
import { appendFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { writeCursor } from '../../../../../shared/runtime/disk-log/cursor.js';
import { BLOCK_BYTES_MAX, FRAME_HEADER_BYTES, encodeHeader } from '../../../../../shared/runtime/disk-log/frame.js';
import { openDiskLogReader } from '../../../../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../../../../shared/runtime/disk-log/writer.js';
import type { StreamBatch } from '../../../../../shared/runtime/stream.js';
import { blockOf, drain, segmentFiles, withLogFolder } from '../../../../support/disk-log.js';

const nothing = { stored: 0, dead: 0 };
/** Bytes of a frame with one row of a one-digit id. */
const FRAME = 49;

function frame(id: number): Buffer {
  const block = blockOf([id]);
  return Buffer.concat([encodeHeader(block, id, 1), block.body]);
}

/** Writes segments `9-<first id>.seg` as a writer would have left them. */
async function leaveSegments(directory: string, ...segments: number[][]): Promise<void> {
  for (const ids of segments)
    await writeFile(path.join(directory, `9-${ids[0] ?? 0}.seg`), Buffer.concat(ids.map(frame)));
}

async function mustRead(reader: { read(bytes: number, ms: number): Promise<StreamBatch | undefined> }, maxBytes = 1) {
  const batch = await reader.read(maxBytes, 0);
  if (batch === undefined) throw new Error('nothing was read');
  return batch;
}

describe('a frame that is not finished', () => {
  test('is waited for at the end of the newest segment, and read once it is whole', async () => {
    await withLogFolder(async (directory) => {
      const file = path.join(directory, '9-1.seg');
      const reader = await openDiskLogReader({ directory });
      for (let id = 1; id < FRAME; id += 1) {
        const bytes = frame(id % 9);
        await appendFile(file, bytes.subarray(0, id));
        expect(await reader.read(1e6, 0), `${id} bytes`).toBeUndefined();
        await appendFile(file, bytes.subarray(id));
        expect(await drain(reader)).toEqual({ ids: [id % 9], unreadable: [] });
      }
      expect(await readdir(directory)).not.toContain('quarantine');
      await reader.close();
    });
  });

  test('is forgotten when the next writer cuts it off', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1]);
      await appendFile(path.join(directory, '9-1.seg'), frame(2).subarray(0, 45));
      const reader = await openDiskLogReader({ directory });
      expect((await drain(reader)).ids).toEqual([1]);
      const writer = await openDiskLogWriter({ directory });
      await writer.append([blockOf([3])]);
      expect(await drain(reader)).toEqual({ ids: [3], unreadable: [] });
      await writer.close();
      await reader.close();
    });
  });

  test('is damage in an older segment', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1], [3]);
      await appendFile(path.join(directory, '9-1.seg'), frame(2).subarray(0, 45));
      const reader = await openDiskLogReader({ directory });
      const { ids, unreadable } = await drain(reader);
      expect(ids).toEqual([1, 3]);
      expect(unreadable).toEqual([
        {
          position: 'log:9-1:49',
          reason: 'bad_crc',
          detail: 'an unfinished frame: 45 of 49 bytes',
          bytes: frame(2).subarray(0, 45),
        },
      ]);
      await reader.close();
    });
  });
});

describe('damage', () => {
  test('is kept in quarantine before the batch is given out, and passed only by its commit', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2, 3]);
      const file = path.join(directory, '9-1.seg');
      const content = await readFile(file);
      content.writeUInt8(content.readUInt8(FRAME + 44) ^ 4, FRAME + 44);
      await writeFile(file, content);
      const reader = await openDiskLogReader({ directory });
      await (await mustRead(reader)).commit(nothing);
      const batch = await mustRead(reader);
      expect(batch.items).toMatchObject([{ position: 'log:9-1:49', reason: 'bad_crc' }]);
      expect(batch.bytes).toBe(FRAME);
      const kept = await readFile(path.join(directory, 'quarantine', '9-1-49.bad'));
      expect(kept.equals(content.subarray(FRAME, 2 * FRAME))).toBe(true);
      await reader.rewind();
      const again = await mustRead(reader);
      expect(again.items).toEqual(batch.items);
      await again.commit({ stored: 0, dead: 1 });
      expect(await drain(reader)).toEqual({ ids: [3], unreadable: [] });
      await reader.close();
    });
  });

  test('at the very end of the newest segment is believed when it stands for a second', async () => {
    await withLogFolder(async (directory) => {
      let now = 0;
      const reader = await openDiskLogReader({ directory, clock: { now: () => 1, monotonic: () => now } });
      await leaveSegments(directory, [1]);
      await appendFile(path.join(directory, '9-1.seg'), Buffer.alloc(60));
      expect(await drain(reader)).toEqual({ ids: [1], unreadable: [] });
      now = 999;
      expect(await reader.read(1e6, 0)).toBeUndefined();
      await appendFile(path.join(directory, '9-1.seg'), Buffer.alloc(60));
      now = 1500;
      expect(await reader.read(1e6, 0)).toBeUndefined();
      now = 2499;
      expect(await reader.read(1e6, 0)).toBeUndefined();
      now = 2500;
      expect((await mustRead(reader)).items).toMatchObject([{ position: 'log:9-1:49', bytes: Buffer.alloc(120) }]);
      await reader.close();
    });
  });

  test('before a frame of the newest segment is believed at once', async () => {
    await withLogFolder(async (directory) => {
      await writeFile(path.join(directory, '9-1.seg'), Buffer.concat([Buffer.alloc(60), frame(2)]));
      const reader = await openDiskLogReader({ directory });
      const { ids, unreadable } = await drain(reader);
      expect([ids, unreadable.length]).toEqual([[2], 1]);
      await reader.close();
    });
  });

  test('of any length comes in bounded pieces', async () => {
    await withLogFolder(async (directory) => {
      const piece = FRAME_HEADER_BYTES + BLOCK_BYTES_MAX;
      await writeFile(path.join(directory, '9-1.seg'), Buffer.concat([Buffer.alloc(2 * piece + 5), frame(2)]));
      const reader = await openDiskLogReader({ directory });
      const { ids, unreadable } = await drain(reader);
      expect(ids).toEqual([2]);
      expect(unreadable.map((one) => [one.position, one.bytes.length])).toEqual([
        ['log:9-1:0', piece],
        [`log:9-1:${piece}`, piece],
        [`log:9-1:${2 * piece}`, 5],
      ]);
      await reader.close();
    });
  });

  test('that the full quarantine cannot keep says so', async () => {
    await withLogFolder(async (directory) => {
      await writeFile(path.join(directory, '9-1.seg'), Buffer.concat([Buffer.alloc(60), frame(2)]));
      const reader = await openDiskLogReader({ directory, quarantineBytes: 59 });
      expect((await drain(reader)).unreadable[0]?.detail).toBe(
        'no intact frame header; not kept, the quarantine is full',
      );
      await reader.close();
    });
  });
});

describe('segments', () => {
  test('are deleted by the commit that moves the cursor behind them, never by reading', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2], [3, 4], [5]);
      const reader = await openDiskLogReader({ directory });
      const batches = [await mustRead(reader, 1e6), await mustRead(reader, 1e6), await mustRead(reader, 1e6)];
      expect(await segmentFiles(directory)).toEqual(['9-1.seg', '9-3.seg', '9-5.seg']);
      const left: string[][] = [];
      for (const batch of batches) {
        await batch.commit(nothing);
        left.push(await segmentFiles(directory));
      }
      expect(left).toEqual([['9-1.seg', '9-3.seg', '9-5.seg'], ['9-3.seg', '9-5.seg'], ['9-5.seg']]);
      await reader.close();
    });
  });

  test('stay when the cursor could not be written, and the same batch can be committed again', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2], [3]);
      const reader = await openDiskLogReader({ directory });
      const [first, second] = [await mustRead(reader, 1e6), await mustRead(reader, 1e6)];
      await first.commit({ stored: 2, dead: 0 });
      // A folder in its place: the rename over it fails.
      await rm(path.join(directory, 'cursor.json'));
      await mkdir(path.join(directory, 'cursor.json'));
      await expect(second.commit({ stored: 1, dead: 0 })).rejects.toMatchObject({
        code: 'disk_log_cursor',
        retriable: true,
      });
      expect(await segmentFiles(directory)).toEqual(['9-1.seg', '9-3.seg']);
      expect(reader.totals()).toEqual({ stored: 2, dead: 0 });
      await rm(path.join(directory, 'cursor.json'), { recursive: true });
      await second.commit({ stored: 1, dead: 0 });
      expect(await segmentFiles(directory)).toEqual(['9-3.seg']);
      expect(reader.totals()).toEqual({ stored: 3, dead: 0 });
      await reader.close();
    });
  });

  test('that a dead reader could not delete any more are deleted by the next one', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2], [3]);
      await writeCursor(directory, { position: { segment: '9-3', offset: 0 }, totals: { stored: 2, dead: 0 } });
      const reader = await openDiskLogReader({ directory });
      expect(await segmentFiles(directory)).toEqual(['9-3.seg']);
      expect((await drain(reader)).ids).toEqual([3]);
      await reader.close();
    });
  });

  test.each([
    ['the end of a deleted segment', '9-2', 49],
    ['an offset that its segment never reached', '9-3', 4900],
  ])('behind a cursor at %s are read from their start', async (_, segment, offset) => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [3], [4, 5], [6]);
      await writeCursor(directory, { position: { segment, offset }, totals: nothing });
      const reader = await openDiskLogReader({ directory });
      expect((await drain(reader)).ids).toEqual(segment === '9-2' ? [3, 4, 5, 6] : [4, 5, 6]);
      await reader.close();
    });
  });

  test('written after all others were removed by hand are read', async () => {
    await withLogFolder(async (directory) => {
      await writeCursor(directory, { position: { segment: '9-70', offset: 490 }, totals: nothing });
      const writer = await openDiskLogWriter({ directory });
      await writer.append([blockOf([1])]);
      const reader = await openDiskLogReader({ directory });
      expect((await drain(reader)).ids).toEqual([1]);
      await reader.close();
      await writer.close();
    });
  });
});

describe('the committed position', () => {
  test('is where the next reader goes on, with its totals', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2, 3]);
      const first = await openDiskLogReader({ directory });
      await (await mustRead(first)).commit({ stored: 1, dead: 0 });
      await (await mustRead(first)).commit({ stored: 0, dead: 1 });
      await mustRead(first);
      await first.close();
      const second = await openDiskLogReader({ directory });
      expect(second.totals()).toEqual({ stored: 1, dead: 1 });
      expect((await drain(second)).ids).toEqual([3]);
      await second.close();
    });
  });

  test('is where reading begins again after a rewind; what was read before cannot be committed any more', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2], [3]);
      const reader = await openDiskLogReader({ directory });
      await (await mustRead(reader)).commit(nothing);
      const stale = await mustRead(reader);
      await mustRead(reader);
      await reader.rewind();
      await expect(stale.commit(nothing)).rejects.toThrow('in the order they were read');
      expect((await drain(reader)).ids).toEqual([2, 3]);
      await reader.close();
    });
  });

  test('moves in the order of reading, once a batch', async () => {
    await withLogFolder(async (directory) => {
      await leaveSegments(directory, [1, 2, 3]);
      const reader = await openDiskLogReader({ directory });
      const [first, second, third] = [await mustRead(reader), await mustRead(reader), await mustRead(reader)];
      await expect(second.commit(nothing)).rejects.toThrow('in the order they were read');
      const counts = { stored: 1, dead: 0 };
      await Promise.all([first.commit(counts), second.commit(counts), third.commit(counts)]);
      await expect(third.commit(counts)).rejects.toThrow('once each');
      expect(reader.totals()).toEqual({ stored: 3, dead: 0 });
      await reader.close();
    });
  });
});

test('the backlog counts bytes behind the committed position, and the age of the oldest', async () => {
  await withLogFolder(async (directory) => {
    let now = 1000;
    const clock = { now: () => now, monotonic: () => 0 };
    const writer = await openDiskLogWriter({ directory, clock, segmentBytes: 2 * FRAME });
    const reader = await openDiskLogReader({ directory, clock });
    expect(await reader.backlog()).toEqual({ bytes: 0, ageMs: 0 });
    for (const id of [1, 2, 3]) {
      await writer.append([blockOf([id])]);
      now += 100;
    }
    expect(await reader.backlog()).toEqual({ bytes: 3 * FRAME, ageMs: 300 });
    const first = await mustRead(reader);
    expect(await reader.backlog()).toEqual({ bytes: 3 * FRAME, ageMs: 300 });
    await first.commit(nothing);
    expect(await reader.backlog()).toEqual({ bytes: 2 * FRAME, ageMs: 200 });
    await drain(reader);
    expect(await reader.backlog()).toEqual({ bytes: 0, ageMs: 0 });
    await writer.close();
    await reader.close();
  });
});

test('closing ends a read that waits, and frees the lock', async () => {
  await withLogFolder(async (directory) => {
    const reader = await openDiskLogReader({ directory });
    const waiting = reader.read(1e6, 60_000);
    await reader.close();
    expect(await waiting).toBeUndefined();
    await (await openDiskLogReader({ directory, lockWaitMs: 0 })).close();
  });
});

test('a log that cannot be read is weather', async () => {
  await withLogFolder(async (directory) => {
    const reader = await openDiskLogReader({ directory: path.join(directory, 'log') });
    await rm(path.join(directory, 'log'), { recursive: true });
    await expect(reader.read(1e6, 0)).rejects.toMatchObject({ name: 'WeatherError', retriable: true });
    await reader.close();
  });
});
