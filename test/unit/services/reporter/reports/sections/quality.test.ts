// What makes one doubt the figures: each limit at it and one past it.
import { describe, expect, test } from 'vitest';
import {
  DROPS_SHARE_MAX,
  qualityOf,
  ROLLUP_AGE_MS_MAX,
  UNRESOLVED_SHARE_MAX,
  type QualityFacts,
} from '../../../../../../services/reporter/reports/sections/quality.js';
import type { JudgedDay } from '../../../../../../services/reporter/reports/sections/read-quality.js';
import { emptyRow, levelRow } from '../../../../../support/report-parts.js';

const HOUR_MS = 3_600_000;
const now = Date.parse('2026-11-16T06:01:00Z');
const spanS = 3 * 86_400;
const BASE: QualityFacts = { totals: [], drops: [], deadLetters: 0, days: [], lastStored: now - 1000, spanS, now };

function warningsOf(differences: Partial<QualityFacts>): readonly string[] {
  return qualityOf({ ...BASE, ...differences }).codes;
}

/** A day of the window whose outcomes were final when it was judged. */
function finalDay(over: Partial<JudgedDay> = {}): JudgedDay {
  const judgedAt = Date.parse('2026-11-05T01:00:00Z');
  return {
    day: '2026-11-01',
    storedAt: judgedAt - HOUR_MS,
    judgedAt,
    shownAt: Date.parse('2026-11-01T12:00:00Z'),
    ...over,
  };
}

test('nothing at all is no reason to warn', () => {
  const { quality, codes } = qualityOf({ ...BASE, lastStored: 0 });
  expect(codes).toEqual([]);
  expect(quality).toMatchObject({ newestEvent: null, rolledUp: null, shown: 0, warnings: [] });
});

test('figures are the sums of the totals', () => {
  const { quality } = qualityOf({ ...BASE, totals: [levelRow({ late: 2, forced: 1 }), levelRow({ clockSuspect: 3 })] });
  expect(quality).toMatchObject({
    shown: 240,
    mature: 200,
    late: 2,
    forced: 1,
    clockSuspects: 3,
    orphans: 2,
    notShown: 6,
  });
  expect(quality).toMatchObject({ unresolved: 40, persons: 80, newestEvent: '2026-11-16T06:00:59.000Z' });
});

describe('limits', () => {
  const shown = 1000;
  test.each([
    ['late', { mature: 1000, late: 50 }, []],
    ['late', { mature: 1000, late: 51 }, ['late']],
    ['forced', { shown, forced: 50 }, []],
    ['forced', { shown, forced: 51 }, ['forced']],
    ['clock suspects', { shown, clockSuspect: 50 }, []],
    ['clock suspects', { shown, clockSuspect: 51 }, ['clock_suspects']],
    ['orphans', { shown: 980, orphan: 20 }, []],
    ['orphans', { shown: 979, orphan: 21 }, ['orphans']],
    ['only orphans', { orphan: 1 }, ['no_shown']],
    ['sessions', { persons: 100, sessionPersons: 50 }, []],
    ['sessions', { persons: 100, sessionPersons: 51 }, ['sessions_only']],
    ['still open', { shown, unresolved: shown * UNRESOLVED_SHARE_MAX }, []],
    ['still open', { shown, unresolved: shown * UNRESOLVED_SHARE_MAX + 1 }, ['unresolved']],
  ])('%s %j', (_, row, expected) => {
    expect(warningsOf({ totals: [emptyRow(row)] })).toEqual(expected);
  });
  test.each([
    [1000 * DROPS_SHARE_MAX, []],
    [1000 * DROPS_SHARE_MAX + 1, ['drops']],
  ])('%i refused events against 1,000 known generations', (events, expected) => {
    const totals = [emptyRow({ shown: 900, notShown: 95, orphan: 5 })];
    expect(warningsOf({ totals, drops: [{ reason: 'too_old', events }] })).toEqual(expected);
  });
  test('any refused event counts where no generation is known, and any dead letter counts', () => {
    expect(warningsOf({ drops: [{ reason: 'token_invalid', events: 1 }], deadLetters: 1 })).toEqual([
      'drops',
      'dead_letters',
    ]);
  });
});

describe('the roll-up', () => {
  test('of days that cannot change any more is never old, and the newest counts', () => {
    const days = [finalDay(), finalDay({ day: '2026-11-02', judgedAt: Date.parse('2026-11-06T01:00:00Z') })];
    expect(warningsOf({ days })).toEqual([]);
    expect(qualityOf({ ...BASE, days }).quality.rolledUp).toBe('2026-11-06T01:00:00.000Z');
  });
  test.each([
    [ROLLUP_AGE_MS_MAX, []],
    [ROLLUP_AGE_MS_MAX + 1, ['rollup_old']],
  ])('of a day that time still changes may be %i ms old', (age, expected) => {
    const judgedAt = now - age;
    const days = [finalDay(), finalDay({ day: '2026-11-15', judgedAt, storedAt: judgedAt - 1, shownAt: judgedAt - 1 })];
    expect(warningsOf({ days })).toEqual(expected);
    expect(qualityOf({ ...BASE, days }).quality.rolledUp).toBe(new Date(judgedAt).toISOString());
  });
  test.each([
    [ROLLUP_AGE_MS_MAX, []],
    [ROLLUP_AGE_MS_MAX + 1, ['rollup_old']],
  ])('may miss an event of a final day for %i ms', (age, expected) => {
    expect(warningsOf({ days: [finalDay({ storedAt: now - age })] })).toEqual(expected);
  });
  test('that never ran for a day is said, and further days are counted', () => {
    const never = { judgedAt: 0, storedAt: now - 2 * ROLLUP_AGE_MS_MAX };
    const { quality } = qualityOf({ ...BASE, days: [finalDay(never), finalDay({ ...never, day: '2026-11-02' })] });
    expect(quality.rolledUp).toBeNull();
    expect(quality.warnings).toEqual([
      'The roll-up is behind: 2026-11-01 was never rolled up (and 1 more day likewise), so that figures miss what came since.',
    ]);
  });
});

test('warnings name the limit and the number that they rest on', () => {
  const totals = [emptyRow({ shown: 900, orphan: 100, mature: 100, late: 6 })];
  expect(qualityOf({ ...BASE, totals }).quality.warnings).toEqual([
    'Events are lost: 10.0 % of 1,000 generations were acted on without being seen as shown (more than 2.0 %).',
    '6.0 % of 100 final generations had something that came after their outcome was final (more than 5.0 %).',
  ]);
});
