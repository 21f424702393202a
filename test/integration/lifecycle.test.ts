// How a service process starts and stops: signals, the end of its supervisor, failures, steps that do not end.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../shared/runtime/project-root.js';

const FILE = path.join(projectRoot, 'dist', 'test', 'support', 'lifecycle-process.js');

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; out: string; err: string }>;
}

/** Starts it, under a supervisor's channel, and resolves when it has begun its start. */
async function run(kind: string): Promise<Run> {
  const child = fork(FILE, [kind], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let out = '';
  let err = '';
  child.stdout?.on('data', (data) => (out += String(data)));
  child.stderr?.on('data', (data) => (err += String(data)));
  const ended = (once(child, 'exit') as Promise<[number | null]>).then(async ([code]) => {
    await Promise.all(
      [child.stdout, child.stderr].map(
        async (stream) => stream?.readableEnded === false && (await once(stream, 'end')),
      ),
    );
    return { code, out, err };
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  return { child, ended };
}

test('it tells its supervisor that it is ready, with its port', async () => {
  const { child, ended } = await run('ready');
  const [message] = (await once(child, 'message')) as [unknown];
  expect(message).toEqual({ type: 'ready', port: 1 });
  child.kill('SIGTERM');
  expect((await ended).code).toBe(0);
});

test('SIGTERM and the end of the channel stop it step by step; SIGINT is left to the supervisor', async () => {
  for (const stop of [(child: ChildProcess) => child.kill('SIGTERM'), (child: ChildProcess) => child.disconnect()]) {
    const { child, ended } = await run('ready');
    await once(child, 'message');
    child.kill('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(child.exitCode).toBeNull();
    stop(child);
    const { code, out } = await ended;
    expect([code, out]).toEqual([0, 'starting\nfirst step\nsecond step\n']);
  }
});

test('a start that waits for what never comes ends with its supervisor', async () => {
  for (const stop of [(child: ChildProcess) => child.kill('SIGTERM'), (child: ChildProcess) => child.disconnect()]) {
    const { child, ended } = await run('hangs');
    stop(child);
    expect((await ended).code).toBe(0);
  }
});

test('a step that does not end is passed over after its bound, the rest still runs, and the exit code says so', async () => {
  const { child, ended } = await run('slow-stop');
  await once(child, 'message');
  child.kill('SIGTERM');
  const { code, out } = await ended;
  expect([code, out]).toEqual([1, 'starting\nfirst step\nsecond step\n']);
});

test('a failure stops it in order with exit code 1', async () => {
  const { code, out, err } = await (await run('fails')).ended;
  expect([code, out]).toEqual([1, 'starting\nfirst step\nsecond step\n']);
  expect(err).toContain('the weather');
});

test('a refusal to start is one line, no stack, and a message that trying again will not help', async () => {
  const { child, ended } = await run('refuses');
  const message = once(child, 'message');
  const { code, err } = await ended;
  expect([code, err]).toEqual([1, 'it cannot start like this\n']);
  expect(await message).toEqual([{ type: 'refused', why: 'it cannot start like this' }, undefined]);
});
