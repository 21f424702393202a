// What the build has put into services/beacon/dist: sizes, hashes, and nothing that does not belong to a page.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type * as server from '../../../../services/beacon/server.js';
import type * as page from '../../../../services/beacon/web/index.js';
import { projectRoot } from '../../../../shared/runtime/project-root.js';

/** A beacon is paid for by every visitor of somebody else's page. Bytes after brotli. */
const SCRIPT_BYTES_MAX = 5000;
const ADAPTER_BYTES_MAX = 600;

const dist = path.join(projectRoot, 'services', 'beacon', 'dist');
const read = (name: string): Buffer => readFileSync(path.join(dist, name));
const manifest = JSON.parse(read('manifest.json').toString()) as Record<
  string,
  { immutable: string; integrity: string; bytes: number; brotliBytes: number }
>;

test('the script and each adapter stay under their caps', () => {
  const sizes = Object.keys(manifest).map((name) => ({ name, size: brotliCompressSync(read(name)).length }));
  const past = sizes.filter(({ name, size }) => {
    if (name === 'v1.js') return size > SCRIPT_BYTES_MAX;
    return /^(adapters\/.*|react)\.mjs$/.test(name) && size > ADAPTER_BYTES_MAX;
  });
  expect(past).toEqual([]);
});

test('each file has an immutable name beside its own, the same bytes, and its true integrity', () => {
  expect(Object.keys(manifest)).toEqual(expect.arrayContaining(['v1.js', 'v1.mjs']));
  for (const [name, { immutable, integrity, bytes }] of Object.entries(manifest)) {
    // The React binding is imported from the package only.
    if (name !== 'react.mjs') expect(immutable).toMatch(/^v1\.[0-9A-Za-z_-]{8,64}\.m?js$/);
    expect(read(immutable).equals(read(name))).toBe(true);
    expect(read(name).length).toBe(bytes);
    expect(integrity).toBe(`sha384-${createHash('sha384').update(read(name)).digest('base64')}`);
  }
});

test('no bundle for pages has schemas, maps of its sources or a word on the build in it', () => {
  for (const name of Object.keys(manifest))
    expect(read(name).toString()).not.toMatch(/Zod|sourceMappingURL|node_modules|process\.env/);
});

test('the module is safe to import where there is no page, and its calls do nothing there', async () => {
  const { tacit } = (await import(path.join(dist, 'v1.mjs'))) as typeof page;
  tacit.init({ key: 'pk', endpoint: 'https://c.example' });
  expect(tacit.generation('g1')).toBe('g1');
  tacit.reject('g1');
  await tacit.flush();
  expect(tacit.stats()).toEqual({ queued: 0 });
});

test("the server's module signs", async () => {
  const { signGeneration } = (await import(path.join(dist, 'server.js'))) as typeof server;
  const known = { promptId: 'p', promptVersion: '1', model: 'm', modelVersion: '1' };
  expect(signGeneration(known, 'a secret of the project')).toMatch(/^t1\./);
});
