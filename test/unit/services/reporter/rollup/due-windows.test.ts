// The due-rule of windows as a table of cases.
import { expect, test } from 'vitest';
import {
  dueWindows,
  type DueWindowsInput,
  type WindowDays,
  type WindowFacts,
} from '../../../../../services/reporter/rollup/due-windows.js';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 24, 12);
const TOMORROW = '2026-11-25';

/** A window that was computed an hour ago, when its days had been quiet for an hour. */
function window(differences: Partial<WindowFacts> = {}): WindowFacts {
  return { windowDays: 7, daysRolledUpAt: NOW - 2 * HOUR, lastRun: run(NOW - HOUR), ...differences };
}

function run(asOf: number, durationMs = 1000, toDay = TOMORROW) {
  return { asOf, at: asOf + durationMs, durationMs, toDay };
}

function check(
  facts: WindowFacts | readonly WindowFacts[],
  expected: readonly WindowDays[],
  rest: Partial<DueWindowsInput> = {},
): void {
  const windows = [facts].flat();
  const input = { now: NOW, tomorrow: TOMORROW, levelRuleAt: 0, unfinished: new Map(), windows, ...rest };
  expect(dueWindows(input)).toEqual(expected);
}

test('a window without a finished run is due, the shortest first', () => {
  const { lastRun: _, ...never } = window();
  check([{ ...never, windowDays: 90 }, never, { ...never, windowDays: 28 }], [7, 28, 90]);
});

test('a window is due when a day was rolled up since its last run began, and not before', () => {
  check(window({ daysRolledUpAt: NOW - HOUR }), [7]);
  check(window({ daysRolledUpAt: NOW - HOUR - 1 }), []);
});

test('a window is due when the UTC day has changed', () => {
  check(window({ lastRun: run(NOW - HOUR, 1000, '2026-11-24') }), [7]);
});

test('a window is due when the view of its figures is newer', () => {
  check(window(), [], { levelRuleAt: NOW - HOUR });
  check(window(), [7], { levelRuleAt: NOW - HOUR + 1 });
});

test('a window whose last run lies in the future is due: the clock was set back', () => {
  check(window({ lastRun: run(NOW + 1, 0) }), [7]);
  check(window({ lastRun: run(NOW, 0) }), []);
});

test('a window rests ten times as long as its last run took, and each by itself', () => {
  const busy = { daysRolledUpAt: NOW };
  const lastRun = { ...run(NOW - 11_000), at: NOW - 10_000 };
  check(window({ ...busy, lastRun }), [7]);
  check(window({ ...busy, lastRun: { ...lastRun, at: NOW - 9999 } }), []);
  check([window(busy), window({ ...busy, windowDays: 90, lastRun: run(NOW - 60_000, 30_000) })], [7]);
});

test('a window rests after an attempt that did not finish', () => {
  const attempt = { at: NOW - 1000, durationMs: 101 };
  check(window({ daysRolledUpAt: NOW }), [], { unfinished: new Map([[7 as const, attempt]]) });
  check(window({ daysRolledUpAt: NOW }), [7], { unfinished: new Map([[28 as const, attempt]]) });
});
