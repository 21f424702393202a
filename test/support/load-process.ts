// A client of its own process: sends planned batches until it is told to stop, and keeps the ledger of what was acknowledged.
// An id is acknowledged only when the whole 202 was read. Some batches are sent again until they are; some are given up at the
// first lost connection, and may then be stored or not. Arguments: JSON of LoadOptions. Messages: 'stop' in, LoadReport out.
import { Agent, request } from 'node:http';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { sleep } from '../../shared/runtime/retry.js';
import { planBatch, type PlannedBatch } from './load-plan.js';

export interface LoadOptions {
  readonly collector: string;
  readonly key: string;
  readonly seed: number;
  readonly ledger: string;
  readonly senders: number;
  readonly generationsPerBatch: number;
  /** Pause of a sender between two batches, ms. */
  readonly pauseMs: number;
  /** Batches after which it stops by itself; 0 for none. */
  readonly batches: number;
}

export interface LoadReport {
  readonly type: 'report';
  readonly batches: number;
  readonly acknowledged: number;
  readonly unknown: number;
  readonly retries: number;
  /** Of the requests that were answered 202, from the first byte sent to the whole answer, ms. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
}

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions;
const agent = new Agent({ keepAlive: true, maxSockets: options.senders });
const ledger = createWriteStream(options.ledger, { flags: 'a' });
const counts = { batches: 0, acknowledged: 0, unknown: 0, retries: 0 };
const latencies: number[] = [];
let next = 0;
let stopping = false;
process.on('message', (message) => {
  if (message === 'stop') stopping = true;
});

/** Status and whole body, or undefined when the connection was lost before the answer was read to its end. */
async function post(body: string): Promise<{ status: number; text: string } | undefined> {
  return await new Promise((resolve) => {
    const url = new URL('/v1/events', options.collector);
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        timeout: 10_000,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${options.key}` },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.once('end', () => resolve(response.complete ? { status: response.statusCode ?? 0, text } : undefined));
        response.once('error', () => resolve(undefined));
        response.once('aborted', () => resolve(undefined));
      },
    );
    sent.once('error', () => resolve(undefined));
    sent.once('timeout', () => sent.destroy());
    sent.end(body);
  });
}

async function send(batch: PlannedBatch, givesUp: boolean): Promise<'acknowledged' | 'unknown'> {
  for (let attempt = 1; ; attempt += 1) {
    const body = JSON.stringify({ ...batch.body, sentAt: Date.now() });
    const began = performance.now();
    const answer = await post(body);
    if (answer?.status === 202) {
      latencies.push(performance.now() - began);
      const { accepted, dropped } = JSON.parse(answer.text) as { accepted: number; dropped: unknown[] };
      const all = batch.generations.reduce((sum, generation) => sum + generation.eventIds.length, 0);
      if (accepted !== all || dropped.length > 0) throw new Error(`a whole batch was not accepted: ${answer.text}`);
      return 'acknowledged';
    }
    if (answer !== undefined && answer.status !== 503 && answer.status !== 429)
      throw new Error(`answered ${answer.status}: ${answer.text}`);
    if (answer === undefined && givesUp) return 'unknown';
    counts.retries += 1;
    await sleep(Math.min(1000, 20 * 2 ** Math.min(attempt, 6)));
  }
}

async function sender(): Promise<void> {
  while (!stopping && (options.batches === 0 || next < options.batches)) {
    const index = next;
    next += 1;
    const batch = planBatch(options.seed, index, options.generationsPerBatch, Date.now());
    ledger.write(`${JSON.stringify({ index, state: 'sent', generations: batch.generations })}\n`);
    const state = await send(batch, index % 5 === 0);
    ledger.write(`${JSON.stringify({ index, state })}\n`);
    counts.batches += 1;
    counts[state] += 1;
    if (options.pauseMs > 0) await sleep(options.pauseMs);
  }
}

await Promise.all(Array.from({ length: options.senders }, sender));
ledger.end();
await once(ledger, 'finish');
agent.destroy();
latencies.sort((a, b) => a - b);
const quantile = (share: number) => latencies[Math.floor(share * (latencies.length - 1))] ?? 0;
const latencyMs = { p50: quantile(0.5), p99: quantile(0.99) };
process.send?.({ type: 'report', ...counts, latencyMs } satisfies LoadReport);
process.disconnect?.();
