// The local Kafka as tests use it: what a start leaves behind, that brokers die and come back, and who ends with whom.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import kafkajs from 'kafkajs';
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

/** A client that fails rather than waiting: what is tested is the Kafka. */
function client(brokers: string): kafkajs.Kafka {
  return new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
}

/** Makes the topic with the cluster's own number of copies. */
async function makeTopic(brokers: string): Promise<void> {
  const admin = client(brokers).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: 't', numPartitions: 3 }], waitForLeaders: true });
  await admin.disconnect();
}

async function write(brokers: string, texts: readonly string[]): Promise<void> {
  const producer = client(brokers).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await producer.connect();
  for (const [i, value] of texts.entries())
    await producer.send({ topic: 't', acks: -1, messages: [{ value, partition: i % 3 }] });
  await producer.disconnect();
}

async function read(brokers: string, count: number): Promise<string[]> {
  const consumer = client(brokers).consumer({ groupId: 'reader', maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: ['t'], fromBeginning: true });
  const texts: string[] = [];
  await consumer.run({ autoCommit: false, eachMessage: async ({ message }) => void texts.push(String(message.value)) });
  await eventually(
    async () => texts.length,
    (read) => read >= count,
  );
  await consumer.disconnect();
  return texts.sort();
}

const TEXTS = Array.from({ length: 12 }, (_, i) => `text ${String(i).padStart(2, '0')}`);

test('one node that is killed has every acknowledged message when it comes back', async () => {
  const kafka = await startTestKafka();
  try {
    await makeTopic(kafka.brokers);
    await write(kafka.brokers, TEXTS);
    await kafka.broker(1).kill();
    await kafka.broker(1).restart();
    expect(await read(kafka.brokers, TEXTS.length)).toEqual(TEXTS);
  } finally {
    await kafka.stop();
  }
});

test('of three brokers each one dies and comes back while the others serve, and every acknowledged message stays', async () => {
  const kafka = await startTestKafka({ brokers: 3 });
  try {
    expect(kafka.brokers.split(',')).toHaveLength(3);
    await makeTopic(kafka.brokers);
    for (const i of [1, 2, 3]) {
      const others = [1, 2, 3].filter((n) => n !== i).map((n) => kafka.broker(n).pid);
      await kafka.broker(i).kill();
      await write(kafka.brokers, TEXTS.slice(4 * (i - 1), 4 * i));
      await kafka.broker(i).restart();
      expect([1, 2, 3].filter((n) => n !== i).map((n) => kafka.broker(n).pid)).toEqual(others);
    }
    expect([...new Set(await read(kafka.brokers, TEXTS.length))]).toEqual(TEXTS);
    expect(() => kafka.broker(4)).toThrow('there is no broker 4');
  } finally {
    await kafka.stop();
  }
});

test('behind proxies every client of three brokers is at their mercy, and the brokers are not', async () => {
  const kafka = await startTestKafka({ brokers: 3, proxied: true });
  try {
    await makeTopic(kafka.brokers);
    await write(kafka.brokers, TEXTS);
    for (const i of [1, 2, 3]) kafka.proxy(i).set('refuse');
    await expect(
      client(kafka.brokers)
        .admin({ retry: { retries: 0 } })
        .connect(),
    ).rejects.toThrow();
    const direct = [1, 2, 3].map((i) => `127.0.0.1:${kafka.broker(i).port}`);
    expect(kafka.brokers.split(',').filter((broker) => direct.includes(broker))).toEqual([]);
    for (const i of [1, 2, 3]) kafka.proxy(i).set('pass');
    expect(await read(kafka.brokers, TEXTS.length)).toEqual(TEXTS);
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
