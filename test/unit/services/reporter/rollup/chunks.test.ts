// How a day is cut into pieces.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHUNK_GENERATIONS_MAX, chunksOf } from '../../../../../services/reporter/rollup/chunks.js';

const HOUR = 3600;

function check(rows: readonly number[], expected: readonly string[], max = 100): void {
  const chunks = chunksOf(
    rows.map((n, hour) => ({ hour: hour * HOUR, rows: n })),
    max,
  );
  expect(chunks.map(({ from, to, slice, slices }) => `${from / HOUR}-${to / HOUR} ${slice}/${slices}`)).toEqual(
    expected,
  );
}

test('hours go together up to the limit', () => {
  check([], []);
  check([40, 60], ['0-2 0/1']);
  check([40, 61], ['0-1 0/1', '1-2 0/1']);
  check([100, 1], ['0-1 0/1', '1-2 0/1']);
});

test('an hour above the limit is sliced by itself', () => {
  check([100], ['0-1 0/1']);
  check([101], ['0-1 0/2', '0-1 1/2']);
  check([10, 250, 10], ['0-1 0/1', '1-2 0/3', '1-2 1/3', '1-2 2/3', '2-3 0/1']);
});

test('the limit is about a million generations', () => {
  expect(CHUNK_GENERATIONS_MAX).toBe(1_000_000);
});

test('chunks cover every hour with rows exactly once per slice, and none holds more than the limit', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(300), { maxLength: 24 }), (rows) => {
      const hours = rows.map((n, hour) => ({ hour: hour * HOUR, rows: n }));
      const chunks = chunksOf(hours, 100);
      for (const { hour, rows: n } of hours) {
        const covering = chunks.filter(({ from, to }) => from <= hour && hour < to);
        expect(covering.reduce((share, { slices }) => share + 1 / slices, 0)).toBeCloseTo(1);
        expect(new Set(covering.map(({ slice }) => slice)).size).toBe(covering.length);
        if (n > 100) expect(covering.length).toBe(Math.ceil(n / 100));
      }
      for (const { from, to, slices } of chunks) {
        const inside = hours.filter(({ hour }) => from <= hour && hour < to).reduce((sum, { rows: n }) => sum + n, 0);
        expect(inside / slices).toBeLessThanOrEqual(100);
      }
    }),
  );
});
