// Programs that write to the clipboard are watched without being changed: their calls, results and errors stay theirs.
import { beforeEach, expect, test } from 'vitest';
import { watchClipboard, type Written } from '../../../../../services/beacon/web/clipboard.js';

class FakeClipboard {
  readonly written: Written[] = [];
  failure: Error | undefined;

  async writeText(text: string): Promise<void> {
    if (this.failure) throw this.failure;
    this.written.push(text);
  }
}

let seen: [Written, string][];
let clipboard: FakeClipboard;
let target: Window & typeof globalThis;
/** The method by its name, as the watcher takes and replaces it. */
const methods = FakeClipboard.prototype as unknown as Record<string, unknown>;
const original = methods['writeText'];

const watch = (wrote = async (data: Written, prepared: string): Promise<void> => void seen.push([data, prepared])) =>
  watchClipboard(target, () => 'prepared', wrote);

beforeEach(() => {
  methods['writeText'] = original;
  seen = [];
  clipboard = new FakeClipboard();
  target = { Clipboard: FakeClipboard } as unknown as Window & typeof globalThis;
});

test('what was written is told after it was, with what was prepared at the call', async () => {
  watch();
  const done = clipboard.writeText('a');
  expect(seen).toEqual([]);
  await done;
  await Promise.resolve();
  expect(clipboard.written).toEqual(['a']);
  expect(seen).toEqual([['a', 'prepared']]);
});

test('a write that fails fails for the host alike and is not told', async () => {
  watch();
  clipboard.failure = new Error('denied');
  await expect(clipboard.writeText('a')).rejects.toBe(clipboard.failure);
  await Promise.resolve();
  expect(seen).toEqual([]);
});

test('a fault of ours stays here', async () => {
  watch(async () => {
    throw new Error('ours');
  });
  await clipboard.writeText('a');
  expect(clipboard.written).toEqual(['a']);
});

test('it is undone, unless somebody else has put a hook over it since', () => {
  const undo = watch();
  expect(methods['writeText']).not.toBe(original);
  undo();
  expect(methods['writeText']).toBe(original);

  const again = watch();
  const theirs = async (): Promise<void> => undefined;
  methods['writeText'] = theirs;
  again();
  expect(methods['writeText']).toBe(theirs);
});

test('a window without a clipboard, as on plain http, is left alone', () => {
  target = {} as Window & typeof globalThis;
  expect(() => watch()()).not.toThrow();
});
