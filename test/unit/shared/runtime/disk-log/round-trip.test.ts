// What is appended is read: in order, once, across segments, restarts and processes' ends.
import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openDiskLogReader } from '../../../../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../../../../shared/runtime/disk-log/writer.js';
import { isUnreadable } from '../../../../../shared/runtime/stream.js';
import { StartError } from '../../../../../shared/runtime/errors.js';
import { blockOf, drain, withLogFolder } from '../../../../support/disk-log.js';

test('blocks come out as they went in, with a position that names them', async () => {
  await withLogFolder(async (directory) => {
    const writer = await openDiskLogWriter({ directory, clock: { now: () => 1234, monotonic: () => 0 } });
    const reader = await openDiskLogReader({ directory });
    const blocks = [
      blockOf([1, 2]),
      blockOf(['a'], 'drops'),
      blockOf(['b'], 'erasures'),
      blockOf(['c'], 'dead_letters'),
    ];
    await writer.append(blocks);
    const batch = await reader.read(1e6, 0);
    const items = batch?.items.map((item) => (isUnreadable(item) ? undefined : item)) ?? [];
    expect(items.map((item) => ({ table: item?.table, rows: item?.rows, body: item?.body.toString() }))).toEqual(
      blocks.map((block) => ({ ...block, body: block.body.toString() })),
    );
    expect(items.map((item) => item?.position)).toEqual([
      'log:1234-1:0',
      'log:1234-1:58',
      'log:1234-1:109',
      'log:1234-1:160',
    ]);
    await writer.close();
    await reader.close();
  });
});

test('a reader that was opened before there was a log waits for it', async () => {
  await withLogFolder(async (directory) => {
    const reader = await openDiskLogReader({ directory: `${directory}/later` });
    expect(await reader.read(1e6, 10)).toBeUndefined();
    const waiting = reader.read(1e6, 10_000);
    const writer = await openDiskLogWriter({ directory: `${directory}/later` });
    await writer.append([blockOf([7])]);
    expect((await waiting)?.items).toHaveLength(1);
    await writer.close();
    await reader.close();
  });
});

test('segments roll over, a new life begins a new one, and the order holds through a clock that goes back', async () => {
  await withLogFolder(async (directory) => {
    const expected: number[] = [];
    for (let life = 0; life < 3; life += 1) {
      const clock = { now: () => 10_000 - life * 1000, monotonic: () => 0 };
      const writer = await openDiskLogWriter({ directory, segmentBytes: 500, clock });
      for (let i = 0; i < 20; i += 1) {
        expected.push(life * 100 + i);
        await writer.append([blockOf([life * 100 + i])]);
      }
      await writer.close();
    }
    expect((await readdir(directory)).filter((name) => name.endsWith('.seg')).length).toBeGreaterThan(5);
    const reader = await openDiskLogReader({ directory });
    expect(await drain(reader)).toEqual({ ids: expected, unreadable: [] });
    await reader.close();
  });
});

test('a second writer and a second reader are refused, each by its own lock', async () => {
  await withLogFolder(async (directory) => {
    const writer = await openDiskLogWriter({ directory });
    const reader = await openDiskLogReader({ directory });
    await expect(openDiskLogWriter({ directory, lockWaitMs: 0 })).rejects.toThrow(StartError);
    await expect(openDiskLogReader({ directory, lockWaitMs: 0 })).rejects.toThrow(/reader\.lock is held by/);
    await writer.close();
    await reader.close();
    await (await openDiskLogWriter({ directory, lockWaitMs: 0 })).close();
    await (await openDiskLogReader({ directory, lockWaitMs: 0 })).close();
  });
});
