// Numbers, times and rules in words.
import { expect, test } from 'vitest';
import {
  ago,
  countingRule,
  counted,
  dropReason,
  duration,
  instant,
  percent,
  shortInstant,
} from '../../../../../services/reporter/web/words.js';
import { DROP_REASONS } from '../../../../../shared/contract/drop-reasons.js';
import { metricSettingsSchema } from '../../../../../shared/contract/projects.js';

test('lengths of time are exact, in their largest whole unit', () => {
  const check = (seconds: number, expected: string) => expect(duration(seconds)).toBe(expected);
  check(1, '1 second');
  check(90, '90 seconds');
  check(120, '2 minutes');
  check(3600, '1 hour');
  check(86_400, '24 hours');
  check(172_800, '48 hours');
  check(7 * 86_400, '7 days');
  check(0, '0 seconds');
});

test('ages are rough', () => {
  const check = (ms: number, expected: string) => expect(ago(ms)).toBe(expected);
  check(-5, '0 s ago');
  check(4_999, '4 s ago');
  check(89_999, '89 s ago');
  check(90_000, '1 min ago');
  check(90 * 60_000, '1 h ago');
  check(48 * 3_600_000 - 1, '47 h ago');
  check(48 * 3_600_000, '2 days ago');
  check(72 * 3_600_000, '3 days ago');
});

test('a project with a short window says that it is a demo', () => {
  const rule = countingRule(metricSettingsSchema.parse({ windowS: 120, latenessS: 60 }), {});
  expect(rule).toContain('In this demo an action counts for 2 minutes after');
  expect(rule).toContain('final 1 minute later');
});

test('any other says W and L, for each surface of its own too', () => {
  const own = metricSettingsSchema.parse({ windowS: 3600, latenessS: 0 });
  expect(countingRule(metricSettingsSchema.parse({}), { vscode: own })).toBe(
    'An action counts for 24 hours after the answer was shown; the outcome is final 48 hours later, when late events have had their time. On vscode it counts for 1 hour and is final then.',
  );
});

test('every drop reason has words', () => {
  for (const reason of DROP_REASONS) expect(dropReason(reason), reason).not.toBe(reason);
  expect(dropReason('something_new')).toBe('something_new');
});

test('numbers and instants', () => {
  expect(percent(0.38249)).toBe('38.2 %');
  expect(counted(1, 'person')).toBe('1 person');
  expect(counted(1200, 'person')).toBe('1,200 persons');
  expect(instant(Date.UTC(2026, 10, 24, 12, 3, 5))).toBe('2026-11-24 12:03:05 UTC');
  expect(shortInstant(Date.UTC(2026, 10, 24, 12, 3, 5))).toBe('24 Nov 12:03:05 UTC');
});
