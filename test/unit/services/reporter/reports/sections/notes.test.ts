// What limits a report is said in words, each case by itself.
import { describe, expect, test } from 'vitest';
import { LATE_REPORT_MS, notes, type NoteFacts } from '../../../../../../services/reporter/reports/sections/notes.js';
import { TREND_PROMPTS_MAX } from '../../../../../../services/reporter/reports/sections/trend.js';
import { emptyRow, levelRow } from '../../../../../support/report-parts.js';

const slot = Date.parse('2026-11-16T06:00:00Z');
const BASE: NoteFacts = {
  totals: [levelRow()],
  totalsFound: 1,
  prompts: [],
  window: { from: '2026-10-19', to: '2026-11-16', days: 28 },
  firstShownDay: '2026-10-19',
  spanS: 3 * 86_400,
  everStored: true,
  promptsWithTraffic: 1,
  trend: true,
  seriesLeft: 0,
  slot,
  now: slot,
};

function check(differences: Partial<NoteFacts>, expected: readonly string[]): void {
  expect(notes({ ...BASE, ...differences })).toEqual(expected);
}

test('a report with nothing to say about its limits has no notes', () => check({}, []));

describe('no data', () => {
  test('says so for the window', () =>
    check({ totals: [] }, ['Nothing was shown from 2026-10-19 to 2026-11-15 (UTC).']));
  test('of a single day names the day', () =>
    check({ totals: [], window: { from: '2026-11-15', to: '2026-11-16', days: 1 } }, [
      'Nothing was shown on 2026-11-15 (UTC).',
    ]));
  test('of a project that never sent anything says that', () =>
    check({ totals: [], everStored: false }, [
      'Nothing was shown from 2026-10-19 to 2026-11-15 (UTC). No event of this project was ever stored.',
    ]));
  test('tells of generations that nobody saw', () =>
    check({ totals: [emptyRow({ notShown: 2 })] }, [
      'Nothing was shown from 2026-10-19 to 2026-11-15 (UTC). 2 generations are known but were never shown.',
    ]));
  test('acted on without any shown event gives no rate at all', () =>
    check({ totals: [emptyRow({ orphan: 7 })] }, [
      'No generation was seen as shown, though 7 were acted on: without events of type shown there is no acceptance rate.',
    ]));
});

test('one immature day says how much is open and when it is final', () =>
  check({ totals: [emptyRow({ shown: 8, unresolved: 6 })], firstShownDay: '2026-11-15' }, [
    'Nothing is final yet, so there is no rate: 75.0 % of 8 shown are still open; all of the first day, 2026-11-15, is final from 2026-11-19 00:00:00 UTC on.',
  ]));

describe('persons', () => {
  test('one person has a rate without an interval', () =>
    check({ totals: [levelRow({ persons: 1, low: null, high: null, variance: null })] }, [
      'One person, or nobody who is known, made all 100 final generations: a rate is shown, but no interval, and it speaks for nobody else.',
    ]));
  test('notes on one of several rows say on which', () => {
    const alone = levelRow({ promptId: 'title', persons: 1, low: null, high: null, variance: null });
    const several = [levelRow({ metricVersion: 'm-2' }), alone];
    expect(notes({ ...BASE, totals: several })[0]).toMatch(
      /^One person.* final generations of title by settings m-1: /,
    );
  });
  test.each([
    [20, 0],
    [21, 1],
  ])('%i of 40 known by their session alone gives %i notes', (sessionPersons, n) => {
    expect(notes({ ...BASE, totals: [levelRow({ sessionPersons })] })).toHaveLength(n);
  });
  test.each([
    [0.5, 0],
    [0.501, 1],
    [0.299, 1],
  ])('a rate of persons of %d beside 0.4 with a standard error of 0.05 gives %i notes', (personRate, n) => {
    expect(notes({ ...BASE, totals: [levelRow({ personRate, variance: 0.0025 })] })).toHaveLength(n);
  });
});

test('several settings in one window stand apart', () => {
  const [only, ...others] = notes({ ...BASE, totals: [levelRow(), levelRow({ metricVersion: 'm-2' })] });
  expect(only).toMatch(/^Outcomes were decided by 2 different settings \(m-1 and m-2\)/);
  expect(others).toEqual([]);
});

test('limits to prompts are named, many are counted', () => {
  expect(notes({ ...BASE, prompts: ['a', 'b'] })[0]).toMatch(/^Limited to a and b: /);
  expect(notes({ ...BASE, prompts: ['a', 'b', 'c', 'd', 'e', 'f'] })[0]).toMatch(/^Limited to 6 prompts: /);
});

test.each([
  [TREND_PROMPTS_MAX, 0],
  [TREND_PROMPTS_MAX + 1, 1],
])('with %i prompts the trend leaves out %i', (promptsWithTraffic, n) => {
  expect(notes({ ...BASE, promptsWithTraffic })).toHaveLength(n);
  expect(notes({ ...BASE, promptsWithTraffic, trend: false })).toEqual([]);
});

test.each([
  [LATE_REPORT_MS, 0],
  [LATE_REPORT_MS + 1, 1],
])('made %i ms after its slot it has %i notes on that', (after, n) => {
  expect(notes({ ...BASE, now: slot + after })).toHaveLength(n);
});
