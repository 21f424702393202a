// The data directory and files that are replaced whole.
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ensureDataDir, writeFileAtomic } from '../../../../shared/runtime/data-dir.js';
import { makeTempDir } from '../../../support/temp-dir.js';

test('the directory is closed to others, also when it was open before', () => {
  const { dir, remove } = makeTempDir('data-dir');
  const root = path.join(dir, 'a', 'b');
  mkdirSync(root, { recursive: true, mode: 0o755 });
  ensureDataDir(root);
  expect(statSync(root).mode & 0o777).toBe(0o700);
  remove();
});

test('a file is replaced whole, only its owner reads it, and nothing is left beside it', async () => {
  const { dir, remove } = makeTempDir('atomic');
  const file = path.join(dir, 'x.json');
  await writeFileAtomic(file, 'one');
  await writeFileAtomic(file, 'two');
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(dir)).toEqual(['x.json']);
  remove();
});

test('a write that fails leaves the old content and no temporary file', async () => {
  const { dir, remove } = makeTempDir('atomic-fails');
  const target = path.join(dir, 'taken');
  mkdirSync(path.join(target, 'inside'), { recursive: true });
  await expect(writeFileAtomic(target, 'x')).rejects.toThrow();
  expect(readdirSync(dir)).toEqual(['taken']);
  remove();
});
