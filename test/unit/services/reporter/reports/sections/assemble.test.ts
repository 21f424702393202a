// A report put together from readings: nothing, one person, one immature day, one prompt, far too much, hostile names.
import { describe, expect, test } from 'vitest';
import { SECTIONS } from '../../../../../../services/reporter/reports/definition.js';
import { reportSchema, type Report } from '../../../../../../services/reporter/reports/report.js';
import { assemble, longestSpan } from '../../../../../../services/reporter/reports/sections/assemble.js';
import { RATES_MAX } from '../../../../../../services/reporter/reports/sections/rates.js';
import type { LevelRow } from '../../../../../../services/reporter/reports/sections/read-levels.js';
import type { Readings } from '../../../../../../services/reporter/reports/sections/readings.js';
import { windowOf } from '../../../../../../services/reporter/reports/sections/window.js';
import { metricSettingsSchema } from '../../../../../../shared/contract/projects.js';
import { HOSTILE_NAME } from '../../../../../support/report-fixture.js';
import { fallenState, readingsOf } from '../../../../../support/reading-parts.js';
import { definitionOf, emptyRow, frameOf, levelRow, projectOf } from '../../../../../support/report-parts.js';
import { verdictFixture } from '../../../../../support/verdict-fixture.js';

const cell = (over: Partial<LevelRow> = {}) =>
  levelRow({ promptId: 'summarise', promptVersion: '8', model: 'gpt-x', modelVersion: '10', ...over });

/** Obeys the schema, and says the same when it is made again. */
function reportOf(readings: Partial<Readings>, frame: Parameters<typeof frameOf>[0] = {}): Report {
  const report = assemble(frameOf(frame), readingsOf(readings));
  expect(reportSchema.parse(report)).toEqual(report);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  expect(JSON.stringify(assemble(frameOf(frame), readingsOf(readings)))).toBe(JSON.stringify(report));
  return report;
}

function rows(...all: LevelRow[]): Pick<Readings, 'totals' | 'versions' | 'prompts'> {
  const prompt = (row: LevelRow) => ({ ...row, promptVersion: '', model: '', modelVersion: '' });
  const of = (some: LevelRow[]) => ({ rows: some, total: some.length });
  return {
    totals: of(all.map((row) => ({ ...prompt(row), promptId: '' }))),
    versions: of(all),
    prompts: of(all.map(prompt)),
  };
}

test('over nothing every section is there and says nothing that is not so', () => {
  const report = reportOf({});
  expect(report).toMatchObject({
    asOf: null,
    metricVersions: [],
    totals: [],
    rates: { rows: [], total: 0 },
    trend: [],
  });
  expect(report).toMatchObject({ rejected: { prompts: [], mean: null }, edits: { meanSimilarity: null } });
  expect(report).toMatchObject({ ignores: { ignored: 0 }, decisions: { medianS: null }, ratings: { rated: 0 } });
  expect(report.notes).toHaveLength(1);
  expect(report.headline.length).toBeGreaterThan(0);
});

test('says what it is, of which days, and where more is to be seen', () => {
  const report = reportOf(rows(cell()));
  expect(report).toMatchObject({
    version: 1,
    report: { id: 'weekly', title: 'Weekly quality report', timeZone: 'UTC' },
    project: { id: 'acme', name: 'acme' },
    slot: '2026-11-16T06:00:00.000Z',
    madeAt: '2026-11-16T06:01:00.000Z',
    window: { from: '2026-10-19', to: '2026-11-16', days: 28 },
    asOf: '2026-11-16T05:59:00.000Z',
    metricVersions: ['m-1'],
    link: 'https://tacit.example/?project=acme&from=2026-10-19&to=2026-11-16',
  });
  expect(report.rule).toMatch(/^An action counts for 24 hours/);
  expect(reportOf({}, { publicUrl: undefined }).link).toBeNull();
});

test('a rate carries its interval, its n, its persons and how it came about', () => {
  expect(reportOf(rows(cell())).rates?.rows).toEqual([
    {
      promptId: 'summarise',
      promptVersion: '8',
      model: 'gpt-x',
      modelVersion: '10',
      metricVersion: 'm-1',
      rate: 0.4,
      low: 0.31,
      high: 0.5,
      mature: 100,
      persons: 40,
      sessionPersons: 0,
      accepted: 30,
      edited: 10,
      rejected: 10,
      ignored: 50,
      shown: 120,
      unresolved: 20,
      editWeighted: 0.38,
      personRate: 0.41,
      designEffect: 1.04,
    },
  ]);
});

