// Watches programs that write to the clipboard: `navigator.clipboard.writeText` and `write` fire no `copy` event.
// In: nothing. Out: what was written, once it was. The host's call, its result and its errors stay as they are.
import { guard } from './guard.js';

/** What a program writes to the clipboard. */
export type Written = string | ClipboardItem[];

type Write = (this: Clipboard, data: Written) => Promise<void>;

/**
 * Watches the clipboard of one window. Calls `wrote` after each successful write; `prepare` runs synchronously at the call. Answers how to undo it: a hook
 * that somebody else has put over ours since stays.
 */
export function watchClipboard<T>(
  target: Window & typeof globalThis,
  prepare: () => T,
  wrote: (data: Written, prepared: T) => Promise<void>,
): () => void {
  const undo: (() => void)[] = [];
  const report = guard((done: Promise<void>, data: Written) => {
    const prepared = prepare();
    done.then(() => wrote(data, prepared)).catch(() => undefined);
  });
  for (const name of ['writeText', 'write']) {
    const prototype = (target.Clipboard as typeof Clipboard | undefined)?.prototype as
      Record<string, Write> | undefined;
    const original = prototype?.[name];
    if (!original) continue;
    const patched: Write = function (data) {
      const done = original.call(this, data);
      report(done, data);
      return done;
    };
    prototype[name] = patched;
    undo.push(() => {
      if (prototype[name] === patched) prototype[name] = original;
    });
  }
  return () => undo.forEach((run) => run());
}
