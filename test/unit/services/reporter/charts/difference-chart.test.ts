// The chart of a difference, look by look: what is drawn and what its label says.
import { expect, test } from 'vitest';
import { differenceChart, type DifferenceDay } from '../../../../../services/reporter/charts/difference-chart.js';

const DAYS: DifferenceDay[] = [
  { day: '2026-11-10', difference: -0.01, low: -0.09, high: 0.07 },
  { day: '2026-11-11', difference: -0.03, low: -0.08, high: 0.02 },
  { day: '2026-11-12', difference: -0.05, low: -0.08, high: -0.02 },
];

function drawn(days: readonly DifferenceDay[], flag?: { day: string; name: string }): string {
  return String(differenceChart({ days, tau: 0.05, flag }));
}

test('the label says how it began, where it stands, since when it is flagged and which drop matters', () => {
  expect(drawn(DAYS, { day: '2026-11-12', name: 'Worse' })).toContain(
    'aria-label="Difference over 3 looks: from −1.0 points, interval −9.0 to +7.0, on 10 Nov, to −5.0 points, interval −8.0 to −2.0, on 12 Nov; Worse since 12 Nov; a drop of 5 points is marked"',
  );
});

test('each look is a point, the interval one band, and the drop that matters a line', () => {
  const chart = drawn(DAYS);
  expect(chart.match(/<circle/g)?.length).toBe(3);
  expect(chart.match(/class="band"/g)?.length).toBe(1);
  expect(chart).toContain('a drop of 5 points');
  expect(chart).not.toContain('class="flag"');
});

test('a single look stands in the middle', () => {
  expect(drawn(DAYS.slice(0, 1))).toContain('cx="54.25%"');
  expect(drawn(DAYS.slice(0, 1))).toContain('Difference over 1 look: −1.0 points');
});

test('a day without an estimate is a gap, and without any estimate there is no chart', () => {
  const gap: DifferenceDay = { day: '2026-11-11', difference: 0.4, low: null, high: null };
  const chart = drawn([DAYS[0] as DifferenceDay, gap, DAYS[2] as DifferenceDay]);
  expect(chart.match(/<circle/g)?.length).toBe(2);
  // the band begins anew after the gap
  expect(/class="band" d="([^"]*)"/.exec(chart)?.[1]?.match(/M/g)?.length).toBe(2);
  expect(differenceChart({ days: [gap], tau: 0.05, flag: undefined })).toBeNull();
  expect(differenceChart({ days: [], tau: 0.05, flag: undefined })).toBeNull();
});

test('the first intervals, as wide as all there is, do not flatten the rest', () => {
  const wide: DifferenceDay = { day: '2026-11-09', difference: 0, low: -5, high: 5 };
  const chart = drawn([wide, ...DAYS]);
  expect(chart).toContain('>+40.0 points<');
  expect(chart).not.toMatch(/>\+(?:[5-9]\d|\d{3,})\.0</);
  expect(chart).not.toMatch(/NaN|Infinity|undefined/);
});

test('names stay text', () => {
  expect(drawn(DAYS, { day: '2026-11-12', name: '<script>' })).not.toContain('<script');
});
