// Reports of a project with very much of everything: each list is bounded, and what is left out is counted in every format. At each
// limit nothing is left out, one past it one is.
import { expect, test } from 'vitest';
import { drawn } from '../../../../../../services/reporter/reports/send-report.js';
import { NAMES_MAX } from '../../../../../../services/reporter/reports/render/report-document.js';
import { reportHtml } from '../../../../../../services/reporter/reports/render/report-html.js';
import { reportJsonSchema, reportSchema, type Report } from '../../../../../../services/reporter/reports/report.js';
import { assemble } from '../../../../../../services/reporter/reports/sections/assemble.js';
import { CHANGES_MAX } from '../../../../../../services/reporter/reports/sections/changes.js';
import { HEADLINES_MAX } from '../../../../../../services/reporter/reports/sections/headline.js';
import { NAMED_MAX } from '../../../../../../services/reporter/reports/sections/notes.js';
import { RATES_MAX } from '../../../../../../services/reporter/reports/sections/rates.js';
import { LABELS_MAX } from '../../../../../../services/reporter/reports/sections/ratings.js';
import type { LevelRow } from '../../../../../../services/reporter/reports/sections/read-levels.js';
import type { DayRow } from '../../../../../../services/reporter/reports/sections/read-trend.js';
import type { Readings } from '../../../../../../services/reporter/reports/sections/readings.js';
import { REJECTED_MAX } from '../../../../../../services/reporter/reports/sections/rejected.js';
import { FALLS_MAX } from '../../../../../../services/reporter/reports/sections/standing-now.js';
import {
  DEPLOYMENTS_MAX,
  TREND_PROMPTS_MAX,
  TREND_SERIES_MAX,
} from '../../../../../../services/reporter/reports/sections/trend.js';
import { fallenState, readingsOf } from '../../../../../support/reading-parts.js';
import { definitionOf, frameOf, levelRow } from '../../../../../support/report-parts.js';
import { verdictFixture } from '../../../../../support/verdict-fixture.js';

function reportOf(readings: Partial<Readings>, frame: Parameters<typeof frameOf>[0] = {}): Report {
  const report = assemble(frameOf(frame), readingsOf(readings));
  expect(reportSchema.parse(report)).toEqual(report);
  return report;
}

const many = <T>(n: number, one: (index: number) => T): T[] => Array.from({ length: n }, (_, index) => one(index));
const levels = (n: number, of: (index: number) => Partial<LevelRow>) => ({
  rows: many(n, (index) => levelRow(of(index))),
  total: n,
});
const comparisons = (n: number) => ({
  comparisons: many(n, (index) => verdictFixture({ comparison_id: `c${index}` })),
  comparisonsTotal: n,
  watches: [],
});
const dayRow = (over: Partial<DayRow> = {}): DayRow => ({
  ...{ day: '2026-11-10', promptId: 'a', whole: 0, metricVersion: 'm-1', rate: 0.4, low: 0.3, high: 0.5 },
  ...{ mature: 90, persons: 30, shown: 100, unresolved: 5, asOf: Date.parse('2026-11-16T05:59:00Z'), ...over },
});
const limited = (prompts: string[]) => ({ definition: definitionOf({ prompts }) });
const before = () => reportOf({}, { slot: Date.parse('2026-11-09T06:00:00Z') });
const labels = (n: number) =>
  many(n, (index) => ({ signal: 'rating' as const, bucket: `label-${index}`, generations: 1 })).map((row) => ({
    ...row,
    ...{ retained: 0, valueSum: 0 },
  }));

