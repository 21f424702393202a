// What led to a copy, and when two copies are one: at each limit and one past it.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { watchCopies, type Copies } from '../../../../../services/beacon/web/copy.js';
import { createGeneration } from '../../../../../services/beacon/web/generation.js';
import { counts } from '../../../../../services/beacon/web/guard.js';
import type { Listen } from '../../../../../services/beacon/web/listen.js';
import type { Registry } from '../../../../../services/beacon/web/registry.js';
import type { CopyFields } from '../../../../../services/beacon/web/wire.js';

let handlers: Map<string, (event: unknown) => void>;
let copies: Copies;
let seen: [string, CopyFields][];

beforeEach(() => {
  vi.useFakeTimers({ now: 1_800_000_000_000 });
  handlers = new Map();
  seen = [];
  const listen = ((types: string[], run: (event: unknown) => void) =>
    types.forEach((type) => handlers.set(type, run))) as Listen;
  copies = watchCopies(
    {} as Registry,
    listen,
    ({ id }, fields) => seen.push([id, fields]),
    () => false,
  );
});
afterEach(() => {
  vi.useRealTimers();
});

const press = (key: string, over: object = {}): void =>
  handlers.get('keydown')?.({ type: 'keydown', isTrusted: true, ctrlKey: true, key, ...over });
const part = (id: string, chars = 5) => ({ generation: createGeneration(id), chars, of: 10, code: false });

test('a key explains a copy for a second, then nothing does', () => {
  press('c');
  vi.advanceTimersByTime(1000);
  expect(copies.cause()).toMatchObject({ method: 'keyboard' });
  vi.advanceTimersByTime(1);
  expect(copies.cause()).toMatchObject({ method: 'menu' });
});

test('a click explains it by the button, and names what was clicked', () => {
  const control = {};
  handlers.get('click')?.({ type: 'click', isTrusted: true, composedPath: () => [control] });
  expect(copies.cause()).toMatchObject({ method: 'button', control });
});

test.each([
  ['c', {}, 'keyboard'],
  ['X', { ctrlKey: false, metaKey: true }, 'keyboard'],
  ['Insert', {}, 'keyboard'],
  ['v', {}, 'menu'],
  ['c', { ctrlKey: false }, 'menu'],
  ['c', { isTrusted: false }, 'menu'],
])('the key %s with %o is a copy by %s', (key, over, method) => {
  press(key, over);
  expect(copies.cause().method).toBe(method);
});

test('the same length of the same generation is one copy for 300 ms, also between others', () => {
  for (const id of ['g', 'h', 'g', 'h']) copies.report(part(id), 'keyboard');
  vi.advanceTimersByTime(300);
  copies.report(part('g'), 'keyboard');
  expect(seen.map(([id]) => id)).toEqual(['g', 'h']);
  vi.advanceTimersByTime(1);
  copies.report(part('g'), 'keyboard');
  copies.report(part('g', 6), 'keyboard');
  expect(seen.map(([id, { chars }]) => [id, chars])).toEqual([
    ['g', 5],
    ['h', 5],
    ['g', 5],
    ['g', 6],
  ]);
});

test('no characters are no copy, and a copy of nobody is counted', () => {
  const before = counts['unattributed'] ?? 0;
  copies.report(part('g', 0), 'keyboard');
  copies.report(undefined, 'button');
  expect(seen).toEqual([]);
  expect(counts['unattributed']).toBe(before + 1);
});
