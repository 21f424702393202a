// What a page that goes away could not get into the database any more, kept where it can be written at once. The next
// visit takes it from there. In and out: queued events. Throws where the browser refuses storage. Never without consent.
import type { QueuedEvent } from './wire.js';

const NAME = 'tacit.left';

/** Answers what an earlier page has left, and forgets it. */
export function takeLeft(): QueuedEvent[] {
  const rows = JSON.parse(localStorage.getItem(NAME) ?? '[]') as QueuedEvent[];
  localStorage.removeItem(NAME);
  return rows;
}

/** Adds to what is left. */
export function keepLeft(rows: QueuedEvent[]): void {
  if (rows.length) localStorage.setItem(NAME, JSON.stringify([...takeLeft(), ...rows]));
}
