// The load, as a process: posts batches that were made beforehand, over a bounded number of connections, each as fast as it is
// answered or at a pace. Every answer must take every event. In: LoadOrder. Out: LoadResult.
import { sleep } from '../../shared/runtime/retry.js';
import { benchBatch } from './batches.js';
import { quantile } from './measure.js';
import { takeOrders } from './orders.js';
import { PostConnection, requestBytes } from './post-connection.js';

export interface LoadOrder {
  readonly url: string;
  readonly key: string;
  readonly eventsPerBatch: number;
  readonly requests: number;
  readonly connections: number;
  /** Number of the first batch. */
  readonly first: number;
  /** Different batches; they are posted in turn. */
  readonly distinct: number;
  readonly signingSecret?: string;
  /** Pause of a connection between two batches, ms. */
  readonly pauseMs?: number;
  /** Only makes the batches. */
  readonly prepare?: boolean;
}

export interface LoadResult {
  readonly events: number;
  readonly seconds: number;
  /** From the first byte of a request to the whole answer, ms. */
  readonly p50Ms: number;
  readonly p95Ms: number;
}

const made = new Map<string, readonly Buffer[]>();

function batchesOf(order: LoadOrder): readonly Buffer[] {
  const { url, key, eventsPerBatch: events, first, distinct, signingSecret } = order;
  const name = JSON.stringify([url, key, events, first, distinct, signingSecret]);
  const known = made.get(name);
  if (known !== undefined) return known;
  const target = new URL('/v1/events', url);
  const now = Date.now();
  const batches = Array.from({ length: distinct }, (_, i) =>
    requestBytes(target, key, JSON.stringify(benchBatch({ index: first + i, events, now, signingSecret }))),
  );
  made.set(name, batches);
  return batches;
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const batches = batchesOf(order);
  if (order.prepare === true) return { events: 0, seconds: 0, p50Ms: 0, p95Ms: 0 };
  const expected = `{"accepted":${order.eventsPerBatch},"dropped":[]}`;
  const latencies: number[] = [];
  let next = 0;
  const sender = async (): Promise<void> => {
    const connection = new PostConnection(new URL(order.url));
    while (next < order.requests) {
      const request = batches[next % batches.length];
      next += 1;
      if (request === undefined) throw new Error('there are no batches');
      const started = performance.now();
      const answer = await connection.post(request);
      latencies.push(performance.now() - started);
      if (answer !== expected) throw new Error(`a batch was not taken: ${answer}`);
      if (order.pauseMs !== undefined) await sleep(order.pauseMs);
    }
    connection.close();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: order.connections }, sender));
  const seconds = (performance.now() - started) / 1000;
  const sorted = latencies.toSorted((a, b) => a - b);
  return {
    events: order.requests * order.eventsPerBatch,
    seconds,
    p50Ms: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
  };
}

takeOrders<LoadOrder, LoadResult>(run);
