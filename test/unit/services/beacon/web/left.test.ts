// What a page that goes away leaves for the next visit, where it can be written at once.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLeft, takeLeft } from '../../../../../services/beacon/web/left.js';
import type { QueuedEvent } from '../../../../../services/beacon/web/wire.js';

const row = (id: string): QueuedEvent => ({ id }) as QueuedEvent;
let kept: Map<string, string>;

beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
    removeItem: (name: string) => kept.delete(name),
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

test('several pages leave their events, the next visit takes each once', () => {
  keepLeft([row('a'), row('b')]);
  keepLeft([row('c')]);
  expect(takeLeft().map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(takeLeft()).toEqual([]);
});

test('a page with nothing to leave writes nothing', () => {
  keepLeft([]);
  expect(kept.size).toBe(0);
});
