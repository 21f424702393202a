// One generation's text in a place where a person can change it: what was found there, where it stands, what is left.
// In: the place's whole text after each change, and whose change it was. Out: what that means. Pure; texts stay in memory.
import type { Generation } from './generation.js';
import { changed } from './similarity.js';

/** An undo within this after the text came takes it back, ms. */
export const UNDO_MS = 30_000;

/** A person's change, a person's undo, a program's change. */
export type Change = 'typed' | 'undone' | 'programmed';

/** A text that is made when it is needed: a string, or an editor's document. */
export interface Text {
  toString(): string;
}

/** How the text came into the place. */
interface Insertion {
  /** The whole text before; undefined when it was not seen. */
  before: string | undefined;
  after: string;
  start: number;
  end: number;
  at: number;
}

export interface Draft {
  generation: Generation;
  /** The id that the place carried then. */
  readonly named: string | undefined;
  /** The generation's text as the person found it. */
  found: string;
  /** What was last reported of it. */
  reported: string;
  /** The whole text of the place, in which the generation's goes from `start` to `end`. */
  text: string;
  start: number;
  end: number;
  /** The place has nothing but the generation: what is added at its ends is an edit too. */
  whole: boolean;
  insertion?: Insertion | undefined;
  /** The insertion was taken back. */
  undone: boolean;
}

/** What a change means beside having happened. `replaced`: the program began anew after the person's version `part`. */
export type Meaning = 'undone' | 'redone' | 'replaced' | undefined;

export function createDraft(generation: Generation, named: string | undefined, text: string): Draft {
  return {
    generation,
    named,
    found: text,
    reported: text,
    text,
    start: 0,
    end: text.length,
    whole: true,
    undone: false,
  };
}

/** A draft of what a program has put into a place; undefined when it put nothing in. */
export function insertedDraft(
  generation: Generation,
  named: string | undefined,
  before: string,
  after: string,
  now: number,
): Draft | undefined {
  const { start, endB: end } = changed(before, after);
  if (end <= start) return undefined;
  return draftOfPart(generation, named, { before, after, start, end, at: now });
}

/** A draft of the part of a place's text that is the generation's. */
export function draftOfPart(generation: Generation, named: string | undefined, insertion: Insertion): Draft {
  const { after: text, start, end } = insertion;
  const found = text.slice(start, end);
  const whole = end - start === text.length;
  return { generation, named, found, reported: found, text, start, end, whole, insertion, undone: false };
}

/** The generation's text as it is now. */
export function partOf({ text, start, end }: Draft): string {
  return text.slice(start, end);
}

/** Takes over a new text and keeps the part in place: what is put just before or behind it is not part of it. */
function move(draft: Draft, after: string): void {
  const { start: at, endA: cut, endB } = changed(draft.text, after);
  const growth = endB - cut;
  if (draft.whole) draft.end = after.length;
  else {
    const { start, end } = draft;
    if (cut <= start) draft.start += growth;
    else if (at < start) draft.start = at;
    if (at < end) draft.end = cut <= end ? end + growth : endB;
  }
  draft.end = Math.max(draft.start, draft.end);
  draft.text = after;
}

function programmed(draft: Draft, after: string, now: number): Meaning {
  const [before, earlier] = [partOf(draft), draft.text];
  const edited = before !== draft.found && !draft.undone;
  move(draft, after);
  const part = partOf(draft);
  if (part === before) return undefined;
  if (edited && part.startsWith(before)) {
    // Appended while the person was writing: it belongs to what was found.
    const appended = part.slice(before.length);
    draft.found += appended;
    draft.reported += appended;
    return undefined;
  }
  const { insertion } = draft;
  const goesOn = !edited && !draft.undone && insertion && now - insertion.at <= UNDO_MS;
  draft.insertion = {
    before: goesOn ? insertion.before : earlier,
    after,
    start: draft.start,
    end: draft.end,
    at: now,
  };
  draft.found = draft.reported = part;
  draft.undone = false;
  return edited ? 'replaced' : undefined;
}

/** Whether the text is what it was before the generation's came; an unseen beginning: nothing of it is left. */
function isBack(draft: Draft, { before }: Insertion): boolean {
  return before === undefined ? !partOf(draft) && !!draft.found : draft.text === before;
}

/** One change of the place's text. `now` in ms since the epoch. */
export function change(draft: Draft, kind: Change, after: string, now: number): Meaning {
  if (kind === 'programmed') return programmed(draft, after, now);
  move(draft, after);
  const { insertion } = draft;
  if (!insertion) return undefined;
  const { start, end } = insertion;
  const inserted = insertion.after.slice(start, end);
  if (draft.undone && after.slice(start, end) === inserted) {
    // Some editors redo with it what was typed behind it.
    Object.assign(draft, { undone: false, start, end: draft.whole ? after.length : end });
    insertion.at = now;
    return 'redone';
  }
  if (kind !== 'undone' || draft.undone || now - insertion.at > UNDO_MS || !isBack(draft, insertion)) return undefined;
  draft.undone = true;
  return 'undone';
}
