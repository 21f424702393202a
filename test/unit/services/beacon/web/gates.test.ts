// What the answers of the collector mean for the events and for the address.
import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { blocked, gateOf, isOpen, learn, reopen } from '../../../../../services/beacon/web/gates.js';
import { counts } from '../../../../../services/beacon/web/guard.js';
import { REFUSED_RETRY_MS } from '../../../../../services/beacon/web/retry.js';
import type { QueuedEvent } from '../../../../../services/beacon/web/wire.js';

/** Keys are new ones in each test: what is known of an address lasts as long as the page. */
let round = 0;
const row = (key: string) => ({ envelope: { endpoint: 'https://c.example', key: key + round } }) as QueuedEvent;

let said: MockInstance;

beforeEach(() => {
  round++;
  vi.useFakeTimers({ now: 1_000_000 });
  said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  for (const name of Object.keys(counts)) delete counts[name];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('an acknowledged batch is done with, and what was dropped is counted by reason', () => {
  const gate = gateOf(row('a'));
  expect(learn(gate, 3, { status: 202, dropped: [{ reason: 'too_old' }] })).toBe(true);
  expect(counts).toEqual({ sent: 2, 'dropped.too_old': 1 });
});

test('a failure closes its own address only, and coming back online opens it', () => {
  expect(learn(gateOf(row('a')), 1, { status: 503 })).toBe(false);
  expect([isOpen(row('a')), isOpen(row('b'))]).toEqual([false, true]);
  vi.advanceTimersByTime(500);
  expect(isOpen(row('a'))).toBe(true);
  learn(gateOf(row('a')), 1, { status: 0 });
  reopen();
  expect(isOpen(row('a'))).toBe(true);
});

test('a named time holds, whatever else happens', () => {
  learn(gateOf(row('a')), 1, { status: 0 });
  learn(gateOf(row('a')), 1, { status: 429, retryAfterMs: 8000 });
  reopen();
  vi.advanceTimersByTime(7999);
  expect(isOpen(row('a'))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isOpen(row('a'))).toBe(true);
});

test('a refusal keeps the events for ten minutes at a time, and is said once', () => {
  for (const status of [401, 403, 404]) expect(learn(gateOf(row('a')), 1, { status })).toBe(false);
  reopen();
  vi.advanceTimersByTime(REFUSED_RETRY_MS - 1);
  expect(isOpen(row('a'))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(isOpen(row('a'))).toBe(true);
  expect(said).toHaveBeenCalledTimes(1);
  expect(counts).toEqual({ refused: 3 });
});

test('what is too large is halved down to one event, which is dropped and counted', () => {
  const gate = gateOf(row('a'));
  const sizes: number[] = [];
  for (let n = 9; ; n = gate.countMax) {
    sizes.push(n);
    if (learn(gate, n, { status: 413 })) break;
  }
  expect(sizes).toEqual([9, 4, 2, 1]);
  expect(counts).toEqual({ 'dropped.413': 1 });
  learn(gate, 1, { status: 202, dropped: [] });
  expect(gate.countMax).toBe(2);
});

test('a body that can never be read is dropped and counted', () => {
  const gate = gateOf(row('a'));
  expect(learn(gate, 4, { status: 400 })).toBe(true);
  expect(learn(gate, 2, { status: 415 })).toBe(true);
  expect(counts).toEqual({ 'dropped.400': 4, 'dropped.415': 2 });
});

test('each status asks for one thing: to try again soon, or late, or to give up the events', () => {
  const check = (statuses: number[], doneWith: boolean, closedMs: [min: number, max: number]) =>
    statuses.forEach((status) => {
      const gate = gateOf(row(`${status}-`));
      expect([status, learn(gate, 1, { status })]).toEqual([status, doneWith]);
      const ms = Math.max(gate.closedUntil - Date.now(), 0);
      expect([status, ms >= closedMs[0], ms <= closedMs[1]]).toEqual([status, true, true]);
    });
  check([0, 200, 302, 408, 429, 500, 502, 503, 504], false, [250, 500]);
  check([401, 403, 404, 405, 451], false, [REFUSED_RETRY_MS, REFUSED_RETRY_MS]);
  check([400, 413, 415], true, [0, 0]);
});

test("a request that the page's own policy blocks closes its address like a refusal, said once; others change nothing", () => {
  const gate = gateOf(row('a'));
  const url = `https://c.example/v1/events?key=a${round}`;
  blocked('https://elsewhere.example/v1/events?key=a');
  expect([isOpen(row('a')), said.mock.calls.length]).toEqual([true, 0]);
  blocked(url);
  blocked(url);
  // The failed attempt may be heard of before or after.
  learn(gate, 1, { status: 0 });
  reopen();
  vi.advanceTimersByTime(REFUSED_RETRY_MS - 1);
  expect(isOpen(row('a'))).toBe(false);
  expect(said.mock.calls).toEqual([[expect.stringContaining('CSP')]]);
});
