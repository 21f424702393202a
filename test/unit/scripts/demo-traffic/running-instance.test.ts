// Finding the running instance: what is read, and what is said when it is not there.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dataDir, type DataDir } from '../../../../shared/runtime/data-dir.js';
import { StartError } from '../../../../shared/runtime/errors.js';
import { findRunningInstance } from '../../../../scripts/demo-traffic/running-instance.js';

const keys = { writeKey: 'pk_x', serverKey: 'sk', readToken: 'rt', signingSecret: 'ss' };
const run = { pid: process.pid, collector: 'http://127.0.0.1:1/', reporter: 'http://127.0.0.1:2', demo: null };
let dirs: DataDir;

beforeEach(() => {
  dirs = dataDir(mkdtempSync(path.join(tmpdir(), 'tacit-run-')));
});
afterEach(() => rmSync(dirs.root, { recursive: true }));

function write(runFile: unknown, secretsFile: unknown): void {
  if (runFile !== undefined) writeFileSync(dirs.runFile, JSON.stringify(runFile));
  if (secretsFile !== undefined) writeFileSync(dirs.secretsFile, JSON.stringify(secretsFile));
}

test('addresses and keys come from the data directory', async () => {
  write(run, { projects: { traffic: keys } });
  expect(await findRunningInstance(dirs, 'traffic')).toEqual({
    collector: 'http://127.0.0.1:1',
    reporter: 'http://127.0.0.1:2',
    keys: { serverKey: 'sk', readToken: 'rt', signingSecret: 'ss' },
  });
});

test('what is missing is said in one sentence', async () => {
  const check = async (runFile: unknown, secretsFile: unknown, reason: RegExp) => {
    write(runFile, secretsFile);
    await expect(findRunningInstance(dirs, 'traffic')).rejects.toThrow(reason);
    await expect(findRunningInstance(dirs, 'traffic')).rejects.toBeInstanceOf(StartError);
  };
  await check(undefined, undefined, /^Nothing is running in .*npm start/);
  await check({ ...run, pid: 2 ** 22 + 1 }, undefined, /^Nothing is running/);
  await check(run, undefined, /no keys of the project "traffic"; it has: none/);
  await check(run, { projects: { demo: keys } }, /it has: demo/);
  await check({ pid: 'x' }, undefined, /run\.json is not what npm start writes/);
});
