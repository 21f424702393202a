// Passwords are made once, and never again.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadCredentials } from '../../../../infra/local/credentials.js';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tacit-credentials-'));
  file = path.join(folder, 'credentials.json');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

test('makes a password for each name, readable by the owner alone, and keeps it', async () => {
  const first = await loadCredentials(file, ['a', 'b']);
  expect(first.get('a')).toMatch(/^[\w-]{32}$/);
  expect(first.get('a')).not.toBe(first.get('b'));
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const second = await loadCredentials(file, ['b', 'c']);
  expect(second.get('b')).toBe(first.get('b'));
  expect(second.get('a')).toBe(first.get('a'));
  expect(second.get('c')).toBeDefined();
});

test('writes nothing when nothing is missing', async () => {
  await loadCredentials(file, ['a']);
  const before = await stat(file);
  await loadCredentials(file, ['a']);
  expect((await stat(file)).ino).toBe(before.ino);
});

test('a file that cannot be read is left as it is, and said in one line', async () => {
  await writeFile(file, '{ broken');
  await expect(loadCredentials(file, ['a'])).rejects.toThrow(
    /^The passwords of the embedded ClickHouse cannot be read: .*$/,
  );
  expect(await readFile(file, 'utf8')).toBe('{ broken');
});
