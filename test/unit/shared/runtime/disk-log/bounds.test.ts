// How full the log is: at each bound and one past it, and that what was consumed no longer counts.
import { mkdir, rename, rmdir, statfs } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Bounds, LOG_BYTES_DEFAULT_MAX } from '../../../../../shared/runtime/disk-log/bounds.js';
import { writeCursor } from '../../../../../shared/runtime/disk-log/cursor.js';
import { withLogFolder } from '../../../../support/disk-log.js';

const totals = { stored: 0, dead: 0 };

async function withBounds(
  options: { maxBytes?: number; minFreeBytes?: number; sizes?: [string, number][] },
  use: (bounds: Bounds, directory: string) => Promise<void>,
): Promise<void> {
  await withLogFolder(async (directory) => {
    const { maxBytes, minFreeBytes = 0, sizes } = options;
    await use(await Bounds.open({ directory, maxBytes, minFreeBytes, sizes: new Map(sizes) }), directory);
  });
}

test('the last byte of the bound is taken, one more is refused', async () => {
  await withBounds({ maxBytes: 1000, sizes: [['1-1', 600]] }, async (bounds) => {
    expect(bounds.refusal(400)).toBeUndefined();
    expect(bounds.refusal(401)?.code).toBe('disk_log_full');
    bounds.written('1-1', 900);
    bounds.written('1-2', 100);
    expect(bounds.waitingBytes).toBe(1000);
    expect(bounds.refusal(0)).toBeUndefined();
    expect(bounds.refusal(1)).toEqual({
      code: 'disk_log_full',
      message: 'the disk log is full: 1000 of 1000 bytes wait to be read',
    });
  });
});

test('the alarm comes at 80 percent', async () => {
  await withBounds({ maxBytes: 1000, sizes: [['1-1', 799]] }, async (bounds) => {
    expect(bounds.alarm).toBe(false);
    bounds.written('1-1', 800);
    expect(bounds.alarm).toBe(true);
  });
});

test('free space at the limit is taken, one byte below is refused', async () => {
  await withBounds({}, async (bounds, directory) => {
    const limit = bounds.freeBytes - 500;
    const tight = await Bounds.open({ directory, maxBytes: 1e12, minFreeBytes: limit, sizes: new Map() });
    const spare = tight.freeBytes - limit;
    if (spare < 0) return expect(tight.refusal(1)?.code).toBe('disk_full');
    expect(tight.refusal(spare)).toBeUndefined();
    expect(tight.refusal(spare + 1)?.code).toBe('disk_full');
    tight.written('1-1', 1);
    expect(tight.refusal(spare)?.code).toBe('disk_full');
  });
});

test('what lies before the cursor does not count, whoever moved it', async () => {
  const sizes: [string, number][] = [
    ['9-1', 300],
    ['9-5', 300],
    ['9-9', 300],
  ];
  await withBounds({ maxBytes: 1000, sizes }, async (bounds, directory) => {
    expect(bounds.waitingBytes).toBe(900);
    const check = async (segment: string, offset: number) => {
      await writeCursor(directory, { position: { segment, offset }, totals });
      await bounds.refresh();
      return bounds.waitingBytes;
    };
    expect(await check('9-1', 100)).toBe(800);
    expect(await check('9-5', 0)).toBe(600);
    expect(await check('9-9', 299)).toBe(1);
    expect(await check('9-9', 400)).toBe(0);
    expect(await check('9-12', 0)).toBe(0);
  });
});

test('without a given bound it is 10 GB or a fifth of the free space', async () => {
  await withBounds({}, async (bounds, directory) => {
    const { bavail, bsize } = await statfs(directory);
    const share = Math.min(LOG_BYTES_DEFAULT_MAX, 0.2 * bavail * bsize);
    expect(bounds.maxBytes / share).toBeCloseTo(1, 1);
  });
});

test('nothing is taken while the directory or its cursor cannot be seen, and again once they can', async () => {
  await withBounds({ maxBytes: 1000 }, async (bounds, directory) => {
    await writeCursor(directory, { position: { segment: '1-1', offset: 0 }, totals });
    await bounds.refresh();
    expect(bounds.refusal(1)).toBeUndefined();
    const away = `${directory}.away`;
    await rename(directory, away);
    await expect(bounds.refresh()).rejects.toThrow('ENOENT');
    expect(bounds.refusal(1)?.code).toBe('disk_error');
    await mkdir(directory);
    await expect(bounds.refresh()).rejects.toThrow('its cursor is gone');
    expect(bounds.refusal(1)?.code).toBe('disk_error');
    await rmdir(directory);
    await rename(away, directory);
    await bounds.refresh();
    expect(bounds.refusal(1)).toBeUndefined();
  });
});
