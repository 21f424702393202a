// The cursor file: what is written is read, what is damaged is refused, what is not there is no cursor.
import { readFile, readdir, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  cursorFile,
  readCursor,
  removeStaleCursorFiles,
  writeCursor,
} from '../../../../../shared/runtime/disk-log/cursor.js';
import { StartError } from '../../../../../shared/runtime/errors.js';
import { withLogFolder } from '../../../../support/disk-log.js';

test('position and totals are one file, replaced as a whole', async () => {
  await withLogFolder(async (directory) => {
    expect(await readCursor(directory)).toBeUndefined();
    const cursor = { position: { segment: '5-1', offset: 77 }, totals: { stored: 3, dead: 1 } };
    await writeCursor(directory, cursor);
    expect(await readCursor(directory)).toMatchObject(cursor);
    expect(JSON.parse(await readFile(cursorFile(directory), 'utf8'))).toEqual({ version: 1, ...cursor });
    await writeCursor(directory, { ...cursor, position: null });
    expect((await readCursor(directory))?.position).toBeNull();
    expect(await readdir(directory)).toEqual(['cursor.json']);
  });
});

test('a damaged cursor is refused in words, never guessed', async () => {
  const good = { version: 1, position: { segment: '5-1', offset: 77 }, totals: { stored: 3, dead: 1 } };
  const cases = [
    '',
    '{',
    'null',
    JSON.stringify({ ...good, version: 2 }),
    JSON.stringify({ ...good, position: { segment: '../5-1', offset: 77 } }),
    JSON.stringify({ ...good, position: { segment: '5-1', offset: -1 } }),
    JSON.stringify({ ...good, position: undefined }),
    JSON.stringify({ ...good, totals: { stored: 0.5, dead: 0 } }),
  ];
  await withLogFolder(async (directory) => {
    for (const text of cases) {
      await writeFile(cursorFile(directory), text);
      await expect(readCursor(directory), text).rejects.toThrow(StartError);
    }
  });
});

test('old temporary files are removed, fresh ones stay', async () => {
  await withLogFolder(async (directory) => {
    await writeFile(path.join(directory, 'cursor.json.a.tmp'), '');
    await utimes(path.join(directory, 'cursor.json.a.tmp'), 1, 1);
    await writeFile(path.join(directory, 'cursor.json.b.tmp'), '');
    await removeStaleCursorFiles(directory);
    expect(await readdir(directory)).toEqual(['cursor.json.b.tmp']);
  });
});
