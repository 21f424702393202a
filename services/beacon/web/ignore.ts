// Hints that a generation was ignored: replaced, left behind, or nothing done with it for a while. Hints only: what
// counts as ignored is decided where all events are known, and an action may still follow.
import type { Generation } from './generation.js';

/** Nothing done for this long after it was shown and its text had ended, ms. */
export const IGNORED_AFTER_MS = 600_000;

/** Whether it was shown, and nothing has become of it yet. */
export function isOpen({ shown, acted, ignored }: Generation): boolean {
  return !!shown && !acted && !ignored;
}

/** Whether to say now that it was ignored; it is said once. */
export function isIgnored(generation: Generation): boolean {
  return isOpen(generation) && (generation.ignored = true);
}
