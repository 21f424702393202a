// Emptying the queue, with a clock and a network of the test's own.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { counts } from '../../../../../services/beacon/web/guard.js';
import { uuid7 } from '../../../../../services/beacon/web/ids.js';
import type { Queue } from '../../../../../services/beacon/web/queue.js';
import { createQueue } from '../../../../../services/beacon/web/queue.js';
import type { Sender } from '../../../../../services/beacon/web/sender.js';
import { FLUSH_DELAY_MS, createSender } from '../../../../../services/beacon/web/sender.js';
import type { QueuedEvent } from '../../../../../services/beacon/web/wire.js';

interface Posted {
  at: number;
  url: string;
  values: number[];
  keepalive: boolean;
}

let queue: Queue;
let sender: Sender;
let posted: Posted[];
let offered: number[][];
let answer: (values: number[]) => Response | Promise<Response>;
let offers: (body: string) => boolean;

const START = 1_800_000_000_000;
const taken = (values: number[]): Response => Response.json({ accepted: values.length, dropped: [] }, { status: 202 });
const valuesOf = (body: string): number[] =>
  (JSON.parse(body) as { events: { value: number }[] }).events.map(({ value }) => value);

beforeEach(() => {
  vi.useFakeTimers({ now: START });
  for (const name of Object.keys(counts)) delete counts[name];
  posted = [];
  offered = [];
  answer = taken;
  offers = () => true;
  vi.stubGlobal('fetch', async (url: string, { body, keepalive }: { body: string; keepalive: boolean }) => {
    const values = valuesOf(body);
    posted.push({ at: Date.now() - START, url, values, keepalive });
    return await answer(values);
  });
  vi.stubGlobal('navigator', {
    sendBeacon: (_url: string, body: string) => {
      if (!offers(body)) return false;
      offered.push(valuesOf(body));
      return true;
    },
  });
  queue = createQueue();
  sender = createSender(queue);
  round++;
});
afterEach(() => {
  sender.stop();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** What is known of an address lasts as long as the page: each test has addresses of its own. */
let round = 0;

function add(value: number, key = 'pk_a', label = ''): void {
  const id = uuid7();
  const envelope = {
    endpoint: `https://c${round}.example`,
    key,
    consent: 'pending',
    surface: 'web',
    sessionId: 's',
  } as const;
  const row: QueuedEvent = {
    id,
    envelope,
    entry: {},
    event: { id, t: Date.now(), g: 'g', type: 'rate', value, label },
  };
  queue.add(row);
  sender.wake();
}

const advance = async (ms: number): Promise<void> => void (await vi.advanceTimersByTimeAsync(ms));

test('events wait a moment for company and go in one body', async () => {
  add(1);
  await advance(FLUSH_DELAY_MS - 1);
  add(2);
  expect(posted).toEqual([]);
  await advance(1);
  expect(posted.map(({ values }) => values)).toEqual([[1, 2]]);
  expect(queue.own()).toEqual([]);
  expect(counts).toEqual({ sent: 2 });
});

test('a failed attempt is repeated with pauses that grow with the outage, and the same ids', async () => {
  answer = () => Promise.reject(new TypeError('no network'));
  add(1);
  await advance(20_000);
  const pauses = posted.slice(1).map(({ at }, i) => at - (posted[i]?.at ?? 0));
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(250);
  expect(pauses.at(-1)).toBeGreaterThan(pauses[0] ?? 0);
  expect(posted.length).toBeLessThan(30);
  answer = taken;
  await advance(6000);
  expect(counts).toEqual({ sent: 1 });
});

test('a request may outlive the page, but not the one after a failure: the quota for that may be used up', async () => {
  answer = () => Promise.reject(new TypeError('quota'));
  add(1);
  await advance(FLUSH_DELAY_MS);
  answer = taken;
  await advance(1000);
  add(2);
  await advance(FLUSH_DELAY_MS);
  expect(posted.map(({ values, keepalive }) => [values, keepalive])).toEqual([
    [[1], true],
    [[1], false],
    [[2], true],
  ]);
});

test('a refused address does not hold up another', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  answer = (values) => (values[0] === 1 ? new Response('', { status: 403 }) : taken(values));
  add(1, 'pk_old');
  add(2, 'pk_new');
  await advance(30_000);
  expect(posted.map(({ url, values }) => [url.slice(-6), values])).toEqual([
    ['pk_old', [1]],
    ['pk_new', [2]],
  ]);
  await advance(580_000);
  expect(posted.length).toBe(3);
});

test('coming back online tries at once what failed, but not what was told to wait', async () => {
  answer = () => new Response('', { status: 503 });
  add(1);
  await advance(100_000);
  const failed = posted.length;
  answer = () => new Response('', { status: 503, headers: { 'retry-after': '60' } });
  sender.retryNow();
  await advance(0);
  expect(posted.length).toBe(failed + 1);
  sender.retryNow();
  await advance(59_000);
  expect(posted.length).toBe(failed + 1);
  await advance(14_000);
  expect(posted.length).toBe(failed + 2);
});

test('as the page goes, what waits is handed over once, in pieces that the browser takes, and still waits', () => {
  offers = (body) => body.length < 20_000;
  for (let i = 0; i < 40; i++) add(i, 'pk_a', 'x'.repeat(1000));
  sender.leave(false);
  expect(offered.length).toBeGreaterThan(2);
  expect(offered.flat()).toEqual(Array.from({ length: 40 }, (_, i) => i));
  sender.leave(true);
  expect(offered.flat().length).toBe(40);
  expect(queue.own().length).toBe(40);
});

test('what was handed over leaves the queue only when it is acknowledged', async () => {
  add(1);
  sender.leave(true);
  expect(offered).toEqual([[1]]);
  await advance(FLUSH_DELAY_MS);
  expect(posted.map(({ values }) => values)).toEqual([[1]]);
  expect(queue.own()).toEqual([]);
});

test('an event that is made while a body is on its way goes with the next', async () => {
  let release = (): void => undefined;
  answer = async (values) => {
    await new Promise<void>((resolve) => (release = resolve));
    return taken(values);
  };
  add(1);
  await advance(FLUSH_DELAY_MS);
  add(2);
  await advance(FLUSH_DELAY_MS);
  expect(posted.length).toBe(1);
  answer = taken;
  release();
  await advance(FLUSH_DELAY_MS);
  expect(posted.map(({ values }) => values)).toEqual([[1], [2]]);
});

test('a stopped sender sends nothing more', async () => {
  sender.stop();
  add(1);
  await advance(100_000);
  expect(posted).toEqual([]);
});

test('what is added while a body is under way waits for company, and goes without being asked for', async () => {
  let arrive = (): void => undefined;
  answer = async (values) => {
    if (values.includes(1)) await new Promise<void>((resolve) => (arrive = resolve));
    return taken(values);
  };
  add(1);
  await advance(FLUSH_DELAY_MS);
  for (const value of [2, 3]) {
    add(value);
    await advance(FLUSH_DELAY_MS);
  }
  arrive();
  await advance(1);
  expect(posted.map(({ values }) => values)).toEqual([[1]]);
  await advance(FLUSH_DELAY_MS);
  expect(posted.map(({ values }) => values)).toEqual([[1], [2, 3]]);
});
