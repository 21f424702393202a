// A stall is silence for a minute while Kafka answers.
import { expect, test } from 'vitest';
import { STALL_MS, Watchdog } from '../../../../../shared/runtime/kafka/watchdog.js';

function watch(isReachable: () => Promise<void> = async () => undefined) {
  let now = 0;
  const stalls: string[] = [];
  const clock = { now: () => now, monotonic: () => now };
  const watchdog = new Watchdog({ clock, isReachable, stalled: ({ message }) => stalls.push(message) });
  return { watchdog, stalls, pass: (ms: number) => (now += ms) };
}

test('silence is a stall from the bound on, and a sign of life ends it', async () => {
  const { watchdog, stalls, pass } = watch();
  pass(STALL_MS - 1);
  await watchdog.check();
  watchdog.alive();
  pass(STALL_MS - 1);
  await watchdog.check();
  expect(stalls).toEqual([]);
  pass(1);
  await watchdog.check();
  expect(stalls).toEqual(['nothing was fetched for 60 s']);
});

test('the time in which Kafka is away does not count', async () => {
  const { watchdog, stalls, pass } = watch(async () => {
    throw new Error('away');
  });
  pass(STALL_MS);
  await watchdog.check();
  pass(STALL_MS - 1);
  await watchdog.check();
  expect(stalls).toEqual([]);
});
