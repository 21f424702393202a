// Files as a target: names that stay where they belong, files that are whole, a disk that says no.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NAME_CHARS_MAX, safeName, writeFiles } from '../../../../../services/reporter/deliver/files.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tacit-files-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['shop', 'shop'],
  ['2026-11-16T06-00-00Z.html', '2026-11-16T06-00-00Z.html'],
  ['..', '~~'],
  ['../../etc', '~~~2f..~2fetc'],
  ['a/b\\c', 'a~2fb~5cc'],
  ['a:b\0', 'a~3ab~0'],
  ['', '~'],
  ['é', '~e9'],
])('%j is %j as a part of a path', (name, safe) => {
  expect(safeName(name)).toBe(safe);
  expect(path.basename(safe)).toBe(safe);
});

test('a part of a path is cut one past its bound', () => {
  expect(safeName('a'.repeat(NAME_CHARS_MAX))).toHaveLength(NAME_CHARS_MAX);
  expect(safeName('a'.repeat(NAME_CHARS_MAX + 1))).toHaveLength(NAME_CHARS_MAX);
});

test('files are replaced whole, nothing else is left, and a mode is kept', async () => {
  const write = async (content: string) =>
    await writeFiles(folder, ['shop', 'daily'], [{ name: 'a.md', content }], 0o600);
  expect(await write('one')).toEqual({ result: 'sent', detail: '1 file' });
  expect(await write('two')).toEqual({ result: 'sent', detail: '1 file' });
  const place = path.join(folder, 'shop', 'daily');
  expect(readdirSync(place)).toEqual(['a.md']);
  expect(readFileSync(path.join(place, 'a.md'), 'utf8')).toBe('two');
  expect(statSync(path.join(place, 'a.md')).mode & 0o777).toBe(0o600);
});

test('a disk that says no is weather, put into words without a path', async () => {
  writeFileSync(path.join(folder, 'shop'), '');
  const ending = await writeFiles(folder, ['shop', 'daily'], [{ name: 'a.md', content: 'x' }]);
  expect(ending).toEqual({ result: 'retry', detail: 'a file stands where the folder should be' });
  expect(existsSync(path.join(folder, 'a.md'))).toBe(false);
  // a disk that is full, really
  expect(await writeFiles('/dev/full', [], [{ name: 'a.md', content: 'x' }])).toMatchObject({ result: 'retry' });
});