test('over one person there are rates and no interval', () => {
  const alone = { persons: 1, low: null, high: null, variance: null, rejectionEffectiveN: null, designEffect: null };
  const report = reportOf(rows(cell(alone)));
  expect(report.totals).toMatchObject([{ rate: 0.4, low: null, high: null, persons: 1 }]);
  expect(report.notes[0]).toMatch(/^One person, or nobody who is known, made all 100 final generations/);
});

test('over one immature day there is no rate, and when there will be one is said', () => {
  const report = reportOf({
    ...rows(emptyRow({ promptId: 'summarise', shown: 10, unresolved: 10 })),
    days: [
      { day: '2026-11-15', promptId: '', whole: 1, metricVersion: 'm-1', ...{ rate: null, low: null, high: null } },
    ].map((row) => ({ ...row, mature: 0, persons: 0, shown: 10, unresolved: 10, asOf: 0 })),
  });
  expect(report.totals).toMatchObject([{ rate: null, low: null, mature: 0, shown: 10 }]);
  expect(report.notes[0]).toContain(
    '100.0 % of 10 shown are still open; all of the first day, 2026-11-15, is final from',
  );
});

test('of 500 combinations 200 are held, in reading order, and all are counted', () => {
  const all = Array.from({ length: RATES_MAX }, (_, i) => cell({ promptVersion: String(i) }));
  const report = reportOf({ ...rows(cell()), versions: { rows: all, total: 500 } });
  expect(report.rates?.total).toBe(500);
  expect(report.rates?.rows.map(({ promptVersion }) => Number(promptVersion))).toEqual(
    Array.from({ length: RATES_MAX }, (_, i) => RATES_MAX - 1 - i),
  );
  expect(report.standing.ratesTotal).toBe(500);
});

test('names from events may hold anything', () => {
  const named = {
    promptId: HOSTILE_NAME,
    promptVersion: HOSTILE_NAME,
    model: HOSTILE_NAME,
    modelVersion: HOSTILE_NAME,
  };
  const hostile = { prompt_id: HOSTILE_NAME, surface: HOSTILE_NAME };
  const report = reportOf({
    ...rows(cell(named), cell({ promptId: '__proto__' })),
    findings: {
      comparisons: [verdictFixture({ ...hostile, name_a: HOSTILE_NAME, name_b: HOSTILE_NAME })],
      comparisonsTotal: 1,
      watches: [fallenState(hostile)],
    },
    signals: [{ signal: 'rating', bucket: HOSTILE_NAME, generations: 1, retained: 0, valueSum: 1 }],
  });
  expect(report.rates?.rows.map(({ promptId }) => promptId)).toContain(HOSTILE_NAME);
  expect(report.ratings?.labels[0]?.label).toBe(HOSTILE_NAME);
});

describe('sections', () => {
  test.each(SECTIONS)('%s is left out when it is not asked for, and it alone', (section) => {
    const definition = definitionOf({ sections: SECTIONS.filter((each) => each !== section) });
    const report = reportOf(rows(cell()), { definition });
    expect(SECTIONS.filter((each) => report[each] === null)).toEqual([section]);
    expect(report.standing.rates).toHaveLength(1);
  });
});

test('changes are told against the report before', () => {
  const previous = reportOf({}, { slot: Date.parse('2026-11-09T06:00:00Z') });
  const report = reportOf(rows(cell()), { previous });
  expect(report.changes?.since).toBe('2026-11-09T06:00:00.000Z');
  expect(report.changes?.items.map(({ sentence }) => sentence)).toContain('New in this window: model gpt-x 10.');
  expect(reportOf({}).changes?.since).toBeNull();
});

test('limited to one prompt it links to that prompt, and to several to the project', () => {
  const linkOf = (prompts: string[]) => reportOf({}, { definition: definitionOf({ prompts }) }).link;
  expect(linkOf(['a b'])).toContain('&prompt=a+b');
  expect(linkOf(['a', 'b'])).not.toContain('prompt=');
});

test.each([
  ['2026-11-16T00:00:00Z', 1, '2026-11-15', '2026-11-16'],
  ['2026-11-16T23:59:59Z', 7, '2026-11-09', '2026-11-16'],
  ['2026-03-01T06:00:00Z', 28, '2026-02-01', '2026-03-01'],
])('the window of %s and %i days is whole UTC days before it', (slot, days, from, to) => {
  expect(windowOf(Date.parse(slot), days)).toEqual({ from, to, days });
});

test('outcomes of a project are final with its slowest surface', () => {
  const settings = metricSettingsSchema.parse({ windowS: 60, latenessS: 30 });
  const slow = metricSettingsSchema.parse({ windowS: 600, latenessS: 0 });
  expect(longestSpan(projectOf({ settings }))).toBe(90);
  expect(longestSpan(projectOf({ settings, surfaces: { editor: slow } }))).toBe(600);
});
