// The due-rule as a table of cases.
import { describe, expect, test } from 'vitest';
import { dueDays, type DayFacts, type DueInput } from '../../../../../services/reporter/rollup/due.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = Date.UTC(2026, 10, 24, 12);
const TODAY = '2026-11-24';

/** A day that was rolled up three hours ago, when it had been quiet and settled for long. */
function day(differences: Partial<DayFacts> = {}): DayFacts {
  return {
    day: TODAY,
    lastIngestedAt: NOW - 10 * HOUR,
    settledAt: NOW - 9 * HOUR,
    settingsAt: NOW - 100 * HOUR,
    recomputable: true,
    lastRun: run(NOW - 3 * HOUR),
    ...differences,
  };
}

function run(asOf: number, durationMs = 1000) {
  return { asOf, at: asOf + durationMs, durationMs };
}

function check(facts: DayFacts | readonly DayFacts[], expected: readonly string[], rest: Partial<DueInput> = {}): void {
  const days = Array.isArray(facts) ? (facts as readonly DayFacts[]) : [facts as DayFacts];
  const due = dueDays({ now: NOW, today: TODAY, outcomeRuleAt: 0, failed: new Map(), days, ...rest });
  expect(due.map(({ day: name, reason }) => (days.length === 1 ? reason : name))).toEqual(expected);
}

describe('a day is due', () => {
  test('when it has no finished run', () => {
    const { lastRun: _, ...never } = day();
    check(never, ['new']);
  });
  test('when its last run was judged in the future, by a clock that was set back', () => {
    check(day({ lastRun: run(NOW + 1) }), ['new']);
    check(day({ lastRun: run(NOW, 0) }), []);
  });
  test('when an event was stored since the last run was judged, and again when one was up to 5 minutes before', () => {
    const asOf = NOW - 3 * HOUR;
    check(day({ lastIngestedAt: asOf }), ['ingested']);
    check(day({ lastIngestedAt: asOf - 1 }), ['again']);
    check(day({ lastIngestedAt: asOf - 5 * MINUTE }), ['again']);
    check(day({ lastIngestedAt: asOf - 5 * MINUTE - 1 }), []);
  });
  test('while outcomes change by time: an hour after the last run', () => {
    const settling = { settledAt: NOW + 40 * HOUR };
    check(day({ ...settling, lastRun: run(NOW - HOUR) }), ['settling']);
    check(day({ ...settling, lastRun: run(NOW - HOUR + 1) }), []);
  });
  test('when the last outcome has settled, and not an instant earlier', () => {
    const lastRun = run(NOW - 20 * MINUTE);
    check(day({ lastRun, settledAt: NOW }), ['settling']);
    check(day({ lastRun, settledAt: NOW + 1 }), []);
  });
  test('no more by time once a run was judged at or after the settling', () => {
    const asOf = NOW - 3 * HOUR;
    check(day({ settledAt: asOf }), []);
    check(day({ settledAt: asOf + 1 }), ['settling']);
  });
  test('when settings of one of its projects are newer than its last run', () => {
    const asOf = NOW - 3 * HOUR;
    check(day({ settingsAt: asOf }), []);
    check(day({ settingsAt: asOf + 1 }), ['rules']);
  });
  test('when the view that decides outcomes is newer than its last run', () => {
    const asOf = NOW - 3 * HOUR;
    check(day(), [], { outcomeRuleAt: asOf });
    check(day(), ['rules'], { outcomeRuleAt: asOf + 1 });
  });
});

describe('a day is not due', () => {
  test('when its states may have expired, whatever else holds', () => {
    const { lastRun: _, ...never } = day({ recomputable: false });
    check(never, []);
    check(day({ recomputable: false, lastIngestedAt: NOW }), []);
  });
  test('within ten times the duration of its last run', () => {
    const at = (ageMs: number) =>
      day({ lastIngestedAt: NOW, lastRun: { asOf: NOW - ageMs - 2000, at: NOW - ageMs, durationMs: 2000 } });
    check(at(20_000), ['ingested']);
    check(at(19_999), []);
  });
  test('within ten times the duration of an attempt that failed', () => {
    const { lastRun: _, ...never } = day();
    check(never, [], { failed: new Map([[TODAY, { at: NOW - 9_999, durationMs: 1000 }]]) });
    check(never, ['new'], { failed: new Map([[TODAY, { at: NOW - 10_000, durationMs: 1000 }]]) });
    check(never, ['new'], { failed: new Map([['2026-11-23', { at: NOW, durationMs: 1000 }]]) });
  });
  test('and a rest that lies in the future is no rest', () => {
    check(day({ lastIngestedAt: NOW, lastRun: { asOf: NOW - 1, at: NOW + 1, durationMs: 1 } }), ['ingested']);
  });
});

test('today comes first, then the newest, also when tomorrow has begun elsewhere', () => {
  const never = (name: string): DayFacts => {
    const { lastRun: _, ...facts } = day({ day: name });
    return facts;
  };
  check(['2026-11-20', '2026-11-25', '2026-11-24', '2026-11-23', '2025-12-31'].map(never), [
    '2026-11-24',
    '2026-11-25',
    '2026-11-23',
    '2026-11-20',
    '2025-12-31',
  ]);
});
