// A local Kafka is kept: what ended is started again, what fails too often is said, and a stop starts nothing.
import { expect, test, vi } from 'vitest';
import { keepKafka, type KeptKafka } from '../../../../infra/kafka/keep-kafka.js';
import { FAILURE_WINDOW_MS, FAILURES_MAX, RESTART_MIN_MS } from '../../../../shared/runtime/restarts.js';
import { eventually } from '../../../support/eventually.js';

/** A node that ends when it is told to. */
class Node {
  starts = 0;
  end: () => void = () => undefined;
  ended = new Promise<void>((resolve) => (this.end = resolve));
  private readonly starting: 'works' | 'fails';

  constructor(starting: 'works' | 'fails' = 'works') {
    this.starting = starting;
  }

  async start(): Promise<void> {
    this.starts += 1;
    if (this.starting === 'fails') throw new Error('it does not start');
    this.ended = new Promise<void>((resolve) => (this.end = resolve));
  }
}

function keep(...nodes: Node[]): { kept: KeptKafka; said: string[] } {
  const said: string[] = [];
  const kafka = {
    brokers: '127.0.0.1:1',
    nodes: nodes.map((process, i) => ({ name: `node ${i + 1}`, process })),
    stop: async () => nodes.forEach((node) => node.end()),
  };
  return { kept: keepKafka(kafka, (line) => said.push(line)), said };
}

test('a node that ended is started again, and the others are left alone', async () => {
  const [first, second] = [new Node(), new Node()];
  const { kept, said } = keep(first, second);
  second.end();
  await eventually(
    async () => second.starts,
    (starts) => starts === 1,
  );
  expect(first.starts).toBe(0);
  expect(said).toEqual(['node 2 ended; it is started again.']);
  await kept.stop();
});

test('a stop starts nothing again, not even what ended just before it', async () => {
  const node = new Node();
  const { kept, said } = keep(node);
  node.end();
  await eventually(
    async () => said.length,
    (lines) => lines === 1,
  );
  await kept.stop();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(node.starts).toBe(0);
});

test('a start that is cut short by a stop is no failure', async () => {
  const node = new Node();
  const { kept, said } = keep(node);
  let cut: (error: Error) => void = () => undefined;
  node.start = async () => await new Promise((_, reject) => (cut = reject));
  node.end();
  await eventually(
    async () => said.length,
    (lines) => lines === 1,
  );
  await new Promise((resolve) => setTimeout(resolve, 2 * RESTART_MIN_MS));
  await kept.stop();
  cut(new Error('it was ended while it started'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(said).toEqual(['node 1 ended; it is started again.']);
});

test('a node that fails too often is named once, with every failure said before', async () => {
  vi.useFakeTimers();
  try {
    const node = new Node('fails');
    const { kept, said } = keep(node);
    node.end();
    await vi.advanceTimersByTimeAsync(FAILURE_WINDOW_MS);
    expect(await kept.failed).toBe('node 1 failed too often');
    expect(node.starts).toBe(FAILURES_MAX - 1);
    expect(said.filter((line) => line === 'it does not start')).toHaveLength(FAILURES_MAX - 1);
  } finally {
    vi.useRealTimers();
  }
});
