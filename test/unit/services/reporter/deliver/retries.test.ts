// The table of pauses, and its end.
import { expect, test } from 'vitest';
import { ATTEMPTS_MAX, RETRY_PAUSES_S, pauseMs } from '../../../../../services/reporter/deliver/retries.js';

test('pauses grow from a minute over hours, and end after the last attempt', () => {
  expect(Array.from({ length: ATTEMPTS_MAX }, (_, i) => pauseMs(i + 1))).toEqual([
    60_000,
    120_000,
    300_000,
    600_000,
    1_800_000,
    3_600_000,
    7_200_000,
    14_400_000,
    28_800_000,
    undefined,
  ]);
  expect(RETRY_PAUSES_S.reduce((sum, s) => sum + s, 0) / 3600).toBeCloseTo(15.8, 1);
});

test('a longer pause that the other side asked for is kept, a shorter one is not', () => {
  expect(pauseMs(1, 90_000)).toBe(90_000);
  expect(pauseMs(1, 5_000)).toBe(60_000);
});

test('what was asked for adds no attempt', () => {
  expect(pauseMs(ATTEMPTS_MAX - 1, 1)).toBe(28_800_000);
  expect(pauseMs(ATTEMPTS_MAX, 90_000)).toBeUndefined();
});
