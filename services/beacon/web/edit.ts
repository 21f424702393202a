// Edits of a generation in a text field or an editable element that carries its id. Compares what the person found with
// what the person left; what a program writes meanwhile (streaming) is not an edit. Texts stay in memory.
import { generationIdOf, isField, isPrivate, originOf } from './dom.js';
import type { Generation } from './generation.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import { compare } from './similarity.js';
import type { Difference, EditedBy } from './wire.js';

/** An edit is taken as done after this long without a change, ms. */
export const IDLE_MS = 30_000;

/** A click on "save" takes the focus away first: its own word comes within this, ms. */
const BLUR_MS = 250;

interface Draft {
  generation: Generation;
  /** As the person found it. */
  found: string;
  /** After the person's last change. */
  left: string;
  /** As last reported. */
  reported: string;
  timer?: ReturnType<typeof setTimeout>;
}

export type OnEdit = (generation: Generation, edit: Difference & { by: EditedBy }) => void;

export interface Edits {
  /** Reports what has changed since the last report; `again` also what was reported before. */
  report(by: EditedBy, generation?: Generation, again?: boolean): void;
}

function editableOf(event: Event): Element | undefined {
  const origin = originOf(event);
  if (!event.isTrusted || isPrivate(origin)) return undefined;
  if (isField(origin)) return origin;
  return origin instanceof HTMLElement && origin.isContentEditable ? origin : undefined;
}

const read = (element: Element): string => (isField(element) ? element.value : element.textContent);

export function watchEdits(registry: Registry, listen: Listen, onEdit: OnEdit): Edits {
  const drafts = new Map<Element, Draft>();

  function reportDraft(draft: Draft, by: EditedBy, again = false): void {
    clearTimeout(draft.timer);
    const { generation, found, left, reported } = draft;
    // What was empty is a place to write, such as a comment, not the generation's text.
    if (!found || left === (again ? found : reported)) return;
    draft.reported = left;
    onEdit(generation, { ...compare(found, left), by });
  }

  function report(by: EditedBy, generation?: Generation, again?: boolean): void {
    for (const [element, draft] of drafts) {
      if (generation && draft.generation !== generation) continue;
      reportDraft(draft, by, again);
      if (!element.isConnected) drafts.delete(element);
    }
  }

  function laterBy(draft: Draft, by: EditedBy, ms: number): void {
    clearTimeout(draft.timer);
    draft.timer = setTimeout(() => reportDraft(draft, by), ms);
  }

  listen(['beforeinput'], (event) => {
    const element = editableOf(event);
    const generation = registry.get(generationIdOf(element));
    if (!element || !generation) return;
    const text = read(element);
    const draft = drafts.get(element);
    if (draft?.generation !== generation) {
      if (draft) reportDraft(draft, 'left');
      drafts.set(element, { generation, found: text, left: text, reported: text });
    } else if (draft.left !== text) {
      // A program has written: what it appended belongs to what was found, anything else is a new beginning.
      if (text.startsWith(draft.left)) {
        const appended = text.slice(draft.left.length);
        draft.found += appended;
        draft.reported += appended;
      } else {
        reportDraft(draft, 'submit');
        draft.found = draft.reported = text;
      }
      draft.left = text;
    }
  });
  listen(['input'], (event) => {
    const element = editableOf(event);
    const draft = element && drafts.get(element);
    if (!draft) return;
    draft.left = read(element);
    laterBy(draft, 'idle', IDLE_MS);
  });
  listen(['focusout'], (event) => {
    const element = editableOf(event);
    const draft = element && drafts.get(element);
    if (draft) laterBy(draft, 'blur', BLUR_MS);
  });
  listen(['submit'], ({ target }) => {
    for (const [element, draft] of drafts)
      if (target instanceof Node && target.contains(element)) reportDraft(draft, 'submit');
  });
  return { report };
}
