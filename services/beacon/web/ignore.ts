// Hints that a generation was ignored: replaced, left behind, or nothing done with it for a while. Hints only: what
// counts as ignored is decided where all events are known, and an action may still follow.
import type { Generation } from './generation.js';

/** Nothing done for this long after it was shown, ms. */
export const IGNORED_AFTER_MS = 600_000;

/** Whether to say now that it was ignored: it was shown, nothing was done with it, and it was not said before. */
export function isIgnored(generation: Generation): boolean {
  if (!generation.shown || generation.acted || generation.ignored) return false;
  return (generation.ignored = true);
}
