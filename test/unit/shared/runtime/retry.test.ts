// Pauses between attempts.
import { expect, test } from 'vitest';
import { backoffMs, sleep } from '../../../../shared/runtime/retry.js';

test('pauses double from the least to the most, with their upper half random', () => {
  const backoff = { minMs: 100, maxMs: 1000 };
  expect([1, 2, 3, 4, 5, 40].map((n) => backoffMs(n, backoff, () => 1))).toEqual([100, 200, 400, 800, 1000, 1000]);
  expect([1, 2, 40].map((n) => backoffMs(n, backoff, () => 0))).toEqual([50, 100, 500]);
});

test('an aborted sleep ends at once, before and during', async () => {
  const controller = new AbortController();
  const started = performance.now();
  const sleeping = sleep(10_000, controller.signal);
  controller.abort();
  await sleeping;
  await sleep(10_000, controller.signal);
  expect(performance.now() - started).toBeLessThan(5000);
});
