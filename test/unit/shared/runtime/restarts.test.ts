// The pauses between restarts of a child, and when there are no more.
import { expect, test } from 'vitest';
import { FAILURE_WINDOW_MS, FAILURES_MAX, RESTART_MAX_MS, RestartBudget } from '../../../../shared/runtime/restarts.js';

test('pauses grow from 0.2 s and never exceed 10 s', () => {
  const budget = new RestartBudget();
  const pauses = [0, 1, 2, 3].map((n) => budget.fail(n) ?? Infinity);
  expect(pauses).toEqual([200, 800, 3200, RESTART_MAX_MS]);
});

test('the fifth failure within a minute ends the restarts, one outside of it does not', () => {
  const within = new RestartBudget();
  const outside = new RestartBudget();
  for (let n = 0; n < FAILURES_MAX - 1; n += 1) {
    within.fail(n);
    outside.fail(n);
  }
  expect(within.fail(FAILURE_WINDOW_MS - 1)).toBeUndefined();
  expect(outside.fail(FAILURE_WINDOW_MS)).not.toBeUndefined();
});
