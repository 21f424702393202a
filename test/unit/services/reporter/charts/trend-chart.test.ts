// The drawing of a trend: facts about its markup, for every kind of data.
import { expect, test } from 'vitest';
import {
  LABEL_CHARS_MAX,
  LABEL_ROWS_MAX,
  deploymentLabels,
} from '../../../../../services/reporter/charts/deployment-labels.js';
import { trendChart } from '../../../../../services/reporter/charts/trend-chart.js';
import { CHART_DAYS_MAX, withoutHoles } from '../../../../../services/reporter/charts/trend-days.js';
import { LEFT, PLOT_HEIGHT, RIGHT, trendScales } from '../../../../../services/reporter/charts/trend-scales.js';
import { NAMED_MAX, openWords } from '../../../../../services/reporter/charts/trend-words.js';
import type { DeploymentMark, TrendDay } from '../../../../../services/reporter/reports/report.js';
import { HOSTILE_NAME, trendDays } from '../../../../support/report-fixture.js';

const chart = (days: readonly TrendDay[], deployments: readonly DeploymentMark[] = []) =>
  trendChart({ title: 'Acceptance rate by day', days, deployments }).markup;
const labelOf = (markup: string) => /aria-label="([^"]*)"/.exec(markup)?.[1] ?? '';
const flat = (days: readonly TrendDay[], rate: number | null, low = rate, high = rate) =>
  days.map((day) => ({ ...day, rate, low, high }));

test.each([
  ['no day', []],
  ['one day', trendDays(1)],
  ['28 days', trendDays()],
  ['365 days', trendDays(365)],
  ['days without a rate', flat(trendDays(), null)],
  ['rates of 0', flat(trendDays(), 0, 0, 0.1)],
  ['rates of 1', flat(trendDays(), 1, 0.9, 1)],
  ['rates of one person each', flat(trendDays(), 0.4, null, null)],
])('the drawing of %s holds only finite numbers within its bounds, and one label', (_name, days) => {
  const markup = chart(days, [{ day: '2026-11-03', name: 'version 8' }]);
  expect(markup).not.toMatch(/NaN|Infinity|undefined|null|\bid=|style=|<script/);
  expect(markup.match(/role="img"/g)).toHaveLength(1);
  for (const [, path = ''] of markup.matchAll(/ d="([^"]*)"/g)) {
    const numbers = [...path.matchAll(/-?\d+(?:\.\d+)?/g)].map(([number]) => Number(number));
    expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(PLOT_HEIGHT);
    expect(Math.min(0, ...numbers)).toBe(0);
  }
  expect(markup.length).toBeLessThan(80_000);
});

test('the label says the first, last, lowest and highest rate with n and persons, and what went live', () => {
  const label = labelOf(chart(trendDays(), [{ day: '2026-11-03', name: 'version 8' }]));
  expect(label).toMatch(/^Acceptance rate by day\. 28 days from 19 Oct to 15 Nov\./);
  expect(label).toMatch(
    /First 44\.0 % on 19 Oct \(n = 470, 259 persons\); last 38\.\d % on 14 Nov \(n = \d+, \d+ persons\); lowest 3\d\.\d % on .*; highest 4\d\.\d % on .*\./,
  );
  expect(label).toContain('3 days without a rate.');
  expect(label).toContain('still open from 13 Nov on: these rates can still change.');
  expect(label).toContain('Went live: version 8 on 3 Nov.');
});

test('the label of nothing says so, and so does the drawing', () => {
  expect(labelOf(chart([]))).toBe('Acceptance rate by day. No day to show.');
  const open = chart(flat(trendDays(), null));
  expect(labelOf(open)).toContain('Nothing is mature, so there is no rate.');
  expect(open).toContain('Nothing is mature yet');
  expect(labelOf(chart(trendDays(4).slice(0, 1)))).toContain('One day, 19 Oct. Rate 44.');
});

test('at most a few deployments are read out, the rest is counted', () => {
  const days = trendDays();
  const marks = days.slice(0, NAMED_MAX + 1).map(({ day }, index) => ({ day, name: `v${index}` }));
  expect(labelOf(chart(days, marks.slice(0, NAMED_MAX)))).toMatch(/, v9 on 28 Oct\.$/);
  expect(labelOf(chart(days, marks))).toMatch(/, v9 on 28 Oct and 1 more\.$/);
});

test('a day that can still change is grey and dashed, and says how much of it is open', () => {
  const markup = chart(trendDays());
  expect(markup).toContain('21 to 100 % still open');
  expect(markup).toMatch(/<title>14 Nov: 3\d\.\d % \(95 % .* to .*\), n = \d+, \d+ persons; 62 % still open<\/title>/);
  expect(markup.match(/stroke-dasharray="4 3"/g)).toHaveLength(1);
  const settled = trendDays().map((day) => ({ ...day, final: true }));
  expect(chart(settled)).not.toContain('still open');
  const open = { ...settled[0], final: false, shown: 1000 } as TrendDay;
  expect(openWords([{ ...open, unresolved: 4 }])).toBe('under 1 % still open');
  expect(openWords([{ ...open, unresolved: 5 }])).toBe('1 % still open');
  expect(openWords([{ ...settled[0], final: false, shown: 0, unresolved: 0 } as TrendDay])).toBe('not final yet');
});

