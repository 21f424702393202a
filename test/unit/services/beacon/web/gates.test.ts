// What the answers of the collector mean for the events and for the address.
import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGates, learn } from '../../../../../services/beacon/web/gates.js';
import { counts } from '../../../../../services/beacon/web/guard.js';
import { REFUSED_RETRY_MS } from '../../../../../services/beacon/web/retry.js';
import type { QueuedEvent } from '../../../../../services/beacon/web/wire.js';

const row = (key: string) => ({ envelope: { endpoint: 'https://c.example', key } }) as QueuedEvent;

let said: MockInstance;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  for (const name of Object.keys(counts)) delete counts[name];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('an acknowledged batch is done with, and what was dropped is counted by reason', () => {
  const gate = createGates().of(row('a'));
  expect(learn(gate, 3, { status: 202, dropped: [{ reason: 'too_old' }] })).toBe(true);
  expect(counts).toEqual({ sent: 2, 'dropped.too_old': 1 });
});

test('a failure closes its own address only, and coming back online opens it', () => {
  const gates = createGates();
  expect(learn(gates.of(row('a')), 1, { status: 503 })).toBe(false);
  expect([gates.isOpen(row('a')), gates.isOpen(row('b'))]).toEqual([false, true]);
  vi.advanceTimersByTime(500);
  expect(gates.isOpen(row('a'))).toBe(true);
  learn(gates.of(row('a')), 1, { status: 0 });
  gates.reopen();
  expect(gates.isOpen(row('a'))).toBe(true);
});

test('a named time holds, whatever else happens', () => {
  const gates = createGates();
  learn(gates.of(row('a')), 1, { status: 0 });
  learn(gates.of(row('a')), 1, { status: 429, retryAfterMs: 8000 });
  gates.reopen();
  vi.advanceTimersByTime(7999);
  expect(gates.isOpen(row('a'))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(gates.isOpen(row('a'))).toBe(true);
});

test('a refusal keeps the events for ten minutes at a time, and is said once', () => {
  const gates = createGates();
  for (const status of [401, 403, 404]) expect(learn(gates.of(row('a')), 1, { status })).toBe(false);
  gates.reopen();
  vi.advanceTimersByTime(REFUSED_RETRY_MS - 1);
  expect(gates.isOpen(row('a'))).toBe(false);
  vi.advanceTimersByTime(1);
  expect(gates.isOpen(row('a'))).toBe(true);
  expect(said).toHaveBeenCalledTimes(1);
  expect(counts).toEqual({ refused: 3 });
});

test('what is too large is halved down to one event, which is dropped and counted', () => {
  const gate = createGates().of(row('a'));
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
  const gate = createGates().of(row('a'));
  expect(learn(gate, 4, { status: 400 })).toBe(true);
  expect(learn(gate, 2, { status: 415 })).toBe(true);
  expect(counts).toEqual({ 'dropped.400': 4, 'dropped.415': 2 });
});
