// Reading CPU and memory of processes, and condensing repetitions.
import { expect, test } from 'vitest';
import { cpuOfStat, cpuSeconds, peakMemoryBytes, quantile, ratiosOf, spreadOf, using } from '../../bench/measure.js';

test('user and system ticks are read from behind a name that holds spaces and parentheses', () => {
  const after = ['S', ...Array.from({ length: 10 }, (_, i) => String(i)), '250', '50', '7', '7'];
  expect(cpuOfStat(`42 (a) b (c)) ${after.join(' ')}`)).toBe(3);
});

test('a process that works uses CPU, and all processes named count together', async () => {
  const used = await using([process.pid], async () => {
    for (const until = performance.now() + 200; performance.now() < until;) Math.sqrt(until);
  });
  expect(used.seconds).toBeGreaterThan(0.15);
  expect(used.cpuSeconds).toBeGreaterThan(0);
  expect(cpuSeconds(process.pid, process.pid)).toBeGreaterThan(1.5 * cpuSeconds(process.pid));
});

test('the most memory a process held is more than what it holds in its heap', () => {
  expect(peakMemoryBytes(process.pid)).toBeGreaterThan(process.memoryUsage().heapUsed);
});

test('a quantile between two values is interpolated', () => {
  const check = (sorted: number[], q: number, expected: number) => expect(quantile(sorted, q)).toBeCloseTo(expected);
  check([7], 0.95, 7);
  check([1, 2, 3], 0.5, 2);
  check([1, 2, 3, 4], 0.5, 2.5);
  check([0, 10], 0.95, 9.5);
  expect(() => quantile([], 0.5)).toThrow('nothing was measured');
});

test('a spread holds the median, not the mean, with its range and count', () => {
  expect(spreadOf([30, 1, 2])).toEqual({ median: 2, min: 1, max: 30, n: 3 });
  expect(() => spreadOf([])).toThrow('nothing was measured');
});

test('ratios are those of the repetitions beside each other', () => {
  expect(ratiosOf([2, 40, 6], [1, 10, 6])).toEqual({ median: 2, min: 1, max: 4, n: 3 });
});
