// Pauses between attempts, and what Retry-After says.
import { expect, test } from 'vitest';
import { RETRY_AFTER_MAX_MS, pauseMs, retryAfterMs } from '../../../../../services/beacon/web/retry.js';

test('a pause is half to all of a quarter of the outage, within half a second and a minute', () => {
  const check = (outageMs: number, random: number, expected: number) =>
    expect(pauseMs(outageMs, random)).toBeCloseTo(expected);
  check(0, 0, 250);
  check(0, 1, 500);
  check(2000, 1, 500);
  check(4000, 0, 500);
  check(4000, 1, 1000);
  check(240_000, 1, 60_000);
  check(1e9, 1, 60_000);
});

test('the first attempt after an outage of 4 s comes within 1.5 s of its end, whatever chance says', () => {
  for (const random of [0, 0.3, 0.7, 1]) {
    let now = 0;
    while (now < 4000) now += pauseMs(now, random);
    expect(now).toBeLessThanOrEqual(5500);
  }
});

test('Retry-After is read as seconds and as a date, never answered early, at most an eighth late', () => {
  const now = Date.UTC(2026, 0, 1);
  const check = (header: string | null, random: number, expected: number | undefined) =>
    expect(retryAfterMs(header, now, random)).toBe(expected);
  check(null, 0, undefined);
  check('', 0, undefined);
  check('soon', 0, undefined);
  check('8', 0, 8000);
  check('8', 1, 9000);
  check(' 8 ', 0, 8000);
  check('0', 0, undefined);
  check('-3', 0, undefined);
  check(new Date(now + 8000).toUTCString(), 0, 8000);
  check(new Date(now - 8000).toUTCString(), 0, undefined);
  check('999999999', 0, RETRY_AFTER_MAX_MS);
});
