// Which projects need an analyst, while the projects file comes, changes and breaks.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { followProjectIds, type ProjectIds } from '../../../../infra/local/project-ids.js';

let folder: string;
let file: string;
let ids: ProjectIds | undefined;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'tacit-projects-'));
  file = path.join(folder, 'projects.json');
});
afterEach(async () => {
  ids?.close();
  await rm(folder, { recursive: true });
});

const projects = (...names: string[]) =>
  JSON.stringify({
    version: 1,
    projects: names.map((id) => ({ id, hashKey: { value: 'a hash key of some length' } })),
  });

test('follows the file: absent, there, changed, broken', async () => {
  let changes = 0;
  ids = await followProjectIds(file, () => (changes += 1), 20);
  expect(ids.current()).toEqual([]);
  await writeFile(file, projects('bolt', 'acme'));
  await vi.waitFor(() => expect(ids?.current()).toEqual(['acme', 'bolt']));
  await vi.waitFor(() => expect(changes).toBe(1));
  await writeFile(file, '{ broken');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(ids.current()).toEqual(['acme', 'bolt']);
  await writeFile(file, projects('acme', 'bolt'));
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(changes).toBe(1);
  await writeFile(file, projects('acme'));
  await vi.waitFor(() => expect(ids?.current()).toEqual(['acme']));
  await vi.waitFor(() => expect(changes).toBe(2));
});
