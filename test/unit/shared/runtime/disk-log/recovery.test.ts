// What a writer finds after its predecessor died: an unfinished frame is cut off, everything else stays.
import { appendFile, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { writeCursor } from '../../../../../shared/runtime/disk-log/cursor.js';
import { encodeHeader } from '../../../../../shared/runtime/disk-log/frame.js';
import { recoverLog } from '../../../../../shared/runtime/disk-log/recovery.js';
import { blockOf, withLogFolder } from '../../../../support/disk-log.js';

function frame(seq: number): Buffer {
  const block = blockOf([seq]);
  return Buffer.concat([encodeHeader(block, seq, 1), block.body]);
}

test('a log that is empty begins with 1', async () => {
  await withLogFolder(async (directory) => {
    expect(await recoverLog(directory)).toEqual({ nextSeq: 1, cutBytes: 0, sizes: new Map() });
  });
});

test('a frame that was cut at any of its bytes is cut off whole', async () => {
  await withLogFolder(async (directory) => {
    const file = path.join(directory, '9-4.seg');
    const good = Buffer.concat([frame(4), frame(5)]);
    await writeFile(file, Buffer.concat([good, frame(6)]));
    for (let cut = frame(6).length - 1; cut > 0; cut -= 1) {
      await truncate(file, good.length);
      await appendFile(file, frame(6).subarray(0, cut));
      expect(await recoverLog(directory), `cut at ${cut}`).toMatchObject({ nextSeq: 6, cutBytes: cut });
      expect((await readFile(file)).equals(good)).toBe(true);
    }
    await appendFile(file, frame(6));
    expect(await recoverLog(directory)).toMatchObject({ nextSeq: 7, cutBytes: 0 });
  });
});

test('damage is never cut, only what is unfinished behind it', async () => {
  await withLogFolder(async (directory) => {
    const file = path.join(directory, '9-4.seg');
    const damaged = frame(4);
    damaged.writeUInt8(damaged.readUInt8(45) ^ 1, 45);
    const keep = Buffer.concat([damaged, frame(5), Buffer.alloc(200, 0x61)]);
    await writeFile(file, keep);
    expect(await recoverLog(directory)).toMatchObject({ nextSeq: 6, cutBytes: 0 });
    expect((await readFile(file)).equals(keep)).toBe(true);
    await appendFile(file, frame(6).subarray(0, 44));
    expect(await recoverLog(directory)).toMatchObject({ nextSeq: 6, cutBytes: 44 });
    expect((await readFile(file)).equals(keep)).toBe(true);
  });
});

test('only the newest segment is touched', async () => {
  await withLogFolder(async (directory) => {
    const older = path.join(directory, '9-1.seg');
    await writeFile(older, frame(1).subarray(0, 20));
    await writeFile(path.join(directory, '9-2.seg'), frame(2));
    expect(await recoverLog(directory)).toMatchObject({ nextSeq: 3, cutBytes: 0 });
    expect(await readFile(older)).toHaveLength(20);
  });
});

test('the next number lies behind every segment and behind the cursor', async () => {
  await withLogFolder(async (directory) => {
    await writeFile(path.join(directory, '9-8.seg'), '');
    expect((await recoverLog(directory)).nextSeq).toBe(9);
    await writeCursor(directory, { position: { segment: '9-30', offset: 0 }, totals: { stored: 0, dead: 0 } });
    expect((await recoverLog(directory)).nextSeq).toBe(31);
  });
});

test('a segment in which writing failed counts up to where it was acknowledged', async () => {
  await withLogFolder(async (directory) => {
    const content = Buffer.concat([frame(1), frame(2), frame(3).subarray(0, 30)]);
    const end = frame(1).length + frame(2).length;
    await writeFile(path.join(directory, `9-1-${end}.err`), content);
    expect(await recoverLog(directory)).toEqual({ nextSeq: 3, cutBytes: 0, sizes: new Map([['9-1', end]]) });
  });
});
