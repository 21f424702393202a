// What the page knows of one generation while it lives: its description, and how far it has come. By id, never by
// element: frameworks put the next answer into the same node.
import { uuid7 } from './ids.js';
import type { GenerationEntry } from './wire.js';

export interface Generation {
  readonly id: string;
  /** Replaced, never changed: queued events hold on to it. */
  entry: GenerationEntry;
  /** What the product says its text is (often Markdown), to recognise what a copy button writes. Stays in memory. */
  text?: string;
  /** The element it was last seen in. Frameworks throw elements away: this must not keep them. */
  place?: WeakRef<Element>;
  /** Id of its hint, whoever says it: after a crash another page does. */
  readonly hintId: string;
  /** Its text has ended: the host said so, or it has stopped growing. */
  settled?: boolean;
  /** When it first came into sight, ms since the epoch; unset before. */
  firstVisible?: number;
  /** Start of the stretch of sight that is not yet in `visibleMs`; 0 while out of sight. */
  visibleSince?: number;
  visibleMs: number;
  shown?: boolean;
  /** When it began to count as shown, ms since the epoch. */
  shownAt?: number;
  /** Somebody did something with it. */
  acted?: boolean;
  /** A hint that it was ignored has been recorded. */
  ignored?: boolean;
}

export function createGeneration(id: string): Generation {
  return { id, hintId: uuid7(), entry: {}, visibleMs: 0 };
}

/** A longer gap between two measurements (a sleeping tab) counts only for this, ms. */
const GAP_MAX_MS = 5000;

/** Moves a generation's clock to `now` (ms); `visible` says how it goes on from here. */
export function tick(generation: Generation, visible: boolean, now: number): void {
  if (generation.visibleSince) generation.visibleMs += Math.min(Math.max(now - generation.visibleSince, 0), GAP_MAX_MS);
  generation.visibleSince = visible ? now : 0;
  if (visible) generation.firstVisible ||= now;
}

/** The element it stands in, while that is part of a page. */
export function placeOf({ place }: Generation): Element | undefined {
  const element = place?.deref();
  return element?.isConnected ? element : undefined;
}
