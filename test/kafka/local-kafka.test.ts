// The local Kafka as tests use it: what a start leaves behind, that brokers die and come back, and who ends with whom.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { eventually } from '../support/eventually.js';
import { startTestKafka } from '../support/kafka.js';

function isAlive(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function stateOf(pid: number | undefined): string {
  return /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
}

test('one node starts, is stopped, killed and started again, and a stop leaves no process and no file', async () => {
  const kafka = await startTestKafka();
  const broker = kafka.broker(1);
  try {
    expect(kafka.brokers).toBe(`127.0.0.1:${broker.port}`);
    for (const end of ['kill', 'stop'] as const) {
      const { pid } = broker;
      expect(isAlive(pid)).toBe(true);
      await broker[end]();
      expect(isAlive(pid)).toBe(false);
      expect(broker.pid).toBeUndefined();
      await broker.restart();
      expect(broker.pid).not.toBe(pid);
    }
  } finally {
    const { pid } = broker;
    await kafka.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(kafka.dir)).toBe(false);
  }
});

test('a broker that is held still stands still, and stops all the same', async () => {
  const kafka = await startTestKafka();
  try {
    const broker = kafka.broker(1);
    const { pid } = broker;
    broker.pause();
    await eventually(
      async () => stateOf(pid),
      (state) => state === 'T',
    );
    broker.resume();
    await eventually(
      async () => stateOf(pid),
      (state) => state !== 'T',
    );
    broker.pause();
    await broker.stop();
    expect(isAlive(pid)).toBe(false);
  } finally {
    await kafka.stop();
  }
});

test('of three brokers each one dies and comes back while the others stay', async () => {
  const kafka = await startTestKafka({ brokers: 3 });
  try {
    expect(kafka.brokers.split(',')).toHaveLength(3);
    for (const i of [1, 2, 3]) {
      const others = [1, 2, 3].filter((n) => n !== i).map((n) => kafka.broker(n).pid);
      await kafka.broker(i).kill();
      await kafka.broker(i).restart();
      expect([1, 2, 3].filter((n) => n !== i).map((n) => kafka.broker(n).pid)).toEqual(others);
    }
    expect(() => kafka.broker(4)).toThrow('there is no broker 4');
  } finally {
    await kafka.stop();
  }
});

test('no node outlives a parent that is killed', async () => {
  const file = path.join(projectRoot, 'dist', 'test', 'support', 'kafka-process.js');
  const parent = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const line = await new Promise<string>((resolve) => createInterface({ input: parent.stdout }).once('line', resolve));
  const { pid, dir } = JSON.parse(line) as { pid: number; dir: string };
  expect(isAlive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await eventually(
    async () => isAlive(pid),
    (alive) => !alive,
  );
  rmSync(dir, { recursive: true, force: true });
});
