// What an event says about the outcome of its generation. One pure function; its test holds the table of cases.
import type { BeaconEvent } from './events.js';
import type { Decision } from './rows.js';

/** A copy counts as taken from the n-th part of the text on. Whole numbers, so that the border is exact. */
export const COPY_PART_OF = 10;
/** From so many characters on, a copy counts as taken, UTF-16 units. */
export const COPY_CHARS_MIN = 40;

export interface Meaning {
  /** Whether it proves that the generation was seen. */
  readonly shows: boolean;
  readonly decides: Decision;
  /** accept: share of the text taken; edit: similarity to the generation; else 0. Within 0..1. */
  readonly value: number;
}

const NOTHING: Meaning = { shows: false, decides: 'nothing', value: 0 };
const SHOWS: Meaning = { shows: true, decides: 'nothing', value: 0 };
const REJECTS: Meaning = { shows: false, decides: 'reject', value: 0 };

/** `visibleMsMin` is V: how long a generation must have been visible to count as shown, ms. */
export function meaningOf(event: BeaconEvent, visibleMsMin: number): Meaning {
  switch (event.type) {
    case 'shown':
      return event.forced === true || event.visibleMs >= visibleMsMin ? SHOWS : NOTHING;
    case 'copy':
      return taken(event.chars, event.of, event.part === 'code' || event.method === 'button');
    case 'accept':
      if (event.method === 'partial') return taken(event.chars ?? 0, event.of, false);
      return accepts(event.chars, event.of);
    case 'edit':
      return { shows: false, decides: 'edit', value: event.similarity };
    case 'reject':
      return REJECTS;
    case 'generated':
    case 'ignore':
    case 'retention':
    case 'rate':
    case 'score':
      return NOTHING;
  }
}

/** A part was taken: it decides when it was meant (`deliberate`) or is long enough; a word looked up is no acceptance. */
function taken(chars: number, of: number | undefined, deliberate: boolean): Meaning {
  if (chars === 0) return NOTHING;
  const enough = deliberate || chars >= COPY_CHARS_MIN || (of !== undefined && chars * COPY_PART_OF >= of);
  return enough ? accepts(chars, of) : NOTHING;
}

/** An acceptance that does not say how much was taken took all. */
function accepts(chars: number | undefined, of: number | undefined): Meaning {
  const share = chars === undefined || of === undefined || of === 0 ? 1 : chars / of;
  return { shows: false, decides: 'accept', value: share };
}
