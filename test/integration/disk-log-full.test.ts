// The disk log on a disk that is really full: a small tmpfs where the user may mount one. Elsewhere the bound of the log
// stands for the size of the disk.
import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { drain, withLogFolder } from '../support/disk-log.js';
import type { Block } from '../../shared/runtime/stream.js';

const DISK_BYTES = 4 * 1024 * 1024;
const BLOCK_BYTES = 100_000;

/** Runs `use` with the folder of a small disk of its own; `mounted` is false when it is an ordinary folder. */
async function withSmallDisk(use: (folder: string, mounted: boolean) => Promise<void>): Promise<void> {
  const run = promisify(execFile);
  await withLogFolder(async (folder) => {
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', folder]).then(
      () => true,
      () => false,
    );
    try {
      await use(folder, mounted);
    } finally {
      if (mounted) await run('umount', ['--lazy', folder]);
    }
  });
}

function largeBlock(id: number): Block {
  const body = Buffer.from(`${JSON.stringify({ id, padding: 'x'.repeat(BLOCK_BYTES) })}\n`);
  return { table: 'events', rows: 1, body };
}

test('on a full disk appends are refused, what was acknowledged is read, and room that is made is used again', async () => {
  await withSmallDisk(async (folder, mounted) => {
    const directory = path.join(folder, 'log');
    const filler = path.join(folder, 'filler');
    const writer = await openDiskLogWriter({ directory, minFreeBytes: 0, maxBytes: DISK_BYTES, segmentBytes: 500_000 });
    const reader = await openDiskLogReader({ directory });
    const acknowledged: number[] = [];
    for (let id = 0; id < 10; id += 1) {
      await writer.append([largeBlock(id)]);
      acknowledged.push(id);
    }
    // Another program takes the rest, faster than the free space is looked at.
    if (mounted) await writeFile(filler, Buffer.alloc(DISK_BYTES)).catch(() => undefined);
    const codes = new Set<string>();
    for (let id = 10; id < 60; id += 1) {
      try {
        await writer.append([largeBlock(id)]);
        acknowledged.push(id);
      } catch (error) {
        expect(error).toMatchObject({ name: 'WeatherError', retriable: true });
        codes.add((error as { code: string }).code);
      }
    }
    if (mounted) expect([...codes]).toContain('disk_error');
    else expect([...codes]).toEqual(['disk_log_full']);
    expect(writer.refusal()).toBeDefined();
    await rm(filler, { force: true });
    const { ids, unreadable } = await drain(reader);
    expect(unreadable).toEqual([]);
    expect(ids).toEqual(acknowledged);

    await vi.waitFor(async () => await writer.append([largeBlock(99)]), { timeout: 10_000, interval: 200 });
    expect(await drain(reader)).toEqual({ ids: [99], unreadable: [] });
    await writer.close();
    await reader.close();
  });
});

test('a disk that runs full is seen within a second, before it is full to the last byte', async () => {
  await withSmallDisk(async (folder, mounted) => {
    const directory = path.join(folder, 'log');
    const writer = await openDiskLogWriter({
      directory,
      minFreeBytes: mounted ? DISK_BYTES / 2 : 0,
      maxBytes: mounted ? DISK_BYTES : 6 * BLOCK_BYTES,
    });
    await writer.append([largeBlock(1)]);
    if (mounted) await writeFile(path.join(folder, 'filler'), Buffer.alloc(DISK_BYTES / 2));
    else for (let id = 2; id < 6; id += 1) await writer.append([largeBlock(id)]);
    await vi.waitFor(
      async () => {
        await expect(writer.append([largeBlock(7), largeBlock(8)])).rejects.toMatchObject({
          code: mounted ? 'disk_full' : 'disk_log_full',
        });
      },
      { timeout: 5000 },
    );
    await writer.close();
  });
});
