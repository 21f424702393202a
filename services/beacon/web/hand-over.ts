// As the page is hidden or goes away: gives what waits to the browser, each event once. It stays in the queue, because
// the browser's word is no acknowledgement. In: events. Out: beacon requests.
import { nextBatch } from './batches.js';
import { offer, post } from './transport.js';
import type { QueuedEvent } from './wire.js';

/** Answers a function that hands over those of `rows` that it has not handed over before. */
export function createHandOver(): (rows: QueuedEvent[]) => void {
  const done = new WeakSet<QueuedEvent>();

  /** The browser's quota may be taken by the host: smaller pieces may still fit. */
  function inPieces(batch: QueuedEvent[]): void {
    const half = batch.length >> 1;
    if (offer(batch)) batch.forEach((row) => done.add(row));
    else if (half) [batch.slice(0, half), batch.slice(half)].forEach(inPieces);
    else void post(batch, true);
  }

  return (rows) => {
    for (let batch: QueuedEvent[] = []; ; inPieces(batch)) {
      rows = rows.filter((row) => !done.has(row) && !batch.includes(row));
      batch = nextBatch(rows);
      if (!batch.length) return;
    }
  };
}
