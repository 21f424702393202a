// Where the texts of a page end, and which answers the next one in the same conversation has passed over. In: the
// generations, a slice of them at a time. Out: lengths, times, and those passed over.
import { isField, isPrivate } from './dom.js';
import type { Generation } from './generation.js';
import { placeOf } from './generation.js';
import { isOpen } from './ignore.js';
import type { Registry } from './registry.js';
import { textsOf } from './selection.js';
import type { Growth } from './settle.js';
import { createGrowth, grow, mayGrow, settleNow } from './settle.js';
import type { Followers } from './thread.js';
import { followersOf, isNextInThread } from './thread.js';

/** Reading lengths takes about this much of a look at most, ms; the others come first in the next. */
const READ_MS = 4;

interface Life extends Growth {
  knownAt: number;
  followers: Followers;
}

export interface Endings {
  /** Reads what may still grow. */
  look(now: number): void;
  /** The host says that this text has ended. */
  settle: (generation: Generation) => void;
  /** When this text grew last, or ended; ms since the epoch. */
  lastChange: (generation: Generation) => number;
}

const shownLength = (element: Element): number => textsOf(element).reduce((sum, { length }) => sum + length, 0);

/** Cheap, and good enough to see it grow. */
const roughLength = (element: Element): number =>
  (isField(element) ? element.value : element.textContent).length || shownLength(element);

/** Length of a text as copies of it are counted; 0 when it is not known. */
function exactLength({ text }: Generation, element: Element | undefined): number {
  if (text !== undefined) return text.length;
  if (!element || isPrivate(element)) return 0;
  return isField(element) ? element.value.length : shownLength(element);
}

export function createEndings(registry: Registry, passedOver: (generation: Generation) => void): Endings {
  const lives = new WeakMap<Generation, Life>();
  let start = 0;

  function lifeOf(generation: Generation): Life {
    const known = lives.get(generation);
    if (known) return known;
    const life = { ...createGrowth(), knownAt: Date.now(), followers: [] };
    lives.set(generation, life);
    return life;
  }

  /** The text has ended: its length is known, and what stood before it in its thread has been passed over. */
  function ended(generation: Generation, life: Life): void {
    generation.settled = true;
    const element = placeOf(generation);
    const length = exactLength(generation, element);
    // Events from now on say it; those before stand as they were.
    if (length && generation.text !== undefined) generation.entry = { ...generation.entry, length };
    else if (length) generation.entry = { length, ...generation.entry };
    if (!element) return;
    life.followers = followersOf(element);
    // What came complete may be a card or an old answer that was scrolled to.
    if (!life.streamed) return;
    for (const other of registry.all()) {
      if (!isOpen(other) || other === generation) continue;
      const { settledAt, followers } = lifeOf(other);
      const place = settledAt && settledAt <= life.knownAt && placeOf(other);
      if (place && isNextInThread(place, followers, element)) passedOver(other);
    }
  }

  return {
    look(now) {
      const until = performance.now() + READ_MS;
      const all = [...registry.all()];
      let i = 0;
      for (; i < all.length && performance.now() < until; i++) {
        const generation = all[(start + i) % all.length] as Generation;
        const life = lifeOf(generation);
        const element = mayGrow(life, now) ? placeOf(generation) : undefined;
        if (element && !isPrivate(element) && grow(life, roughLength(element), now)) ended(generation, life);
      }
      start = i < all.length ? start + i : 0;
    },
    settle(generation) {
      const life = lifeOf(generation);
      if (settleNow(life, Date.now())) ended(generation, life);
    },
    lastChange: (generation) => {
      const { grewAt, settledAt } = lifeOf(generation);
      return Math.max(grewAt, settledAt);
    },
  };
}
