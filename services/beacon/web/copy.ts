// Copies: text of a generation that leaves the page by keyboard, menu, button or drag. Read in window capture, before
// an editor handles the event and forgets its selection. Counts only.
import type { Attribution } from './attribution.js';
import { generationIdOf, isField, isPrivate, originOf } from './dom.js';
import type { Generation } from './generation.js';
import { count } from './guard.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import { extentOf, selectedRanges } from './selection.js';
import type { CopyFields, CopyMethod } from './wire.js';

/** A click or key explains a copy that follows within this, ms. */
const CAUSE_MS = 1000;

/** The same length of the same generation again within this is one copy, ms. */
const SAME_COPY_MS = 300;

/** What led to a copy: a key, or a click on `control`. Nothing seen of it: the browser's menu, or a program. */
export interface Cause {
  at: number;
  method: CopyMethod;
  control?: EventTarget | undefined;
}

const MENU: Cause = { at: 0, method: 'menu' };

export interface Copies {
  /** What the person did just before. */
  cause: () => Cause;
  /** A copy of what `part` says; of nobody's text when there is none. */
  report(part: Attribution | undefined, method: CopyMethod): void;
}

/**
 * Calls `onCopy` once for each generation that a copy touches, and `unexplained` for a copy event whose selection touches
 * none.
 */
export function watchCopies(
  registry: Registry,
  listen: Listen,
  onCopy: (generation: Generation, fields: CopyFields) => void,
  unexplained: (event: ClipboardEvent, cause: Cause) => void,
): Copies {
  let lastCause = MENU;
  let last = '';
  let lastAt = 0;
  let dragged: Attribution[] = [];

  const cause = (): Cause => (Date.now() - lastCause.at <= CAUSE_MS ? lastCause : MENU);

  function report(part: Attribution | undefined, method: CopyMethod): void {
    if (!part) return count('unattributed');
    const { generation, chars, of, code } = part;
    const key = chars + generation.id;
    if (!chars || (key === last && Date.now() - lastAt <= SAME_COPY_MS)) return;
    last = key;
    lastAt = Date.now();
    onCopy(generation, { chars, of, method, part: code ? 'code' : undefined });
  }

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

  listen(['copy', 'cut'], (event) => {
    const origin = originOf(event);
    if (!event.isTrusted || isPrivate(origin)) return;
    const because = cause();
    const found = selected(origin).filter(({ chars }) => chars);
    if (found.length) return found.forEach((part) => report(part, because.method));
    unexplained(event, because);
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
  return { cause, report };
}
