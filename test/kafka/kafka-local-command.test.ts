// npm run kafka:local as a person has it: what it prints, that Ctrl-C ends all of it, and that a killed broker comes back.
import { spawn, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { choosePort } from '../../shared/runtime/choose-port.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { eventually } from '../support/eventually.js';
import { childrenOf, KAFKA_NODE } from '../support/processes.js';
import { makeTempDir } from '../support/temp-dir.js';

let temp: ReturnType<typeof makeTempDir>;
let running: { child: ChildProcess; output: () => string; ended: Promise<number | null> }[];

beforeEach(() => {
  temp = makeTempDir('kafka-local');
  running = [];
});

afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  temp.remove();
});

function start(...args: string[]): (typeof running)[number] {
  const child = spawn(process.execPath, [path.join(projectRoot, 'dist', 'scripts', 'kafka-local.js'), ...args], {
    env: { ...process.env, TACIT_DATA_DIR: temp.dir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += String(bytes)));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const one = { child, output: () => output, ended };
  running.push(one);
  return one;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy());
}

test('it prints KAFKA_BROKERS, starts a killed broker again, stops at Ctrl-C with exit code 0, and finds its data again', async () => {
  const port = await choosePort('127.0.0.1', 0);
  for (const round of [1, 2]) {
    const { child, output, ended } = start('--port', String(port));
    await eventually(
      async () => output(),
      (text) => text.includes('Ctrl-C stops it'),
    );
    expect(output()).toContain(`KAFKA_BROKERS=127.0.0.1:${port}\n`);
    if (round === 1) {
      const [jvm = 0] = childrenOf(child.pid ?? 0, KAFKA_NODE);
      process.kill(jvm, 'SIGKILL');
      await eventually(
        async () => output(),
        (text) => text.includes('Kafka broker 1 ended; it is started again.'),
      );
      await eventually(
        async () => await answers(port),
        (yes) => yes,
      );
    }
    const nodes = childrenOf(child.pid ?? 0, KAFKA_NODE);
    expect(nodes.length).toBeGreaterThan(0);
    child.kill('SIGINT');
    expect(await ended).toBe(0);
    expect(await answers(port)).toBe(false);
    for (const pid of nodes) expect(() => process.kill(pid, 0)).toThrow();
  }
});

test('a port that is taken and a wrong option end it with one line and exit code 1', async () => {
  const port = await choosePort('127.0.0.1', 0);
  const first = start('--port', String(port));
  await eventually(
    async () => first.output(),
    (text) => text.includes('Ctrl-C stops it'),
  );
  const taken = start('--brokers', '2', '--port', String(port));
  expect(await taken.ended).toBe(1);
  expect(taken.output()).toBe(
    `port ${port} on 127.0.0.1 is taken by another program: npm run kafka:local -- --port N takes others\n`,
  );
  const wrong = start('--brokers', 'many');
  expect(await wrong.ended).toBe(1);
  expect(wrong.output().trim().split('\n')).toHaveLength(1);
});
