// Copies: text of a generation that leaves the page by keyboard, menu, button or drag. Read in window capture, before
// an editor handles the event and forgets its selection. Counts only.
import type { Attribution } from './attribution.js';
import type { Written } from './clipboard.js';
import { watchClipboard } from './clipboard.js';
import { generationIdOf, isField, isPrivate, originOf } from './dom.js';
import type { Generation } from './generation.js';
import { count, fault } from './guard.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import { extentOf, selectedRanges } from './selection.js';
import type { CopyFields, CopyMethod } from './wire.js';

/** A click or key explains a copy that follows within this, ms. */
const CAUSE_MS = 1000;

/** The same length of the same generation again within this is one copy, ms. */
const SAME_COPY_MS = 300;

/** What led to a copy: a key, or a click on `control`. Nothing seen of it: the browser's menu, or a program. */
interface Cause {
  at: number;
  method: CopyMethod;
  control?: EventTarget | undefined;
}

const MENU: Cause = { at: 0, method: 'menu' };

/** Calls `onCopy` once for each generation that a copy touches. Answers how to undo what `listen` does not undo. */
export function watchCopies(
  registry: Registry,
  listen: Listen,
  recognise: (data: Written, control: unknown) => Promise<Attribution | undefined>,
  onCopy: (generation: Generation, fields: CopyFields) => void,
): () => void {
  let lastCause = MENU;
  let last = '';
  let lastAt = 0;
  let dragged: Attribution[] = [];

  const cause = (): Cause => (Date.now() - lastCause.at <= CAUSE_MS ? lastCause : MENU);

  function report({ generation, chars, of, code }: Attribution, method: CopyMethod): void {
    const key = chars + generation.id;
    if (!chars || (key === last && Date.now() - lastAt <= SAME_COPY_MS)) return;
    last = key;
    lastAt = Date.now();
    onCopy(generation, { chars, of, method, part: code ? 'code' : undefined });
  }

  async function reportText(data: Written, { method, control }: Cause): Promise<void> {
    const found = await recognise(data, control);
    if (found) report(found, method === 'menu' ? 'button' : method);
    else if (data.length) count('unattributed');
  }

  const readText = (data: Written, because: Cause): void => void reportText(data, because).catch(fault);

  /** What is selected of each generation. A text field's selection is not the document's. */
  function selected(origin: EventTarget | undefined): Attribution[] {
    const field = isField(origin);
    const ranges = field ? [] : selectedRanges();
    return (field ? [origin] : registry.roots()).flatMap((root) => {
      const generation = registry.get(generationIdOf(root));
      if (!generation || isPrivate(root)) return [];
      if (!isField(root)) return { generation, ...extentOf(root, ranges) };
      const chars = (root.selectionEnd ?? 0) - (root.selectionStart ?? 0);
      return { generation, chars, of: root.value.length, code: false };
    });
  }

  /** Editors without a selection in the document say what they copy. */
  function hookSetData(data: DataTransfer, because: Cause): void {
    const setData = data.setData.bind(data);
    data.setData = (format, text) => {
      setData(format, text);
      if (/^text(\/plain)?$/i.test(format)) readText(text, because);
    };
  }

  listen(['copy', 'cut'], (event) => {
    const origin = originOf(event);
    if (!event.isTrusted || isPrivate(origin)) return;
    const because = cause();
    const found = selected(origin).filter(({ chars }) => chars);
    if (found.length) return found.forEach((part) => report(part, because.method));
    // A button that copies by way of a hidden field or node.
    if (because.method === 'button') readText(isField(origin) ? origin.value : String(getSelection()), because);
    if (event.clipboardData) hookSetData(event.clipboardData, { control: origin, ...because });
  });
  listen(['click', 'keydown'], (event) => {
    if (!event.isTrusted) return;
    const at = Date.now();
    if (event.type === 'click') lastCause = { at, method: 'button', control: originOf(event) };
    else if (event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey) && /^(c|x|insert)$/i.test(event.key))
      lastCause = { at, method: 'keyboard' };
  });
  listen(['dragstart', 'dragend'], (event) => {
    if (event.type === 'dragstart') dragged = selected(originOf(event));
    else if (event.dataTransfer?.dropEffect !== 'none') dragged.forEach((part) => report(part, 'drag'));
  });
  return watchClipboard(cause, readText);
}
