// What an event decides: the table of cases.
import { describe, expect, it } from 'vitest';
import { meaningOf, type Meaning } from '../../../../shared/contract/decides.js';
import type { BeaconEvent } from '../../../../shared/contract/events.js';

const V_MS = 750;
const every = { id: '0193a5b0-0000-7000-8000-000000000001', g: 'g1', t: 0 };
const nothing: Meaning = { shows: false, decides: 'nothing', value: 0 };
const shows: Meaning = { shows: true, decides: 'nothing', value: 0 };
const rejects: Meaning = { shows: false, decides: 'reject', value: 0 };
const accepts = (value: number): Meaning => ({ shows: false, decides: 'accept', value });
const edits = (value: number): Meaning => ({ shows: false, decides: 'edit', value });

type Case = readonly [string, Omit<BeaconEvent, 'id' | 'g' | 't'> & Record<string, unknown>, Meaning];
const cases: readonly Case[] = [
  ['shown for V', { type: 'shown', visibleMs: V_MS }, shows],
  ['shown for less than V', { type: 'shown', visibleMs: V_MS - 0.5 }, nothing],
  ['shown for less than V, forced by an action', { type: 'shown', visibleMs: 0, forced: true }, shows],
  ['shown for less than V, said not to be forced', { type: 'shown', visibleMs: 0, forced: false }, nothing],

  ['a copy of a tenth', { type: 'copy', chars: 10, of: 100, method: 'keyboard' }, accepts(0.1)],
  ['a copy of less than a tenth', { type: 'copy', chars: 9, of: 100, method: 'keyboard' }, nothing],
  ['a copy of a tenth that no fraction of two hits', { type: 'copy', chars: 3, of: 30, method: 'menu' }, accepts(0.1)],
  ['a copy of 40 characters', { type: 'copy', chars: 40, of: 100_000, method: 'drag' }, accepts(0.0004)],
  ['a copy of 39 characters', { type: 'copy', chars: 39, of: 100_000, method: 'drag' }, nothing],
  ['a copy of a word by button', { type: 'copy', chars: 1, of: 100, method: 'button' }, accepts(0.01)],
  ['a copy of a word of code', { type: 'copy', chars: 1, of: 100, method: 'keyboard', part: 'code' }, accepts(0.01)],
  ['a copy of nothing', { type: 'copy', chars: 0, of: 100, method: 'keyboard' }, nothing],
  ['a copy of nothing by button', { type: 'copy', chars: 0, of: 100, method: 'button' }, nothing],
  ['a copy of nothing of code', { type: 'copy', chars: 0, of: 100, method: 'keyboard', part: 'code' }, nothing],
  ['a copy of nothing of nothing', { type: 'copy', chars: 0, of: 0, method: 'button' }, nothing],
  ['a copy of all', { type: 'copy', chars: 100, of: 100, method: 'button' }, accepts(1)],

  ['an acceptance', { type: 'accept', method: 'insert' }, accepts(1)],
  ['an acceptance of a part', { type: 'accept', method: 'tab', chars: 50, of: 100 }, accepts(0.5)],
  ['an acceptance without the whole', { type: 'accept', method: 'tab', chars: 50 }, accepts(1)],
  ['an acceptance without the part', { type: 'accept', method: 'apply', of: 100 }, accepts(1)],
  ['an acceptance of nothing of nothing', { type: 'accept', method: 'send', chars: 0, of: 0 }, accepts(1)],
  ['a partial acceptance of a tenth', { type: 'accept', method: 'partial', chars: 10, of: 100 }, accepts(0.1)],
  ['a partial acceptance of less', { type: 'accept', method: 'partial', chars: 9, of: 100 }, nothing],
  ['a partial acceptance of 40 characters', { type: 'accept', method: 'partial', chars: 40 }, accepts(1)],
  ['a partial acceptance of 39 of who knows', { type: 'accept', method: 'partial', chars: 39 }, nothing],
  ['a partial acceptance of who knows what', { type: 'accept', method: 'partial' }, nothing],
  ['a partial acceptance of nothing', { type: 'accept', method: 'partial', chars: 0, of: 100 }, nothing],

  ['an edit', { type: 'edit', similarity: 0.7, distance: 3, from: 10, to: 10, by: 'save' }, edits(0.7)],
  ['an edit that kept nothing', { type: 'edit', similarity: 0, distance: 9, from: 9, to: 9, by: 'left' }, edits(0)],
  ['a rejection', { type: 'reject', reason: 'dismissed' }, rejects],
  ['a regeneration', { type: 'reject', reason: 'regenerated' }, rejects],

  ['a registration', { type: 'generated', length: 100 }, nothing],
  ['a hint that it was ignored', { type: 'ignore', reason: 'timeout', visibleMs: 90_000 }, nothing],
  ['what is left of it', { type: 'retention', afterMs: 30_000, similarity: 0, retainedChars: 0 }, nothing],
  ['a thumb', { type: 'rate', value: -1 }, nothing],
  ['a score', { type: 'score', name: 'toxicity', value: 1, action: 'blocked', source: 'guardrail' }, nothing],
];

describe('what an event decides', () => {
  it.each(cases)('%s', (_, event, expected) => {
    expect(meaningOf({ ...every, ...event } as BeaconEvent, V_MS)).toEqual(expected);
  });

  it('counts each shown when V is 0', () => {
    expect(meaningOf({ ...every, type: 'shown', visibleMs: 0 }, 0)).toEqual(shows);
  });
});
