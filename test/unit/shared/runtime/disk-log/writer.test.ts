// The writing end: durable before it answers, whole or not at all, bounded, and through with a file in which a sync failed.
import { readFile, rename, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { APPEND_BYTES_MAX } from '../../../../../shared/runtime/disk-log/append.js';
import { BLOCK_BYTES_MAX, FRAME_HEADER_BYTES } from '../../../../../shared/runtime/disk-log/frame.js';
import { openDiskLogReader } from '../../../../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../../../../shared/runtime/disk-log/writer.js';
import { StartError } from '../../../../../shared/runtime/errors.js';
import type { Block } from '../../../../../shared/runtime/stream.js';
import { blockOf, drain, fileHandlePrototype, segmentFiles, withLogFolder } from '../../../../support/disk-log.js';

afterEach(() => void vi.restoreAllMocks());

async function readAll(directory: string) {
  const reader = await openDiskLogReader({ directory });
  const drained = await drain(reader, { commit: false });
  await reader.close();
  return drained;
}

function blockOfBytes(bytes: number): Block {
  return { table: 'events', rows: 1, body: Buffer.from(`{"id":0${' '.repeat(bytes - 9)}}\n`) };
}

describe('what an append may hold', () => {
  test('a block without rows or without a last newline is a mistake of the caller', async () => {
    await withLogFolder(async (directory) => {
      const writer = await openDiskLogWriter({ directory });
      const body = Buffer.from('{"a":1}');
      await expect(writer.append([{ table: 'events', rows: 1, body }])).rejects.toThrow(TypeError);
      await expect(writer.append([{ table: 'events', rows: 1, body: Buffer.alloc(0) }])).rejects.toThrow(TypeError);
      await expect(writer.append([{ ...blockOf([1]), rows: 0 }])).rejects.toThrow(TypeError);
      await writer.append([]);
      await writer.close();
      expect(await segmentFiles(directory)).toEqual([]);
    });
  });

  test('a block and an append at their limits are taken, one byte more is refused for good', async () => {
    await withLogFolder(async (directory) => {
      const writer = await openDiskLogWriter({ directory });
      const refused = { code: 'too_large', retriable: false };
      await writer.append([blockOfBytes(BLOCK_BYTES_MAX)]);
      await expect(writer.append([blockOfBytes(BLOCK_BYTES_MAX + 1)])).rejects.toMatchObject(refused);
      const full = Array.from({ length: 4 }, () => blockOfBytes(APPEND_BYTES_MAX / 4 - FRAME_HEADER_BYTES));
      await writer.append(full);
      const last = blockOfBytes(APPEND_BYTES_MAX / 4 - FRAME_HEADER_BYTES + 1);
      await expect(writer.append([...full.slice(1), last])).rejects.toMatchObject(refused);
      await writer.close();
      expect((await readAll(directory)).unreadable).toEqual([]);
    });
  });
});

test('nothing is acknowledged before its sync has come back', async () => {
  await withLogFolder(async (directory) => {
    const prototype = await fileHandlePrototype();
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    vi.spyOn(prototype, 'datasync').mockImplementationOnce(async () => await gate);
    const writer = await openDiskLogWriter({ directory });
    let acknowledged = false;
    const append = writer.append([blockOf([1])]).then(() => (acknowledged = true));
    while (prototype.datasync.length === 0 && (await readAll(directory)).ids.length === 0)
      await new Promise(setImmediate);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(acknowledged).toBe(false);
    release();
    await append;
    await writer.close();
  });
});

test('the name of a new segment and of the log itself is synced before the first frame is acknowledged', async () => {
  await withLogFolder(async (folder) => {
    const prototype = await fileHandlePrototype();
    const synced: number[] = [];
    vi.spyOn(prototype, 'sync').mockImplementation(async function (this: FileHandle) {
      synced.push((await this.stat()).ino);
    });
    const directory = path.join(folder, 'log');
    const writer = await openDiskLogWriter({ directory });
    expect(synced).toContain((await stat(folder)).ino);
    synced.length = 0;
    await writer.append([blockOf([1])]);
    expect(synced).toEqual([(await stat(directory)).ino]);
    await writer.close();
  });
});

test('the blocks of one append stay together and in order, however many come at once', async () => {
  await withLogFolder(async (directory) => {
    const writer = await openDiskLogWriter({ directory, segmentBytes: 5000 });
    const appends = Array.from({ length: 200 }, (_, i) => [`${i}a`, `${i}b`, `${i}c`]);
    await Promise.all(appends.map(async (ids) => await writer.append(ids.map((id) => blockOf([id])))));
    await writer.append(Array.from({ length: 3000 }, (_, i) => blockOf([i])));
    await writer.close();
    const expected = [...appends.flat(), ...Array.from({ length: 3000 }, (_, i) => i)];
    expect(await readAll(directory)).toEqual({ ids: expected, unreadable: [] });
  });
});

describe('after a sync that failed', () => {
  /** A writer whose second sync fails once, with ids 1 acknowledged and 2 and 3 refused. */
  async function failedOnce(directory: string) {
    let now = 0;
    const clock = { now: () => 9, monotonic: () => now };
    const writer = await openDiskLogWriter({ directory, clock });
    await writer.append([blockOf([1])]);
    const datasync = vi.spyOn(await fileHandlePrototype(), 'datasync');
    datasync.mockRejectedValueOnce(Object.assign(new Error('i/o error'), { code: 'EIO' }));
    const group = await Promise.allSettled([writer.append([blockOf([2])]), writer.append([blockOf([3])])]);
    return { writer, group, datasync, pass: (ms: number) => void (now += ms) };
  }

  test('each append of the group is refused as weather', async () => {
    await withLogFolder(async (directory) => {
      const { writer, group } = await failedOnce(directory);
      const message = 'the disk log could not be written: EIO';
      const reason = { name: 'WeatherError', code: 'disk_error', retriable: true, message };
      for (const result of group) expect(result).toMatchObject({ status: 'rejected', reason });
      expect(writer.gauges.failedGroups).toBe(1);
      await writer.close();
    });
  });

  test('the file is never synced or written again, and a reader still gets what was acknowledged in it', async () => {
    await withLogFolder(async (directory) => {
      const { writer, datasync, pass } = await failedOnce(directory);
      expect(datasync).toHaveBeenCalledTimes(1);
      pass(1000);
      await writer.append([blockOf([4])]);
      expect(new Set(datasync.mock.contexts).size).toBe(2);
      expect(await segmentFiles(directory)).toEqual(['9-1-49.err', '9-4.seg']);
      expect((await stat(path.join(directory, '9-1-49.err'))).size).toBe(49);
      await writer.close();
      expect(await readAll(directory)).toEqual({ ids: [1, 4], unreadable: [] });
    });
  });

  test('appends are refused for a second, then the disk is tried again', async () => {
    await withLogFolder(async (directory) => {
      const { writer, pass } = await failedOnce(directory);
      expect(writer.refusal()?.code).toBe('disk_error');
      pass(999);
      await expect(writer.append([blockOf([4])])).rejects.toMatchObject({ code: 'disk_error', retriable: true });
      pass(1);
      expect(writer.refusal()).toBeUndefined();
      await writer.append([blockOf([4])]);
      await writer.close();
    });
  });

  test('a reader that had read the refused frames already goes on with the next segment', async () => {
    await withLogFolder(async (directory) => {
      const reader = await openDiskLogReader({ directory });
      const { writer, pass } = await failedOnce(directory);
      const batch = await reader.read(1e6, 0);
      expect(batch?.items).toHaveLength(1);
      // It stands behind the end of what was acknowledged, as if it had been faster than the renaming.
      await batch?.commit({ stored: 1, dead: 0 });
      const cursor = path.join(directory, 'cursor.json');
      await writeFile(cursor, (await readFile(cursor, 'utf8')).replace('"offset":49', '"offset":147'));
      await reader.close();
      pass(1000);
      await writer.append([blockOf([4])]);
      expect(await readAll(directory)).toEqual({ ids: [4], unreadable: [] });
      await writer.close();
    });
  });

  test('a segment without anything acknowledged is removed', async () => {
    await withLogFolder(async (directory) => {
      const writer = await openDiskLogWriter({ directory, clock: { now: () => 9, monotonic: () => 0 } });
      const datasync = vi.spyOn(await fileHandlePrototype(), 'datasync');
      datasync.mockRejectedValueOnce(new Error('i/o error'));
      await expect(writer.append([blockOf([1])])).rejects.toThrow('could not be written');
      expect(await segmentFiles(directory)).toEqual([]);
      await writer.close();
    });
  });
});

test('a log whose folder is gone refuses appends, and takes them again when it is back', async () => {
  await withLogFolder(async (folder) => {
    let now = 0;
    const directory = path.join(folder, 'log');
    const clock = { now: () => 9, monotonic: () => now };
    const writer = await openDiskLogWriter({ directory, clock, segmentBytes: 98 });
    await writer.append([blockOf([1])]);
    await writer.append([blockOf([2])]);
    await rename(directory, `${directory}-away`);
    await expect(writer.append([blockOf([3])])).rejects.toMatchObject({ code: 'disk_error', retriable: true });
    await rename(`${directory}-away`, directory);
    now = 1000;
    await writer.append([blockOf([4])]);
    await writer.close();
    expect(await readAll(directory)).toEqual({ ids: [1, 2, 4], unreadable: [] });
  });
});

test('at its bound the log refuses one byte more, and takes it once a reader has made room', async () => {
  await withLogFolder(async (directory) => {
    const frame = FRAME_HEADER_BYTES + blockOf([1]).body.length;
    const writer = await openDiskLogWriter({ directory, maxBytes: 3 * frame });
    for (const id of [1, 2, 3]) {
      expect(writer.refusal()).toBeUndefined();
      await writer.append([blockOf([id])]);
    }
    expect(writer.gauges).toMatchObject({ bytesWaiting: 3 * frame, bytesMax: 3 * frame, alarm: true });
    expect(writer.refusal()?.code).toBe('disk_log_full');
    await expect(writer.append([blockOf([4])])).rejects.toMatchObject({ code: 'disk_log_full', retriable: true });
    const reader = await openDiskLogReader({ directory });
    expect((await drain(reader)).ids).toEqual([1, 2, 3]);
    await vi.waitFor(() => expect(writer.refusal()).toBeUndefined(), { timeout: 5000 });
    await writer.append([blockOf([4]), blockOf([5])]);
    await writer.append([blockOf([6])]);
    await expect(writer.append([blockOf([7])])).rejects.toMatchObject({ code: 'disk_log_full' });
    expect((await drain(reader)).ids).toEqual([4, 5, 6]);
    await reader.close();
    await writer.close();
  });
});

test('appends that would take the disk below its free space are refused', async () => {
  await withLogFolder(async (directory) => {
    const writer = await openDiskLogWriter({ directory, minFreeBytes: Number.MAX_SAFE_INTEGER });
    expect(writer.refusal()?.code).toBe('disk_full');
    await expect(writer.append([blockOf([1])])).rejects.toMatchObject({ code: 'disk_full', retriable: true });
    await writer.close();
  });
});

test('closing writes what was given before, refuses what comes after, and frees the lock', async () => {
  await withLogFolder(async (directory) => {
    const writer = await openDiskLogWriter({ directory });
    const appends = [1, 2, 3].map(async (id) => await writer.append([blockOf([id])]));
    const closed = writer.close();
    await expect(writer.append([blockOf([4])])).rejects.toMatchObject({ code: 'disk_log_closed' });
    await Promise.all([...appends, closed, writer.close()]);
    await (await openDiskLogWriter({ directory, lockWaitMs: 0 })).close();
    expect((await readAll(directory)).ids).toEqual([1, 2, 3]);
  });
});

test('the cursor is there before anything is appended', async () => {
  await withLogFolder(async (directory) => {
    const writer = await openDiskLogWriter({ directory });
    expect(JSON.parse(await readFile(path.join(directory, 'cursor.json'), 'utf8'))).toMatchObject({ position: null });
    expect(await segmentFiles(directory)).toEqual([]);
    await writer.close();
  });
});

test('with a damaged cursor neither end starts, and neither keeps its lock', async () => {
  await withLogFolder(async (directory) => {
    await writeFile(path.join(directory, 'cursor.json'), '{');
    await expect(openDiskLogWriter({ directory })).rejects.toThrow(StartError);
    await expect(openDiskLogReader({ directory })).rejects.toThrow(StartError);
    await writeFile(
      path.join(directory, 'cursor.json'),
      '{"version":1,"position":null,"totals":{"stored":5,"dead":2}}',
    );
    await (await openDiskLogWriter({ directory, lockWaitMs: 0 })).close();
    const reader = await openDiskLogReader({ directory, lockWaitMs: 0 });
    expect(reader.totals()).toEqual({ stored: 5, dead: 2 });
    await reader.close();
  });
});
