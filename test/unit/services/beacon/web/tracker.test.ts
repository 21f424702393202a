// Observations become events with what belongs to them; the wire's own schemas take every one of them.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { meaningOf } from '../../../../../services/beacon/web/actions.js';
import { sharesWords } from '../../../../../services/beacon/web/attribution.js';
import type { Identity } from '../../../../../services/beacon/web/consent.js';
import { createGeneration, tick } from '../../../../../services/beacon/web/generation.js';
import { createTracker } from '../../../../../services/beacon/web/tracker.js';
import type { Action, Envelope, QueuedEvent } from '../../../../../services/beacon/web/wire.js';
import { schemaFor } from '../../../../../shared/contract/events.js';

let rows: QueuedEvent[];
let active: boolean;
let envelope: Envelope;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  rows = [];
  active = true;
  envelope = { endpoint: '', key: 'k', consent: 'granted', surface: 'web', sessionId: 's' };
});
afterEach(() => {
  vi.useRealTimers();
});

const tracker = createTracker(
  {
    active: () => active,
    envelope: () => envelope,
  } as Identity,
  (row) => rows.push(row),
);

test('an action before V sends shown first, forced, from when it came into sight', () => {
  const generation = createGeneration('g');
  tick(generation, true, Date.now());
  vi.advanceTimersByTime(300);
  tracker.act(generation, { type: 'reject', reason: 'dismissed' });
  tracker.act(generation, { type: 'copy', chars: 1, of: 2, method: 'menu' });
  expect(rows.map(({ event }) => event)).toMatchObject([
    { type: 'shown', visibleMs: 300, forced: true, t: 1_800_000_000_000 },
    { type: 'reject', t: 1_800_000_000_300 },
    { type: 'copy' },
  ]);
});

test('an event keeps the envelope and the description of its moment', () => {
  const generation = createGeneration('g');
  generation.entry = { token: 'first' };
  tracker.record(generation, { type: 'generated' });
  generation.entry = { token: 'second' };
  envelope = { ...envelope, userId: 'later' };
  tracker.record(generation, { type: 'generated' });
  expect(rows.map((row) => [row.entry.token, row.envelope.userId])).toEqual([
    ['first', undefined],
    ['second', 'later'],
  ]);
});

test('nothing is recorded while nothing may be', () => {
  active = false;
  tracker.act(createGeneration('g'), { type: 'rate', value: 1 });
  expect(rows).toEqual([]);
});

test('every kind of event is one the wire takes, as it arrives there', () => {
  const actions: Action[] = [
    { type: 'generated', length: undefined },
    { type: 'generated', length: 5 },
    { type: 'ignore', reason: 'left', visibleMs: 10 },
    { type: 'copy', chars: 1, of: 2, method: 'drag', part: undefined },
    { type: 'copy', chars: 1, of: 2, method: 'keyboard', part: 'code' },
    { type: 'accept', method: 'apply' },
    { type: 'edit', by: 'blur', similarity: 0.5, distance: 1, from: 2, to: 2, approx: undefined },
    { type: 'retention', afterMs: 30_000, similarity: 0.5, retainedChars: 4 },
    { type: 'rate', value: 1, label: undefined },
    ...['reject', 'dismiss', 'regenerate', 'undo', 'delete', 'stop', 'accept', 'apply', 'save', 'insert', 'send']
      .concat('thumbs-up', 'thumbs-down')
      .map((word) => meaningOf(word) as Action),
  ];
  for (const action of actions) tracker.act(createGeneration('g'), action);
  for (const { event } of rows) {
    const arrived: unknown = JSON.parse(JSON.stringify(event));
    expect(schemaFor(event.type)?.safeParse(arrived)).toMatchObject({ success: true });
  }
  expect(rows.length).toBe(actions.length * 2);
});

test('words that a control does not know mean nothing', () => {
  for (const word of ['', 'like', 'accepted', 'constructor']) expect(meaningOf(word)).toBeUndefined();
});

test('a text shares words with its Markdown, and an address does not', () => {
  const source = 'Use map and filter. Then reduce 42 values.';
  const check = (text: string, expected: boolean) => expect(sharesWords(text, source)).toBe(expected);
  check('## Use `map` and **filter**.\n\nThen reduce 42 values.', true);
  check('https://share.example/8f2e', false);
  check('', false);
});
