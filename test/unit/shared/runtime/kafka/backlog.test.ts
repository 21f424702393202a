// What waits in the topic: records, at the mean size of those that were read, and since when.
import { expect, test } from 'vitest';
import { Backlog } from '../../../../../shared/runtime/kafka/backlog.js';

function backlog() {
  let now = 1_000;
  return { backlog: new Backlog({ now: () => now, monotonic: () => now }), pass: (ms: number) => (now += ms) };
}

test('bytes are guessed until records were read, then counted at their mean', () => {
  const { backlog: behind } = backlog();
  expect(behind.measure(2, undefined).bytes).toBe(2 * 64 * 1024);
  behind.saw([{ value: Buffer.alloc(10) }, { value: Buffer.alloc(30) }, { value: null }, { value: Buffer.alloc(40) }]);
  expect(behind.measure(3, undefined).bytes).toBe(60);
});

test('the age counts from the oldest record, else from when the first one was seen to wait', () => {
  const { backlog: behind, pass } = backlog();
  expect(behind.measure(1, 400).ageMs).toBe(600);
  pass(500);
  expect(behind.measure(1, undefined).ageMs).toBe(500);
  expect(behind.measure(0, 400).ageMs).toBe(0);
  pass(500);
  expect(behind.measure(1, undefined).ageMs).toBe(0);
});
