// Series of days: whole, in order, bounded, and honest about what is final.
import { describe, expect, test } from 'vitest';
import { busiestPrompts } from '../../../../../../services/reporter/reports/sections/readings.js';
import type { DayRow } from '../../../../../../services/reporter/reports/sections/read-trend.js';
import {
  DEPLOYMENTS_MAX,
  TREND_PROMPTS_MAX,
  TREND_SERIES_MAX,
  trendSection,
  type TrendFacts,
} from '../../../../../../services/reporter/reports/sections/trend.js';
import { levelRow } from '../../../../../support/report-parts.js';

const asOf = Date.parse('2026-11-16T05:59:00Z');
const BASE: TrendFacts = {
  window: { from: '2026-11-09', to: '2026-11-16', days: 7 },
  days: [],
  deployments: [],
  limited: false,
  spanOf: () => 3 * 86_400,
  now: asOf,
};

function dayRow(over: Partial<DayRow> = {}): DayRow {
  const figures = { rate: 0.4, low: 0.3, high: 0.5, mature: 90, persons: 30, shown: 100, unresolved: 5 };
  return { day: '2026-11-10', promptId: 'summarise', whole: 0, metricVersion: 'm-1', ...figures, asOf, ...over };
}

test('without days there is no series', () => {
  expect(trendSection(BASE)).toEqual([]);
});

test('a series has every day of the window, also those without data', () => {
  const [series] = trendSection({ ...BASE, days: [dayRow()] });
  expect(series?.days.map(({ day }) => day)).toEqual(
    [9, 10, 11, 12, 13, 14, 15].map((d) => `2026-11-${`${d}`.padStart(2, '0')}`),
  );
  expect(series?.days[1]).toEqual({
    day: '2026-11-10',
    rate: 0.4,
    low: 0.3,
    high: 0.5,
    mature: 90,
    persons: 30,
    shown: 100,
    unresolved: 5,
    final: true,
  });
  expect(series?.days[0]).toMatchObject({ rate: null, low: null, high: null, mature: 0, shown: 0 });
});

test('a day is final when it was judged after its end and W + L, not before', () => {
  const span = 3 * 86_400_000;
  const end = Date.parse('2026-11-11T00:00:00Z');
  const finalOf = (judged: number) => trendSection({ ...BASE, days: [dayRow({ asOf: judged })] })[0]?.days[1]?.final;
  expect([finalOf(end + span - 1), finalOf(end + span)]).toEqual([false, true]);
});

test('the project comes first, then prompts by name; a report that is limited has no series of the project', () => {
  const days = [
    dayRow({ promptId: 'prompt 10' }),
    dayRow({ promptId: 'prompt 9' }),
    dayRow({ promptId: '', whole: 1, shown: 300 }),
  ];
  const names = (limited: boolean) => trendSection({ ...BASE, days, limited }).map(({ promptId }) => promptId);
  expect(names(false)).toEqual(['', 'prompt 9', 'prompt 10']);
  expect(names(true)).toEqual(['prompt 9', 'prompt 10']);
});

test.each([TREND_SERIES_MAX, TREND_SERIES_MAX + 1])(
  'of %i metric versions those with the most traffic are drawn',
  (n) => {
    const days = Array.from({ length: n }, (_, i) => dayRow({ metricVersion: `m-${i}`, shown: 10 + i }));
    const drawn = trendSection({ ...BASE, days });
    expect(drawn).toHaveLength(TREND_SERIES_MAX);
    expect(drawn[0]?.metricVersion).toBe(`m-${n - 1}`);
  },
);

describe('deployments', () => {
  const deployments = [
    { promptId: 'summarise', name: 'version 8', day: '2026-11-10' },
    { promptId: 'translate', name: 'model gpt-x 11', day: '2026-11-11' },
  ];
  test('stand with their prompt, and all of them with the project', () => {
    const days = [dayRow(), dayRow({ promptId: '', whole: 1 })];
    const [whole, prompt] = trendSection({ ...BASE, days, deployments });
    expect(whole?.deployments).toEqual([
      { day: '2026-11-10', name: 'summarise: version 8' },
      { day: '2026-11-11', name: 'translate: model gpt-x 11' },
    ]);
    expect(prompt?.deployments).toEqual([{ day: '2026-11-10', name: 'version 8' }]);
  });
  test.each([DEPLOYMENTS_MAX, DEPLOYMENTS_MAX + 1])('of %i the newest are marked', (n) => {
    const many = Array.from({ length: n }, (_, i) => ({
      promptId: 'summarise',
      name: `version ${i}`,
      day: '2026-11-10',
    }));
    const [series] = trendSection({ ...BASE, days: [dayRow()], deployments: many });
    expect(series?.deployments).toHaveLength(DEPLOYMENTS_MAX);
    expect(series?.deployments.at(-1)?.name).toBe(`version ${n - 1}`);
  });
});

test.each([TREND_PROMPTS_MAX, TREND_PROMPTS_MAX + 1])('of %i prompts those with the most traffic are drawn', (n) => {
  const rows = Array.from({ length: n }, (_, i) => levelRow({ promptId: `p${i}`, shown: 10 + i }));
  const names = busiestPrompts([
    ...rows,
    levelRow({ promptId: '', shown: 9999 }),
    levelRow({ promptId: 'idle', shown: 0 }),
  ]);
  expect(names).toHaveLength(TREND_PROMPTS_MAX);
  expect(names[0]).toBe(`p${n - 1}`);
});
