// The rules behind the hints: when a text has ended, what a change of the address has taken away, what agrees with a
// suggestion, whose hints are orphans.
import { expect, test } from 'vitest';
import { departed } from '../../../../../services/beacon/web/departures.js';
import { createGeneration } from '../../../../../services/beacon/web/generation.js';
import { isOpen } from '../../../../../services/beacon/web/ignore.js';
import { orphans } from '../../../../../services/beacon/web/lost.js';
import { SETTLED_AFTER_MS, createGrowth, grow, mayGrow, settleNow } from '../../../../../services/beacon/web/settle.js';
import { createAgreement } from '../../../../../services/beacon/web/suggestion.js';
import type { QueuedEvent } from '../../../../../services/beacon/web/wire.js';

/** Reads lengths at times; answers when the text was taken as ended. */
function endsOf(reads: [atMs: number, length: number][]): number[] {
  const growth = createGrowth();
  return reads.filter(([at, length]) => grow(growth, length, at)).map(([at]) => at);
}

test('a text has ended when it has not grown for 1.5 s, and not while there is none', () => {
  const check = (reads: [number, number][], expected: number[]) => expect(endsOf(reads)).toEqual(expected);
  check([[0, 0], [5000, 0], [9000, 0]], []); // prettier-ignore
  check([[100, 5], [100 + SETTLED_AFTER_MS - 1, 5]], []); // prettier-ignore
  check([[100, 5], [100 + SETTLED_AFTER_MS, 5], [9000, 5]], [1600]); // prettier-ignore
  check([[0, 5], [1400, 9], [2800, 9], [2900, 9]], [2900]); // prettier-ignore
  check([[0, 5], [1500, 5], [3000, 8], [4500, 8]], [1500, 4500]); // prettier-ignore
});

test('a text that came complete has not streamed, one that grew has', () => {
  const growth = createGrowth();
  grow(growth, 10, 0);
  expect(growth.streamed).toBe(false);
  grow(growth, 11, 10);
  expect(growth.streamed).toBe(true);
});

test('a text that the host calls ended has ended once and is not read again', () => {
  const growth = createGrowth();
  grow(growth, 10, 1000);
  expect(mayGrow(growth, 1500)).toBe(true);
  expect([settleNow(growth, 1500), settleNow(growth, 1600)]).toEqual([true, false]);
  expect(mayGrow(growth, 1700)).toBe(false);
});

test('an ended text is still read for a while: some go on after a pause', () => {
  const growth = createGrowth();
  grow(growth, 10, 0);
  grow(growth, 10, 2000);
  expect([mayGrow(growth, 9999), mayGrow(growth, 10_000)]).toEqual([true, false]);
});

test('a change of the address takes away what stood and is gone; a list that goes on keeps what is off the screen', () => {
  const check = (stood: string, standing: string, first: boolean, expected: string) =>
    expect(departed([...'abcd'], new Set(stood), new Set(standing), first).join('')).toBe(expected);
  check('ab', 'ab', true, '');
  check('ab', 'b', true, 'a');
  check('ab', 'b', false, '');
  check('ab', '', false, 'abcd');
  check('ab', 'd', true, 'abc');
});

test('typing agrees with a suggestion character by character, whether it shrinks or stays', () => {
  const check = (steps: [text: string, key: string][], expected: boolean[]) => {
    const agrees = createAgreement();
    expect(steps.map(([text, key]) => agrees(text, key))).toEqual(expected);
  };
  check([['Bob', 'B'], ['Bob', 'o'], ['Bob', 'x']], [true, true, false]); // prettier-ignore
  check([['Bob', 'B'], ['ob', 'o'], ['b', 'b']], [true, true, true]); // prettier-ignore
  check([['', 'B']], [false]);
});

test('a parked hint is an orphan when nobody holds the lock of its page', () => {
  const row = (sessionId: string) => ({ envelope: { sessionId } }) as QueuedEvent;
  const rows = ['a', 'b'].map(row);
  expect(orphans(rows, ['tacit.page.a', undefined, 'other'])).toEqual([rows[1]]);
  expect(orphans(rows, [])).toEqual(rows);
});

test('only what was shown and has no outcome is open', () => {
  const check = (state: object, expected: boolean) =>
    expect(isOpen(Object.assign(createGeneration('g'), state))).toBe(expected);
  check({ shown: true }, true);
  check({}, false);
  check({ shown: true, acted: true }, false);
  check({ shown: true, ignored: true }, false);
});
