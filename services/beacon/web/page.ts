// What the core lends to the part that is loaded later. Types only.
import type { Identity } from './consent.js';
import type { Generation } from './generation.js';
import type { Counts } from './guard.js';
import type { Listen } from './listen.js';
import type { Queue } from './queue.js';
import type { Registry } from './registry.js';
import type { Sender } from './sender.js';
import type { Tracker } from './tracker.js';
import type { IgnoreReason } from './wire.js';

export interface Page {
  identity: Identity;
  tracker: Tracker;
  queue: Queue;
  sender: Sender;
  registry: Registry;
  listen: Listen;
  /** The counters that the page's `stats()` shows. */
  counts: Counts;
  /** V in ms. */
  visibleMs?: number | undefined;
  /** Says that it was ignored, if it was and it has not been said. `goesOn`: it may still be in sight. */
  ignored: (generation: Generation, reason: IgnoreReason, goesOn?: boolean) => void;
}
