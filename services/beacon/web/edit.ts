// Edits of a generation where a person can change it: in text fields and editable elements, seen by themselves, and in
// editors by what their adapters tell. In: the page's events, and what was accepted. Out: changes of drafts, and whose
// they are: what a program writes (streaming) is no edit, but after an acceptance it is the insertion.
import type { Generation } from './generation.js';
import { originOf } from './dom.js';
import type { Change, Text } from './draft.js';
import type { Drafts } from './drafts.js';
import { createDrafts } from './drafts.js';
import { placeOf, textOf } from './editable.js';
import { guard } from './guard.js';
import type { Insertions } from './insertion.js';
import { createInsertions } from './insertion.js';
import type { Listen } from './listen.js';
import type { Registry } from './registry.js';
import type { Tracker } from './tracker.js';

/** What a person did last explains the changes of the same moment, ms. */
const MOMENT_MS = 50;

export interface Edits extends Pick<Drafts, 'report'> {
  /**
   * A change of an editor's text. `place` is the editor's element; `change` is undefined when the editor does not know
   * whose change it is. The same text twice: what stands there as the editor comes.
   */
  draft(place: Element, change: Change | undefined, before: Text, after: Text): void;
  /** A generation was taken. */
  taken(generation: Generation): void;
  stop(): void;
  /** The text of a generation as it stands in a place of its own, such as an editor. */
  textOf(generation: Generation): string | undefined;
}

const isUndoKey = (event: Event): boolean =>
  event instanceof KeyboardEvent && (event.ctrlKey || event.metaKey) && !event.shiftKey && /^z$/i.test(event.key);

const isUndo = (event: Event): boolean =>
  isUndoKey(event) || (event instanceof InputEvent && event.inputType === 'historyUndo');

/** Follows the fields and the editable elements of the page. */
function watchPlaces(drafts: Drafts, insertions: Insertions, listen: Listen): void {
  /** The place whose change is a person's: a change without `beforeinput` is a program's. */
  let expected: Element | undefined;

  function look(place: Element, kind: Change): void {
    const text = textOf(place);
    insertions.seen(place, text);
    const draft = drafts.ensure(place, text);
    if (draft) drafts.change(place, draft, kind, text);
  }

  const placeFor = (event: Event): HTMLElement | undefined => (event.isTrusted ? placeOf(originOf(event)) : undefined);

  listen(['beforeinput'], (event) => {
    const place = (expected = placeFor(event));
    if (place) look(place, 'programmed');
  });
  listen(['input'], (event) => {
    const place = placeFor(event);
    const draft = place && drafts.get(place);
    if (draft) look(place, expected !== place ? 'programmed' : isUndo(event) ? 'undone' : 'typed');
    expected = undefined;
  });
  listen(['keydown'], (event) => {
    // A page that undoes by itself writes the text before.
    const place = isUndoKey(event) ? placeFor(event) : undefined;
    if (place) setTimeout(guard(() => drafts.get(place) && look(place, 'undone')));
  });
}

export function watchEdits(registry: Registry, listen: Listen, tracker: Tracker): Edits {
  const drafts = createDrafts(registry, tracker);
  const insertions = createInsertions(drafts, registry);
  /** Where the person is acting, and whether to take something back. */
  let actor: Element | undefined;
  let undoes = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  listen(['keydown', 'beforeinput', 'input', 'paste', 'cut', 'drop', 'compositionend'], (event) => {
    if (!event.isTrusted) return;
    actor = originOf(event) as Element;
    undoes = isUndo(event);
    clearTimeout(timer);
    timer = setTimeout(() => (actor = undefined), MOMENT_MS);
  });
  watchPlaces(drafts, insertions, listen);
  listen(['focusout'], (event) => {
    if (!event.isTrusted) return;
    const { relatedTarget } = event;
    for (const [place] of drafts.all())
      if (place.contains(originOf(event) as Node) && !(relatedTarget instanceof Node && place.contains(relatedTarget)))
        drafts.blurred(place);
  });
  listen(['submit'], ({ target }) => {
    if (target instanceof Node) drafts.reportIn(target, 'submit');
  });

  /** Whose a change is that an editor cannot tell. Each act of a person explains one. */
  function kindOf(place: Element, change: Change | undefined): Change {
    const person = !!actor && place.contains(actor);
    const kind = change ?? (person ? 'typed' : 'programmed');
    const undone = person && undoes;
    actor = undefined;
    return undone ? 'undone' : kind;
  }

  return {
    report: drafts.report,
    draft(place, change, before, after) {
      const same = before === after;
      const kind = same ? 'programmed' : kindOf(place, change);
      if (!same && insertions.told(place, kind, before, after)) return;
      const [from, to] = [String(before), String(after)];
      const draft = drafts.ensure(place, from);
      if (!draft) return;
      drafts.change(place, draft, 'programmed', from);
      drafts.change(place, draft, kind, to);
    },
    taken: insertions.taken,
    textOf(generation) {
      for (const [, draft] of drafts.all()) if (draft.generation === generation && draft.whole) return draft.text;
      return undefined;
    },
    stop() {
      clearTimeout(timer);
      insertions.stop();
      drafts.stop();
    },
  };
}
