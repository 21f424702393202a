// Turns what was observed into events. In: a generation and an action. Out: an event for the queue, at once and
// synchronously. An action on a generation that does not count as shown yet sends `shown` first, marked as forced.
import type { Identity } from './consent.js';
import type { Generation } from './generation.js';
import { tick } from './generation.js';
import { uuid7 } from './ids.js';
import type { Action, QueuedEvent } from './wire.js';

export interface Tracker {
  /** Records something that happened to a generation. `t` is ms since the epoch. */
  record(generation: Generation, action: Action, t?: number): void;
  /** Records, once, that it was shown. */
  show: (generation: Generation, forced?: true) => void;
  /** Records something a person did with it. */
  act(generation: Generation, action: Action, t?: number): void;
}

export function createTracker(identity: Identity, add: (row: QueuedEvent) => void): Tracker {
  function record(generation: Generation, action: Action, t = Date.now()): void {
    if (!identity.active()) return;
    const id = uuid7();
    add({ id, envelope: identity.envelope(), entry: generation.entry, event: { id, t, g: generation.id, ...action } });
  }

  function show(generation: Generation, forced?: true): void {
    if (generation.shown) return;
    generation.shown = true;
    generation.shownAt = Date.now();
    tick(generation, !!generation.visibleSince, Date.now());
    record(
      generation,
      { type: 'shown', visibleMs: generation.visibleMs, forced },
      generation.firstVisible || undefined,
    );
  }

  return {
    record,
    show,
    act(generation, action, t) {
      show(generation, true);
      generation.acted = true;
      record(generation, action, t);
    },
  };
}
