// Where an accepted generation went. In: acceptances, and how the texts of the page's places change after them by a
// program. Out: a draft in the place that got the text, so that edits, undo and what is retained are seen there.
import type { Generation } from './generation.js';
import { generationIdOf } from './dom.js';
import type { Change, Draft, Text } from './draft.js';
import { draftOfPart, insertedDraft } from './draft.js';
import type { Drafts } from './drafts.js';
import { placesIn, textOf } from './editable.js';
import { guard } from './guard.js';
import type { Registry } from './registry.js';

/** The places are looked at again after these times, ms; what comes later than the last is no insertion. */
const LOOKS_MS = [0, 100, 300, 1000] as const;
export const INSERT_MS = LOOKS_MS[3];

export interface Insertions {
  taken: (generation: Generation) => void;
  /** A place's text as it is just now, before the person changes it. */
  seen(place: Element, text: string): void;
  /** A change that an adapter tells; answers whether it was the insertion. */
  told(place: Element, kind: Change, before: Text, after: Text): boolean;
  stop(): void;
}

interface Pending {
  generation: Generation;
  at: number;
  /** Texts of the places at the moment of acceptance. */
  texts: Map<Element, string>;
  timers: ReturnType<typeof setTimeout>[];
  /** The task of the acceptance has not ended: even a change with a key is the program's. */
  sameTask: boolean;
}

export function createInsertions(drafts: Drafts, registry: Registry): Insertions {
  let pending: Pending | undefined;

  function settle(): void {
    pending?.timers.forEach(clearTimeout);
    pending = undefined;
  }

  function bind(place: Element, draft: Draft | undefined): boolean {
    if (!draft) return false;
    settle();
    drafts.put(place, draft);
    drafts.accepted(place, draft);
    return true;
  }

  function seen(place: Element, text: string): void {
    const before = pending?.texts.get(place);
    if (!pending || before === undefined || before === text) return;
    bind(place, insertedDraft(pending.generation, generationIdOf(place), before, text, Date.now()));
  }

  /** The text may stand there already: the page had inserted it, then said so. */
  function standsIn(place: Element, text: string, generation: Generation): boolean {
    const named = generationIdOf(place);
    const draft = named === generation.id ? drafts.ensure(place, text) : drafts.get(place);
    if (draft?.generation === generation && draft.found) {
      drafts.accepted(place, draft);
      return false;
    }
    const shown = registry.roots().filter((root) => generationIdOf(root) === generation.id && !root.contains(place));
    for (const own of [generation.text, ...shown.map((root) => root.textContent)]) {
      const start = own ? text.indexOf(own) : -1;
      const end = start + (own ?? '').length;
      const insertion = { before: undefined, after: text, start, end, at: Date.now() };
      if (start >= 0) return bind(place, draftOfPart(generation, named, insertion));
    }
    return false;
  }

  return {
    seen,
    taken(generation) {
      settle();
      const trees = new Set([document, ...registry.roots().map((root) => root.getRootNode() as ShadowRoot)]);
      const texts = new Map<Element, string>(placesIn(trees).map((place) => [place, textOf(place)]));
      for (const [place, draft] of drafts.all())
        if (draft.generation === generation && draft.found) drafts.accepted(place, draft);
      for (const [place, text] of texts) if (standsIn(place, text, generation)) return;
      const look = guard((ms: number) => {
        if (pending) pending.sameTask = false;
        for (const place of texts.keys()) if (place.isConnected) seen(place, textOf(place));
        if (ms === INSERT_MS) settle();
      });
      pending = {
        generation,
        at: Date.now(),
        texts,
        sameTask: true,
        timers: LOOKS_MS.map((ms) => setTimeout(look, ms, ms)),
      };
    },
    told(place, kind, before, after) {
      if (!pending || kind === 'undone' || Date.now() - pending.at > INSERT_MS) return false;
      if (kind === 'typed' && !pending.sameTask) return false;
      const draft = insertedDraft(pending.generation, generationIdOf(place), String(before), String(after), Date.now());
      return bind(place, draft);
    },
    stop: settle,
  };
}
