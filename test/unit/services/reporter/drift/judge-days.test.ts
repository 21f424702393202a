// How a watch goes from day to day: collecting, steady, fallen and back, each at its limit and one short of it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BASELINE_DAYS, DAY_PERSONS_MIN, takeBaseline } from '../../../../../services/reporter/drift/baseline.js';
import { FALSE_ALARM_DAYS, judgeDays, type JudgedDay } from '../../../../../services/reporter/drift/judge-days.js';
import type { WatchedDay } from '../../../../../services/reporter/drift/watched-day.js';
import { addDays } from '../../../../../services/reporter/figures/filter.js';

const FIRST = '2026-06-01';
const ERROR = 0.02;

/** Days whose rates lie `z` standard errors above 40 %. A whole number of generations is not needed here. */
function daysOf(zs: readonly number[], differences: Partial<WatchedDay> = {}): WatchedDay[] {
  return zs.map((z, i) => ({
    day: addDays(FIRST, i),
    n: 1000,
    taken: 1000 * (0.4 + z * ERROR),
    persons: 100,
    error: ERROR,
    watched: 10,
    ...differences,
  }));
}
/** A baseline at 40 % whose days hardly differ. */
const calm = Array.from({ length: BASELINE_DAYS }, (_, i) => (i % 2 === 0 ? 0.1 : -0.1));
const last = (zs: readonly number[]) => judgeDays(daysOf([...calm, ...zs])).at(-1) as JudgedDay;

test('a watch collects for 28 days of enough persons, and says how many are missing', () => {
  const rows = judgeDays(daysOf(calm));
  expect(rows.map(({ daysNeeded }) => daysNeeded)).toEqual(calm.map((_, i) => BASELINE_DAYS - 1 - i));
  expect(rows.at(-2)).toMatchObject({ state: 'collecting', personsNeeded: DAY_PERSONS_MIN, baseline: undefined });
  expect(rows.at(-1)).toMatchObject({ state: 'steady', personsNeeded: 0, z: 0, cusum: 0 });
  expect(rows.at(-1)?.baseline).toMatchObject({ days: BASELINE_DAYS, from: FIRST, to: addDays(FIRST, 27), sigma: 1 });
});

test('a day counts with 20 persons who are not all alike, and not with 19', () => {
  const counted = (differences: Partial<WatchedDay>) => judgeDays(daysOf([0], differences))[0]?.counted;
  expect(counted({ persons: DAY_PERSONS_MIN })).toBe(true);
  expect(counted({ persons: DAY_PERSONS_MIN - 1 })).toBe(false);
  expect(counted({ error: 0 })).toBe(false);
});

test('a day that does not count leaves the evidence as it is', () => {
  const before = judgeDays(daysOf([...calm, -2]));
  const days = [...daysOf([...calm, -2]), { ...(daysOf([-9])[0] as WatchedDay), day: addDays(FIRST, 29), persons: 3 }];
  const after = judgeDays(days).at(-1);
  expect(after).toMatchObject({ counted: false, z: 0, cusum: before.at(-1)?.cusum, climb: before.at(-1)?.climb });
});

test('the evidence is that of the e-CUSUM, and a fall is said from the threshold on', () => {
  const threshold = Math.log(10 * FALSE_ALARM_DAYS);
  // 3 days bring 3 x (z - 1/2)
  const z = threshold / 3 + 0.5;
  expect(last([-z, -z]).state).toBe('steady');
  expect(last([-z, -z, -z + 0.001])).toMatchObject({ state: 'steady', since: null });
  expect(last([-z, -z, -z - 0.001])).toMatchObject({ state: 'fallen', since: addDays(FIRST, 28) });
  expect(last([-z]).cusum).toBeCloseTo(z - 0.5, 9);
  expect(last([5, -z]).cusum).toBeCloseTo(z - 0.5, 9);
});

test('more watches need more evidence', () => {
  expect(judgeDays(daysOf([0], { watched: 300 }))[0]?.threshold).toBeCloseTo(Math.log(27_000), 12);
  expect(judgeDays(daysOf([0], { watched: 0 }))[0]?.threshold).toBeCloseTo(Math.log(90), 12);
});

test('a fall is dated by the likeliest day of the step, not by a climb that began before by chance', () => {
  const row = last([-0.8, -0.4, -0.9, -0.2, -3, -3, -3]);
  expect(row).toMatchObject({ state: 'fallen', since: addDays(FIRST, 32) });
});

test('a fall keeps its first day, and ends when the rate has been back for as much evidence', () => {
  const fall = [-4, -4, -4];
  const needed = Math.ceil(Math.log(900) / 0.5);
  const back = (days: number) => last([...fall, ...Array.from({ length: days }, () => 0)]);
  expect(back(needed - 1)).toMatchObject({ state: 'fallen', since: addDays(FIRST, 28) });
  expect(back(needed)).toMatchObject({ state: 'steady', since: null, cusum: 0, recovery: 0 });
  const half = last([...fall, ...Array.from({ length: 200 }, () => -0.6)]);
  expect(half).toMatchObject({ state: 'fallen', since: addDays(FIRST, 28) });
});

test('a second fall after the first has its own day', () => {
  const zeros = Array.from({ length: 20 }, () => 0);
  expect(last([-4, -4, -4, ...zeros, -4, -4])).toMatchObject({ state: 'fallen', since: addDays(FIRST, 28 + 23) });
});

test('an overdispersed baseline divides the scores', () => {
  const wild = calm.map((_, i) => (i % 2 === 0 ? 2 : -2));
  const rows = judgeDays(daysOf([...wild, -3]));
  const sigma = 4 / 1.128;
  expect(rows.at(-1)?.baseline?.sigma).toBeCloseTo(sigma, 9);
  expect(rows.at(-1)?.z).toBeCloseTo(-3 / sigma, 9);
});

test('a clear rhythm of the week is taken out, an unclear one is not', () => {
  const weekly = (size: number) => calm.map((z, i) => z + (i % 7 > 4 ? -size : 0));
  const clear = takeBaseline(daysOf(weekly(5)));
  expect(clear?.weekdays).toHaveLength(7);
  const [monday = 0, , , , , saturday = 0] = clear?.weekdays ?? [];
  expect(monday - saturday).toBeCloseTo(5 * ERROR, 2);
  expect(clear?.sigma).toBe(1);
  expect(takeBaseline(daysOf(calm))?.weekdays).toEqual([]);
  const rows = judgeDays(daysOf([...weekly(5), 0, 0, 0, 0, 0, -5, -5]));
  for (const { z } of rows.slice(-7)) expect(Math.abs(z)).toBeLessThan(0.3);
});

test('it does not matter how many days one look judges', () => {
  const zs = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(zs, fc.nat({ max: 60 }), (more, cut) => {
      const days = daysOf([...calm, ...more]);
      const whole = judgeDays(days);
      const at = BASELINE_DAYS + Math.min(cut, more.length);
      const first = judgeDays(days.slice(0, at));
      const second = judgeDays(days.slice(at), first.at(-1));
      const row = ({ day, state, since, z, cusum, climb, recovery, threshold }: JudgedDay) => ({
        ...{ day: day.day, state, since, z, cusum, climb, recovery, threshold },
      });
      expect([...first, ...second].map(row)).toEqual(whole.map(row));
    }),
    { seed: 6, numRuns: 200 },
  );
});