test('a day without a mature generation is a gap, and so is a day that is not given', () => {
  const solid = (markup: string) => / d="([^"]*)"[^>]*stroke-linejoin/.exec(markup)?.[1] ?? '';
  expect(solid(chart(trendDays())).match(/M/g)).toHaveLength(2);
  const given = trendDays(10);
  const holed = given.filter((_day, index) => index !== 2 && index !== 4);
  expect(solid(chart(holed)).match(/M/g)).toHaveLength(3);
  expect(withoutHoles(holed).map(({ day }) => day)).toEqual(given.map(({ day }) => day));
  expect(withoutHoles(holed)[2]).toMatchObject({ rate: null, mature: 0, final: true });
});

test('one chart shows the newest days up to its limit', () => {
  expect(withoutHoles(trendDays(CHART_DAYS_MAX))).toHaveLength(CHART_DAYS_MAX);
  const cut = withoutHoles(trendDays(CHART_DAYS_MAX + 1));
  expect([cut.length, cut[0]?.day]).toEqual([CHART_DAYS_MAX, '2026-10-20']);
});

test('an interval between gaps is a line, since a band of one day has no width', () => {
  expect(chart(trendDays(1).map((day) => ({ ...day, rate: 0.5, low: 0.4, high: 0.6 })))).toMatch(/stroke-width="8"/);
  expect(chart(trendDays(20))).not.toMatch(/stroke-width="8"/);
});

test('the scale of rates is padded, round, within 0 and 100 %, and never so fine that noise looks like a landslide', () => {
  const range = (days: readonly TrendDay[]) => {
    const { from, to } = trendScales(days);
    return [from, to];
  };
  expect(range([])).toEqual([0, 1]);
  expect(range(flat(trendDays(), 0.5))).toEqual([0.4, 0.6]);
  expect(range(flat(trendDays(), 0, 0, 0.05))).toEqual([0, 0.15]);
  expect(range(flat(trendDays(), 1, 0.95, 1))).toEqual([0.85, 1]);
  expect(range(flat(trendDays(), 0.5, 0.01, 0.99))).toEqual([0, 1]);
  const { rates, days, x } = trendScales(trendDays());
  expect(rates.map(({ label }) => label)).toEqual(['20 %', '30 %', '40 %', '50 %', '60 %']);
  expect(days.map(({ label }) => label)).toEqual(['25 Oct', '1 Nov', '8 Nov', '15 Nov']);
  expect([x('2026-10-19'), x('2026-11-15')]).toEqual([LEFT, RIGHT]);
});

test('labels of deployments never overlap in a row; those of one day share one; the rest keeps its line', () => {
  const days = trendDays().map(({ day }) => day);
  const { x } = trendScales(trendDays());
  const marks = deploymentLabels(
    [...days.map((day, index) => ({ day, name: `version ${index}` })), { day: days[0] ?? '', name: 'a model' }],
    x,
    () => true,
  );
  expect(marks).toHaveLength(28);
  expect(marks[0]?.label?.text).toBe('version 0 +1');
  const labelled = marks.flatMap(({ at, label }) => (label === undefined ? [] : [{ at, ...label }]));
  expect(Math.max(...labelled.map(({ row }) => row))).toBe(LABEL_ROWS_MAX - 1);
  expect(labelled.length).toBeLessThan(28);
  for (let row = 0; row < LABEL_ROWS_MAX; row++) {
    const spans = labelled
      .filter((label) => label.row === row)
      .map(({ at, text, before }) => (before ? [at - 2.1 * text.length, at] : [at, at + 2.1 * text.length]))
      .sort(([a = 0], [b = 0]) => a - b);
    for (const [index, [from = 0]] of spans.entries())
      if (index > 0) expect(from).toBeGreaterThan(spans[index - 1]?.[1] ?? 0);
  }
  expect(deploymentLabels([{ day: '2020-01-01', name: 'before' }], x, () => false)).toEqual([]);
});

test('a long label is cut, its name is not; a name stays text', () => {
  const [day = ''] = trendDays().map((each) => each.day);
  const text = (name: string) =>
    deploymentLabels(
      [{ day, name }],
      () => 50,
      () => true,
    )[0]?.label?.text;
  expect(text('v'.repeat(LABEL_CHARS_MAX))).toBe('v'.repeat(LABEL_CHARS_MAX));
  expect(text('v'.repeat(LABEL_CHARS_MAX + 1))).toBe(`${'v'.repeat(LABEL_CHARS_MAX - 1)}…`);
  const markup = chart(trendDays(), [{ day, name: HOSTILE_NAME }]);
  expect(markup).not.toContain('<img');
  expect(markup).not.toContain('onerror="');
});
