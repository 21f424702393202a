// Cuts the queue into bodies that can be posted. Pure. Never mixes envelopes, nor two descriptions of one generation:
// what somebody did before a login must not be posted as somebody else.
import type { Envelope, GenerationEntry, QueuedEvent } from './wire.js';

/** Largest body: the browser lends 64 KiB to all keepalive requests of a page, the host's own included. */
export const BODY_BYTES_MAX = 48 * 1024;

export const SDK = 'tacit-web/0.1.0';

const json = JSON.stringify;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Room for `sentAt`, `sdk` and the punctuation of a body. */
const FRAME_BYTES = 160;

/**
 * The longest run that can share one body with the first event: same envelope, no generation described twice, at most
 * `countMax` events and `BODY_BYTES_MAX` bytes. At least one event, however large; none for an empty queue.
 */
export function nextBatch(rows: readonly QueuedEvent[], countMax = Infinity): QueuedEvent[] {
  const batch: QueuedEvent[] = [];
  const entries = new Map<string, string>();
  let size = FRAME_BYTES;
  for (const row of rows) {
    const { envelope, entry, event } = row;
    const known = entries.get(event.g);
    if (batch[0] && json(batch[0].envelope) !== json(envelope)) continue;
    if (known && known !== json(entry)) continue;
    size += bytes(json(known ? event : batch[0] ? [event, event.g, entry] : row));
    if (batch.length && (size > BODY_BYTES_MAX || batch.length >= countMax)) break;
    entries.set(event.g, json(entry));
    batch.push(row);
  }
  return batch;
}

const envelopeOf = (batch: readonly QueuedEvent[]): Envelope => (batch[0] as QueuedEvent).envelope;

/** Address of a batch. The key stands in the query, because a beacon request cannot carry a header. */
export function urlOf(batch: readonly QueuedEvent[]): string {
  const { endpoint, key } = envelopeOf(batch);
  return `${endpoint}/v1/events?key=${encodeURIComponent(key)}`;
}

/** JSON of one batch. `sentAt` (ms) is stamped at each attempt and never kept. */
export function bodyOf(batch: readonly QueuedEvent[], sentAt: number): string {
  const generations: Record<string, GenerationEntry> = {};
  const events = batch.map(({ event, entry }) => {
    generations[event.g] = entry;
    return event;
  });
  const { endpoint: _endpoint, key: _key, consent: _consent, ...person } = envelopeOf(batch);
  return json({ sentAt, sdk: SDK, ...person, generations, events });
}