const LIMITS: readonly (readonly [string, number, (n: number) => Report, RegExp])[] = [
  ['verdicts', HEADLINES_MAX, (n) => reportOf({ findings: comparisons(n) }), /1 more is not listed here: 1 worse\./],
  [
    'combinations',
    RATES_MAX,
    (n) => reportOf({ versions: levels(n, (index) => ({ promptVersion: `${index}` })) }),
    /200 of 201 combinations are listed|"total":201/,
  ],
  [
    'totals',
    RATES_MAX,
    (n) => reportOf({ totals: levels(n, (index) => ({ promptId: `p${index}` })) }, limited(['a'])),
    /The totals list 200 of 201 rows, those with the most generations\./,
  ],
  [
    'prompts with a trend',
    TREND_PROMPTS_MAX,
    (n) => reportOf({ totals: levels(1, () => ({})), prompts: levels(n, (index) => ({ promptId: `p${index}` })) }),
    /The trend is drawn for the 12 prompts with the most traffic of 13\./,
  ],
  [
    'settings with a trend',
    TREND_SERIES_MAX,
    (n) => reportOf({ days: many(n, (index) => dayRow({ metricVersion: `m-${index}` })) }),
    /1 more trend by other settings is not drawn/,
  ],
  [
    'marks',
    DEPLOYMENTS_MAX,
    (n) =>
      reportOf({
        days: [dayRow()],
        deployments: many(n, (index) => ({ promptId: 'a', name: `version ${index}`, day: '2026-11-10' })),
      }),
    /and 1 more before these|"earlierDeployments":1/,
  ],
  [
    'changes',
    CHANGES_MAX,
    (n) => reportOf({ findings: comparisons(n) }, { previous: before() }),
    /1 more changed verdict\./,
  ],
  [
    'rejected prompts',
    REJECTED_MAX,
    (n) => reportOf({ prompts: levels(n, (index) => ({ promptId: `p${index}`, matureRejected: 5 + index })) }),
    /The 10 most rejected of 11 prompts\./,
  ],
  [
    'labels',
    LABELS_MAX,
    (n) => reportOf({ signals: labels(n) }),
    /1 other label|and 1 more row in the attached report/,
  ],
  [
    'notes on rows',
    NAMED_MAX,
    (n) => reportOf({ totals: levels(n, (index) => ({ promptId: `p${index}`, persons: 1 })) }, limited(['a'])),
    /The same holds of 1 more row of the totals\./,
  ],
  [
    'settings in a note',
    NAMED_MAX,
    (n) => reportOf({ totals: levels(n, (index) => ({ metricVersion: `m-${index}` })) }),
    /different settings \(.* and 1 more\)/,
  ],
];

const FORMATS = [
  ['page', (report: Report) => reportHtml(report, 'page')],
  ['mail', (report: Report) => reportHtml(report, 'mail')],
  ['Markdown', (report: Report) => drawn(report, '', 'md')],
  ['JSON', (report: Report) => JSON.stringify(report)],
] as const;

/** Of markup the text; of Markdown without what keeps names from being markup. */
const textOf = (drawing: string) =>
  drawing
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('\\', '')
    .replace(/\s+/g, ' ');

test.each(
  LIMITS.flatMap(([what, limit, make, words]) =>
    FORMATS.map(([format, draw]) => ({ what, limit, make, words, format, draw })),
  ),
)('$limit $what are whole in the $format, of one more the rest is counted', ({ limit, make, words, draw }) => {
  expect([limit, limit + 1].map((n) => words.test(textOf(draw(make(n)))))).toEqual([false, true]);
});

test.each(FORMATS.slice(0, 3))('names at the top of the %s are bounded; JSON has all of them', (_format, draw) => {
  const settings = (n: number) => reportOf({ totals: levels(n, (index) => ({ metricVersion: `m-${index}` })) });
  const prompts = (n: number) => reportOf({}, limited(many(n, (index) => `p-${index}`)));
  for (const [make, words] of [
    [settings, /Settings:? m-0, .* and 1 more/],
    [prompts, /Limited to:? p-0, .* and 1 more/],
  ] as const) {
    expect([NAMES_MAX, NAMES_MAX + 1].map((n) => words.test(textOf(draw(make(n)))))).toEqual([false, true]);
  }
  expect(settings(NAMES_MAX + 1).metricVersions).toHaveLength(NAMES_MAX + 1);
});

test('the next report is compared with as many falls as are kept, and knows how many there were', () => {
  const watches = (n: number) => many(n, (index) => fallenState({ watch_id: `w${index}` }));
  const of = (n: number) => {
    const { standing } = reportOf({ findings: { comparisons: [], comparisonsTotal: 0, watches: watches(n) } });
    return [standing.falls.length, standing.fallsTotal];
  };
  expect(of(FALLS_MAX)).toEqual([FALLS_MAX, FALLS_MAX]);
  expect(of(FALLS_MAX + 1)).toEqual([FALLS_MAX, FALLS_MAX + 1]);
});

test('a report that was stored before marks and falls were counted is read as it is', () => {
  const report = reportOf({ days: [dayRow()] });
  const { fallsTotal: _, ...standing } = report.standing;
  const trend = (report.trend ?? []).map(({ earlierDeployments: __, ...each }) => each);
  expect(reportSchema.parse({ ...report, standing, trend })).toEqual({ ...report, standing, trend });
  expect(JSON.stringify(reportJsonSchema())).toContain('How many more went live in the window before those');
});
