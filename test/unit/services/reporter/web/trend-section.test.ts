// A rate by day: which metric version is drawn, which days are final.
import { expect, test } from 'vitest';
import type { TrendRow } from '../../../../../services/reporter/figures/trends.js';
import { byWeight, trendDays, trendSection } from '../../../../../services/reporter/web/trend-section.js';

const settings = { windowS: 3600, latenessS: 3600, thetaSame: 0.98, thetaReplace: 1 / 3, metricVersion: 'm-1' };
const project = { settings, surfaces: {} };
const SPAN_MS = 7_200_000;

function day(date: string, differences: Partial<TrendRow> = {}): TrendRow {
  return {
    ...{ day: date, metric_version: 'm-1', mature: 10, taken: 4, rate: 0.4, low: 0.2, high: 0.6, persons: 5 },
    ...{ session_persons: 0, shown: 12, unresolved: 2, as_of: '2026-11-20 02:00:00.000' },
    ...differences,
  };
}
const section = (rows: readonly TrendRow[]) =>
  trendSection({ title: 'Rate', rows, deployments: [{ day: '2026-11-19', name: 'version 8' }], project }).markup;

test('a day is final when W and L had passed since its end, not an instant sooner', () => {
  const rows = [day('2026-11-19'), day('2026-11-18', { as_of: '2026-11-19 01:59:59.999' })];
  expect(trendDays(rows, 'm-1', SPAN_MS).map((each) => [each.day, each.final])).toEqual([
    ['2026-11-18', false],
    ['2026-11-19', true],
  ]);
});

test('the metric version with the most of what was shown is drawn, others are counted', () => {
  const rows = [day('2026-11-18', { metric_version: 'old', shown: 5 }), day('2026-11-19')];
  expect(byWeight(rows)).toEqual(['m-1', 'old']);
  expect(section(rows)).toContain('1 other metric version');
  expect(trendDays(rows, 'm-1', SPAN_MS).length).toBe(1);
});

test('the chart says its days and what went live', () => {
  expect(section([day('2026-11-18'), day('2026-11-19')])).toMatch(/<svg[^>]*role="img"[\s\S]*version 8/);
});

test('without days there are words', () => {
  expect(section([])).toContain('No day of this period has figures yet.');
});
