// The lock between processes: who holds it, who may take it over, and that two takers never both have it.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StartError } from '../../../../shared/runtime/errors.js';
import { currentProcess, isProcessAlive } from '../../../../shared/runtime/process-identity.js';
import { acquireProcessLock, lockHolder } from '../../../../shared/runtime/process-lock.js';
import { projectRoot } from '../../../../shared/runtime/project-root.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tacit-lock-'));
  file = path.join(folder, 'writer.lock');
});

afterEach(async () => await rm(folder, { recursive: true, force: true }));

const NONCE = '00000000-0000-4000-8000-000000000000';

async function leaveLock(change: Record<string, unknown>, name = file): Promise<void> {
  await writeFile(name, JSON.stringify({ ...(await currentProcess()), nonce: NONCE, since: 0, ...change }));
}

test('the file names its holder by boot id, pid and start time', async () => {
  const lock = await acquireProcessLock(file);
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject(await currentProcess());
  expect(await lockHolder(file)).toEqual(lock.holder);
});

test('a second taker is refused in one sentence that names the holder', async () => {
  await acquireProcessLock(file);
  const refused = acquireProcessLock(file, { waitMs: 0 });
  await expect(refused).rejects.toThrow(StartError);
  await expect(refused).rejects.toThrow(
    /^the lock .*writer\.lock is held by this process itself since \d{4}-.*; stop it first$/,
  );
});

test('a taker waits for a holder that goes away', async () => {
  const first = await acquireProcessLock(file);
  const second = acquireProcessLock(file, { waitMs: 5000 });
  await first.release();
  expect((await second).holder.nonce).not.toBe(first.holder.nonce);
});

test('releasing twice does not take the lock from the next holder', async () => {
  const first = await acquireProcessLock(file);
  await first.release();
  const second = await acquireProcessLock(file);
  await first.release();
  expect(await lockHolder(file)).toEqual(second.holder);
  await second.release();
  expect(await lockHolder(file)).toBeUndefined();
});

test('a lock in a folder that is not there is refused by its cause', async () => {
  await expect(acquireProcessLock(path.join(folder, 'none', 'x.lock'))).rejects.toThrow(/cannot be taken: ENOENT/);
});

describe('a lock of a holder that died is taken over', () => {
  const cases: [string, () => Promise<void>][] = [
    ['another process has its pid now', async () => await leaveLock({ startTime: '1' })],
    ['nobody has its pid', async () => await leaveLock({ pid: 2 ** 22 + 1 })],
    ['the machine was started again', async () => await leaveLock({ bootId: 'another boot' })],
    ['its content was lost', async () => await writeFile(file, '')],
    ['its content is foreign', async () => await writeFile(file, '[]')],
    [
      'its taker died as well',
      async () => {
        await leaveLock({ startTime: '1' });
        await leaveLock({ startTime: '1', nonce: NONCE.replace('4', '5') }, `${file}.after.${NONCE}`);
      },
    ],
    [
      'its content and that of its taker were lost',
      async () => {
        await writeFile(file, '');
        await writeFile(`${file}.after.unreadable-0`, '');
      },
    ],
  ];
  test.each(cases)('%s', async (_, leave) => {
    await leave();
    expect(await lockHolder(file)).toBeUndefined();
    const lock = await acquireProcessLock(file, { waitMs: 0 });
    expect(await lockHolder(file)).toEqual(lock.holder);
    expect(await readdir(folder)).toEqual(['writer.lock']);
  });
});

test('a living taker of a dead holder counts as the holder', async () => {
  await leaveLock({ startTime: '1' });
  await leaveLock({ nonce: NONCE.replace('4', '5') }, `${file}.after.${NONCE}`);
  expect((await lockHolder(file))?.pid).toBe(process.pid);
  await expect(acquireProcessLock(file, { waitMs: 0 })).rejects.toThrow(StartError);
});

test('old temporary files are removed, fresh ones of other takers are left', async () => {
  await writeFile(`${file}.old.tmp`, '');
  await utimes(`${file}.old.tmp`, 1, 1);
  await writeFile(`${file}.new.tmp`, '');
  await acquireProcessLock(file);
  expect(await readdir(folder)).toEqual(['writer.lock', 'writer.lock.new.tmp']);
});

test('a zombie does not count as alive', { skip: process.platform !== 'linux' }, async () => {
  // The shell becomes `sleep`, which never reaps the child it inherits.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (data) => resolve(Number(data))));
  const me = await currentProcess();
  const startTime = (await readFile(`/proc/${pid}/stat`, 'latin1')).split(' ')[21] ?? '';
  expect(await isProcessAlive({ bootId: me.bootId, pid, startTime })).toBe(true);
  process.kill(pid, 'SIGKILL');
  while (!/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'latin1'))) await new Promise((r) => setTimeout(r, 20));
  expect(await isProcessAlive({ bootId: me.bootId, pid, startTime })).toBe(false);
  parent.kill('SIGKILL');
});

test('racing processes never hold it together, also when each dies with it in its hand', async () => {
  const racer = path.join(projectRoot, 'dist', 'test', 'support', 'lock-racer.js');
  const ends = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const child = spawn(process.execPath, [racer, file, '6'], { stdio: ['ignore', 'ignore', 'inherit'] });
      return await new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code)));
    }),
  );
  expect(ends).toEqual(Array.from({ length: 5 }, () => 'SIGKILL'));
  expect(await lockHolder(file)).toBeUndefined();
});
