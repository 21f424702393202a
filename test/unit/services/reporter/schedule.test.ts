// The schedule, on the real clock.
import { expect, test } from 'vitest';
import { cronProblem, startSchedule } from '../../../../services/reporter/schedule.js';
import { sleep } from '../../../../shared/runtime/retry.js';

test('cron expressions of six and five fields and "off" are taken', () => {
  for (const expression of ['*/5 * * * * *', '0 */15 * * * *', '30 2 * * 1-5', 'off'])
    expect(cronProblem(expression), expression).toBeUndefined();
});

test('anything else is refused with the field that is wrong', () => {
  for (const expression of ['', 'sometimes', '* * *', '61 * * * * *', '* * * * * * *', '0 0 32 1 *', 'OFF'])
    expect(cronProblem(expression), expression).toMatch(/must be "off" or a cron expression/);
});

test('a task runs each second, never twice at once, and one that fails does not end the schedule', async () => {
  let running = 0;
  let most = 0;
  let runs = 0;
  const errors: unknown[] = [];
  const schedule = startSchedule({
    name: 'test',
    expression: '* * * * * *',
    run: async () => {
      most = Math.max(most, (running += 1));
      runs += 1;
      await sleep(1500);
      running -= 1;
      throw new Error(`run ${runs}`);
    },
    onError: (error) => errors.push(error),
  });
  await sleep(5200);
  await schedule.stop();
  expect(most).toBe(1);
  expect(runs).toBeGreaterThanOrEqual(2);
  expect(runs).toBeLessThanOrEqual(3);
  expect(errors.length).toBe(runs);
  const before = runs;
  await sleep(1500);
  expect(runs).toBe(before);
});

test('stop tells the run that is under way to end, and waits for it', async () => {
  let ended = false;
  const schedule = startSchedule({
    name: 'test',
    expression: '* * * * * *',
    run: async (signal) => {
      await sleep(60_000, signal);
      await sleep(50);
      ended = true;
    },
    onError: () => undefined,
  });
  await sleep(1200);
  await schedule.stop();
  expect(ended).toBe(true);
});

test('"off" never runs', async () => {
  let runs = 0;
  const schedule = startSchedule({
    name: 'test',
    expression: 'off',
    run: async () => void (runs += 1),
    onError: () => undefined,
  });
  await sleep(1200);
  await schedule.stop();
  expect(runs).toBe(0);
});
