// Copies: text of a generation that leaves the page by keyboard, menu or button. Read in window capture, before
// an editor handles the event and forgets its selection. Counts only.
import type { Attribution } from './attribution.js';
import { generationIdOf, isField, isPrivate, originOf } from './dom.js';
import type { Generation } from './generation.js';
import { count } from './guard.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import { composedSelectionOf } from './composed.js';
import { extentOf } from './selection.js';
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
  /** A copy of what `part` says; of nobody's text when there is none. The method is by default what the person did. */
  report(part: Attribution | undefined, method?: CopyMethod): void;
  /** What an event takes of each generation. */
  taken(event: Event): Attribution[];
}

/**
 * Calls `onCopy` once for each generation that a copy touches. `recognise` is asked first with what is selected of them,
 * perhaps nothing, and answers whether it reports them itself.
 */
export function watchCopies(
  registry: Registry,
  listen: Listen,
  onCopy: (generation: Generation, fields: CopyFields) => void,
  recognise: (event: ClipboardEvent, cause: Cause, found: Attribution[]) => boolean,
): Copies {
  let lastCause = MENU;
  const last = new Map<string, number>();

  const cause = (): Cause => (Date.now() - lastCause.at <= CAUSE_MS ? lastCause : MENU);

  function report(part: Attribution | undefined, method: CopyMethod): void {
    if (!part) return count('unattributed');
    const { generation, chars, of, code } = part;
    const key = `${chars} ${generation.id}`;
    const at = Date.now();
    if (!chars || (last.get(key) as number) >= at - SAME_COPY_MS) return;
    last.set(key, at);
    onCopy(generation, { chars, of, method, part: code ? 'code' : undefined });
  }

  /** A text field's selection is not the document's. */
  function taken(event: Event): Attribution[] {
    const origin = originOf(event) as Node;
    const field = isField(origin);
    const selected = composedSelectionOf(origin.ownerDocument as Document, registry.trees());
    return (field ? [origin] : registry.roots()).flatMap((root) => {
      const generation = registry.get(generationIdOf(root));
      if (!generation || isPrivate(root) || isField(root) !== field) return [];
      const extent = field
        ? { chars: (origin.selectionEnd ?? 0) - (origin.selectionStart ?? 0), of: origin.value.length, code: false }
        : extentOf(root, selected);
      return extent.chars ? { generation, ...extent } : [];
    });
  }

  listen(['copy', 'cut'], (event) => {
    if (!event.isTrusted || isPrivate(originOf(event))) return;
    const found = taken(event);
    if (!recognise(event, cause(), found)) found.forEach((part) => report(part, cause().method));
  });
  listen(['click', 'keydown'], (event) => {
    if (!event.isTrusted) return;
    const at = Date.now();
    if (event.type === 'click') lastCause = { at, method: 'button', control: originOf(event) };
    else if ('key' in event && (event.ctrlKey || event.metaKey) && /^(c|x|insert)$/i.test(event.key))
      lastCause = { at, method: 'keyboard' };
  });
  return { cause, report, taken };
}
