// When it is reported what is left of an accepted text: at each checkpoint, late after a sleep, never of what is gone.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Draft } from '../../../../../services/beacon/web/draft.js';
import { createDraft } from '../../../../../services/beacon/web/draft.js';
import { createGeneration } from '../../../../../services/beacon/web/generation.js';
import { CHECKPOINTS_MS, createRetention } from '../../../../../services/beacon/web/retention.js';
import type { Tracker } from '../../../../../services/beacon/web/tracker.js';
import type { Action } from '../../../../../services/beacon/web/wire.js';
import { schemaFor } from '../../../../../shared/contract/events.js';

let actions: Action[];
let draft: Draft;
const place = { isConnected: true };
const record: Tracker['record'] = (_generation, action) => void actions.push(action);
const retention = createRetention({ record } as Tracker);
const begin = (): void => retention.begin(place as Element, draft);
const times = (): unknown[] => actions.map((action) => (action.type === 'retention' ? action.afterMs : action));

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  actions = [];
  draft = createDraft(createGeneration('g'), 'g', 'one two');
  place.isConnected = true;
});
afterEach(() => {
  retention.end(draft);
  vi.useRealTimers();
});

test('each checkpoint is reported once, and none before its time', () => {
  begin();
  begin();
  vi.advanceTimersByTime(29_999);
  expect(actions).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(times()).toEqual([30_000]);
  vi.advanceTimersByTime(3_600_000);
  expect(times()).toEqual([...CHECKPOINTS_MS]);
});

test('it says how much is left, as the wire takes it', () => {
  draft.text = 'one';
  draft.end = 3;
  begin();
  vi.advanceTimersByTime(30_000);
  expect(actions).toEqual([{ type: 'retention', afterMs: 30_000, similarity: 0.4286, retainedChars: 3 }]);
  const event = { id: '01900000-0000-7000-8000-000000000000', t: 1, g: 'g', ...actions[0] };
  expect(schemaFor('retention')?.safeParse(event)).toMatchObject({ success: true });
});

test('a tab that slept reports once, with the true time, and goes on with the checkpoint after it', () => {
  begin();
  vi.setSystemTime(1_800_000_000_000 + 301_000);
  vi.advanceTimersByTime(30_000);
  expect(times()).toEqual([331_000]);
  vi.advanceTimersByTime(269_000);
  expect(times()).toEqual([331_000, 600_000]);
});

test('a clock that was set back waits', () => {
  begin();
  vi.setSystemTime(1_800_000_000_000 - 10_000);
  vi.advanceTimersByTime(30_000);
  expect(actions).toEqual([]);
  vi.advanceTimersByTime(10_000);
  expect(times()).toEqual([30_000]);
});

test('what has left the page, or was ended, is not reported', () => {
  begin();
  place.isConnected = false;
  vi.advanceTimersByTime(30_000);
  place.isConnected = true;
  begin();
  retention.end(draft);
  vi.advanceTimersByTime(700_000);
  expect(actions).toEqual([]);
});
