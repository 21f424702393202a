// Event ids: UUIDv7, in the order they were made, never twice.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { uuid7 } from '../../../../../services/beacon/web/ids.js';
import { idTimeMs } from '../../../../../shared/contract/ids.js';

/** Ids never go back, so each test begins later than the one before. */
let now = Date.UTC(2026, 10, 24, 12);

beforeEach(() => vi.useFakeTimers({ now: (now += 3_600_000) }));
afterEach(() => void vi.useRealTimers());

test('an id is a UUIDv7 of its time', () => {
  const id = uuid7();
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(idTimeMs(id)).toBe(now);
});

test('ids of one millisecond differ and sort in the order they were made, also past the 4,096 it has room for', () => {
  const check = (n: number, lastMs: number) => {
    vi.setSystemTime((now += 1000));
    const ids = Array.from({ length: n }, () => uuid7());
    expect(new Set(ids).size).toBe(n);
    expect([...ids].sort()).toEqual(ids);
    expect(idTimeMs(ids.at(-1) ?? '')).toBe(now + lastMs);
  };
  check(4096, 0);
  check(4097, 1);
  check(20_000, 4);
});

test('ids sort by time, and still when the clock goes back', () => {
  const first = uuid7();
  vi.setSystemTime(now + 1);
  const second = uuid7();
  vi.setSystemTime(now - 60_000);
  const third = uuid7();
  expect([third, second, first].sort()).toEqual([first, second, third]);
  expect(idTimeMs(third)).toBe(now + 1);
});
