// Times by a clock that may be wrong: each rule at its limit and one past.
import { describe, expect, it } from 'vitest';
import { judgeGeneratedAt, occurredAt, skewMs } from '../../../../services/collector/times.js';

const NOW = 1_767_225_600_000;
const SECOND = 1000;
const HOUR = 3600 * SECOND;
const DAY = 24 * HOUR;
const plain = { receivedAt: NOW, skewMs: 0, backfill: false };

describe('the skew of a clock', () => {
  const cases: readonly (readonly [string, unknown, number])[] = [
    ['60 s behind is tolerated', NOW - 60 * SECOND, 0],
    ['more than 60 s behind', NOW - 60 * SECOND - 1, 60 * SECOND + 1],
    ['60 s ahead is tolerated', NOW + 60 * SECOND, 0],
    ['more than 60 s ahead', NOW + 60 * SECOND + 1, -60 * SECOND - 1],
    ['nothing was said', undefined, 0],
    ['null', null, 0],
    ['a text', '2026', 0],
    ['no finite number', Infinity, 0],
  ];
  it.each(cases)('%s', (_, sentAt, expected) => expect(skewMs(sentAt, NOW)).toBe(expected));
});

describe('when the person acted', () => {
  const kept = (at: number) => ({ at, suspect: false });
  const suspect = (at: number) => ({ at, suspect: true });
  const cases: readonly (readonly [string, number, Partial<typeof plain>, object])[] = [
    ['as it was sent', NOW - 5000, {}, kept(NOW - 5000)],
    ['60 s after receipt', NOW + 60 * SECOND, {}, kept(NOW + 60 * SECOND)],
    ['later than that', NOW + 60 * SECOND + 1, {}, suspect(NOW)],
    ['7 days before receipt', NOW - 7 * DAY, {}, kept(NOW - 7 * DAY)],
    ['earlier than that', NOW - 7 * DAY - 1, {}, suspect(NOW)],
    ['shifted by the skew', NOW + 2 * HOUR, { skewMs: -2 * HOUR }, suspect(NOW)],
    ['shifted, then in the future', NOW, { skewMs: 2 * HOUR }, suspect(NOW)],
    ['shifted to where it can be', NOW - 10 * DAY, { skewMs: 9 * DAY }, suspect(NOW - DAY)],
    ['12 months before, as backfill', NOW - 365 * DAY, { backfill: true }, kept(NOW - 365 * DAY)],
    ['earlier than that, as backfill', NOW - 365 * DAY - 1, { backfill: true }, suspect(NOW)],
  ];
  it.each(cases)('%s', (_, t, changes, expected) => expect(occurredAt(t, { ...plain, ...changes })).toEqual(expected));
});

describe('the time of a generation', () => {
  const cases: readonly (readonly [string, number, Partial<typeof plain>, string | undefined])[] = [
    ['30 days back', NOW - 30 * DAY, {}, undefined],
    ['more than 30 days back', NOW - 30 * DAY - 1, {}, 'too_old'],
    ['1 h ahead', NOW + HOUR, {}, undefined],
    ['more than 1 h ahead', NOW + HOUR + 1, {}, 'too_new'],
    ['ahead by a clock that is as far ahead', NOW + 3 * HOUR, { skewMs: -3 * HOUR }, undefined],
    ['more than 1 h ahead of that clock', NOW + 4 * HOUR + 1, { skewMs: -3 * HOUR }, 'too_new'],
    ['by a backend whose clock is right, of a client whose clock is behind', NOW, { skewMs: 3 * HOUR }, undefined],
    ['12 months back, as backfill', NOW - 365 * DAY, { backfill: true }, undefined],
    ['more than 12 months back, as backfill', NOW - 365 * DAY - 1, { backfill: true }, 'too_old'],
    ['ahead, as backfill', NOW + HOUR + 1, { backfill: true }, 'too_new'],
  ];
  it.each(cases)('%s', (_, generatedAt, changes, expected) =>
    expect(judgeGeneratedAt(generatedAt, { ...plain, ...changes })).toBe(expected),
  );
});
