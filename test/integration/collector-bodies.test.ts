// Bodies that come slowly, not at all, too large, or while too much else is in memory; and what becomes of their connections.
import { afterEach, describe, expect, it } from 'vitest';
import { BODY_BYTES_MAX, DISCARDED_BYTES_MAX } from '../../shared/contract/limits.js';
import { BODY_TIMES } from '../../services/collector/read-body.js';
import { WRITE_KEY, batchOf, copyEvent, startTestCollector, type TestCollector } from '../support/collector.js';
import { eventually } from '../support/eventually.js';
import { RawClient } from '../support/raw-http.js';

const HEADERS = { authorization: `Bearer ${WRITE_KEY}`, 'content-type': 'text/plain' };
const IDLE_MS = 200;
const TOTAL_MS = 600;

let collector: TestCollector | undefined;
let client: RawClient | undefined;
afterEach(async () => {
  client?.destroy();
  await collector?.close();
});

async function start(heldBytesMax?: number): Promise<{ collector: TestCollector; client: RawClient }> {
  const bound = heldBytesMax === undefined ? {} : { heldBytesMax };
  collector = await startTestCollector({ bodyTimes: { idleMs: IDLE_MS, totalMs: TOTAL_MS }, ...bound });
  client = await RawClient.connect(collector.port);
  return { collector, client };
}

const code = (body: string): unknown => (JSON.parse(body) as { code?: unknown }).code;

describe('a slow body', () => {
  it('has 10 s without a byte and 30 s in all', () => {
    expect(BODY_TIMES).toEqual({ idleMs: 10_000, totalMs: 30_000 });
  });

  it('that stops coming is refused after the idle time, and its connection is closed', async () => {
    const { client } = await start();
    client.head('POST /v1/events', { ...HEADERS, 'content-length': 100 });
    client.write('{"events":');
    const before = performance.now();
    const answer = await client.answer();
    expect([answer.status, code(answer.body), answer.headers['connection']]).toEqual([408, 'body_timeout', 'close']);
    expect(performance.now() - before).toBeGreaterThan(IDLE_MS - 20);
    await client.ended();
  });

  it('that keeps dripping is refused after the total time', async () => {
    const { client } = await start();
    client.head('POST /v1/events', { ...HEADERS, 'content-length': 10_000 });
    const drip = setInterval(() => client.write(' '), 50);
    const before = performance.now();
    const answer = await client.answer();
    clearInterval(drip);
    expect(answer.status).toBe(408);
    expect(performance.now() - before).toBeGreaterThan(TOTAL_MS - 20);
    expect(performance.now() - before).toBeLessThan(TOTAL_MS + 2000);
  });

  it('that comes in time, in pieces, is taken', async () => {
    const { client, collector } = await start();
    const body = JSON.stringify(batchOf([copyEvent()]));
    client.head('POST /v1/events', { ...HEADERS, 'transfer-encoding': 'chunked' });
    for (const piece of [body.slice(0, 10), body.slice(10)]) {
      client.write(`${Buffer.byteLength(piece).toString(16)}\r\n${piece}\r\n`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    client.write('0\r\n\r\n');
    expect((await client.answer()).status).toBe(202);
    expect(collector.memory.rows('events')).toHaveLength(1);
  });

  it('whose client goes away leaves nothing behind', async () => {
    const { client, collector } = await start();
    client.head('POST /v1/events', { ...HEADERS, 'content-length': 100_000 });
    client.write('x'.repeat(50_000));
    await eventually(
      async () => collector.budget.heldBytes,
      (bytes) => bytes > 0,
    );
    client.destroy();
    await eventually(
      async () => collector.budget.heldBytes,
      (bytes) => bytes === 0,
    );
    expect(collector.memory.appends).toEqual([]);
  });
});

describe('a body that is too large', () => {
  it('is read on, so that the connection stays usable', async () => {
    const { client } = await start();
    const bytes = BODY_BYTES_MAX + DISCARDED_BYTES_MAX;
    client.head('POST /v1/events', { ...HEADERS, 'content-length': bytes });
    client.write('x'.repeat(bytes));
    const refused = await client.answer();
    expect([refused.status, code(refused.body), refused.headers['connection']]).toEqual([
      413,
      'body_too_large',
      'keep-alive',
    ]);
    const body = JSON.stringify(batchOf([copyEvent()]));
    client.head('POST /v1/events', { ...HEADERS, 'content-length': Buffer.byteLength(body) });
    client.write(body);
    expect((await client.answer()).status).toBe(202);
  });

  it('is not read on for ever: the answer comes, then the connection is closed', async () => {
    const { client } = await start();
    client.head('POST /v1/events', { ...HEADERS, 'content-length': 1e9 });
    client.write('x'.repeat(BODY_BYTES_MAX + DISCARDED_BYTES_MAX + 1));
    const refused = await client.answer();
    expect([refused.status, code(refused.body), refused.headers['connection']]).toEqual([
      413,
      'body_too_large',
      'close',
    ]);
    await client.ended();
  });
});

describe('a request that is refused before its body', () => {
  it('has its body read, so that the connection stays usable', async () => {
    const { client } = await start();
    for (let i = 0; i < 2; i++) {
      client.head('POST /v1/events', { 'content-type': 'text/plain', 'content-length': 300_000 });
      client.write('x'.repeat(300_000));
      const refused = await client.answer();
      expect([refused.status, refused.headers['connection']]).toEqual([401, 'keep-alive']);
    }
  });
});

describe('memory', () => {
  it('is bounded: what would pass the bound is refused and may come again', async () => {
    const { client, collector } = await start(300_000);
    client.head('POST /v1/events', { ...HEADERS, 'content-length': 250_000 });
    client.write('x'.repeat(240_000));
    await eventually(
      async () => collector.budget.heldBytes,
      (bytes) => bytes === 240_000,
    );
    const response = await collector.post(' '.repeat(100_000));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
    client.destroy();
    await eventually(
      async () => collector.budget.heldBytes,
      (bytes) => bytes === 0,
    );
    expect((await collector.post(batchOf([copyEvent()]))).status).toBe(202);
  });

  it('counts rows that wait to become durable', async () => {
    const { collector } = await start(20_000);
    let open: () => void = () => undefined;
    collector.memory.gate = new Promise((resolve) => (open = resolve));
    const attributes = Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`a${i}`, 'x'.repeat(200)]));
    const waiting = collector.post({ ...batchOf([copyEvent()]), attributes });
    await eventually(
      async () => collector.budget.heldBytes,
      (bytes) => bytes > 7000,
    );
    const response = await collector.post({ ...batchOf([copyEvent()]), attributes });
    expect(response.status).toBe(503);
    open();
    expect((await waiting).status).toBe(202);
    expect(collector.budget.heldBytes).toBe(0);
  });
});

describe('bytes that are not HTTP', () => {
  it('are answered as a problem and the connection is closed', async () => {
    const { client } = await start();
    client.write('hello\r\n\r\n');
    const answer = await client.answer();
    expect([answer.status, answer.headers['content-type']]).toEqual([400, 'application/problem+json']);
    await client.ended();
  });
});
