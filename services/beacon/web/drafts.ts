// All drafts of a page by the place they stand in. In: changes of a place's text, from the page's fields or from an
// editor's adapter. Out: edits, undone insertions and what is retained, each as counts.
import { generationIdOf, isPrivate } from './dom.js';
import type { Change, Draft } from './draft.js';
import { change, createDraft, partOf } from './draft.js';
import type { Generation } from './generation.js';
import type { Registry } from './registry.js';
import { createReports } from './reports.js';
import { createRetention } from './retention.js';
import type { Tracker } from './tracker.js';
import type { EditedBy } from './wire.js';

/** Most places a page is followed in; beyond, the oldest are forgotten. */
export const DRAFTS_MAX = 200;

/** Longest text that is followed, UTF-16 units. */
export const TEXT_MAX = 1_000_000;

export interface Drafts {
  get(place: Element): Draft | undefined;
  all(): Iterable<[Element, Draft]>;
  /** The place's draft, made when it belongs to a generation; `text` is what stands there before anything is changed. */
  ensure(place: Element, text: string): Draft | undefined;
  put(place: Element, draft: Draft): void;
  change(place: Element, draft: Draft, kind: Change, text: string): void;
  /** The person has left the place. */
  blurred(place: Element): void;
  /** Accepted: from now on it is looked at what remains. */
  accepted(place: Element, draft: Draft): void;
  /** Reports what has changed since the last report; `again` also what was reported before. */
  report: (by: EditedBy, generation?: Generation, again?: boolean) => void;
  /** The same for the places inside an element, such as a form. */
  reportIn(node: Node, by: EditedBy): void;
  stop(): void;
}

/** The drafts alone; `gone` is told of each that is forgotten. */
function createPlaces(registry: Registry, gone: (draft: Draft) => void) {
  const drafts = new Map<Element, Draft>();

  function forget(place: Element): void {
    const draft = drafts.get(place);
    if (draft) gone(draft);
    drafts.delete(place);
  }

  function put(place: Element, draft: Draft): void {
    forget(place);
    drafts.set(place, draft);
    const [oldest] = drafts.keys();
    if (oldest && drafts.size > DRAFTS_MAX) forget(oldest);
  }

  function ensure(place: Element, text: string): Draft | undefined {
    const named = generationIdOf(place);
    const known = drafts.get(place);
    if (known && known.named === named) return known;
    forget(place);
    const generation = registry.get(named);
    if (!generation || isPrivate(place) || text.length > TEXT_MAX) return undefined;
    const draft = createDraft(generation, named, text);
    put(place, draft);
    return draft;
  }

  return { drafts, forget, put, ensure };
}

export function createDrafts(registry: Registry, tracker: Tracker): Drafts {
  const reports = createReports(tracker);
  const retention = createRetention(tracker);
  const { drafts, forget, put, ensure } = createPlaces(registry, (draft) => {
    reports.report(draft, 'left');
    retention.end(draft);
  });

  function changeDraft(place: Element, draft: Draft, kind: Change, text: string): void {
    if (text === draft.text) return;
    if (text.length > TEXT_MAX) return forget(place);
    const version = { ...draft, left: partOf(draft) };
    const meaning = change(draft, kind, text, Date.now());
    if (meaning === 'redone') {
      tracker.record(draft.generation, { type: 'accept', method: 'insert' });
      retention.begin(place, draft);
    } else if (meaning) {
      reports.drop(draft);
      retention.end(draft);
      if (meaning === 'undone') tracker.act(draft.generation, { type: 'reject', reason: 'undone' });
      else if (version.left !== version.reported) reports.send(version, 'submit');
    } else if (kind !== 'programmed') reports.later(draft, 'idle');
  }

  return {
    get: (place) => drafts.get(place),
    all: () => drafts,
    ensure,
    put,
    change: changeDraft,
    blurred(place) {
      const draft = drafts.get(place);
      if (draft) reports.later(draft, 'blur');
    },
    accepted: (place, draft) => retention.begin(place, draft),
    report(by, generation, again) {
      const soon = document.visibilityState === 'hidden' || by === 'left';
      for (const [place, draft] of drafts) {
        if (generation && draft.generation !== generation) continue;
        reports.report(draft, by, again, soon);
        if (!place.isConnected) forget(place);
      }
      if (soon) reports.finish();
    },
    reportIn(node, by) {
      for (const [place, draft] of drafts) if (node.contains(place)) reports.report(draft, by);
    },
    stop() {
      for (const draft of drafts.values()) {
        reports.drop(draft);
        retention.end(draft);
      }
      drafts.clear();
    },
  };
}
