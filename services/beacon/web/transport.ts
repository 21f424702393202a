// One attempt to post a batch, by fetch or by sendBeacon. In: events of one batch. Out: what the collector answered.
// A string is posted as text/plain, so that no preflight is needed; no credentials, so that no cookie leaves.
import { bodyOf, urlOf } from './batches.js';
import { retryAfterMs } from './retry.js';
import type { QueuedEvent } from './wire.js';

/** Longer than a collector lets a request stand, shorter than a lease. */
export const ATTEMPT_MS = 30_000;

interface Acknowledgement {
  accepted?: number;
  dropped?: { reason: string }[];
}

export interface Answer {
  /** 0 when there was none. */
  status: number;
  /** Set when the whole acknowledgement was read. */
  dropped?: { reason: string }[];
  retryAfterMs?: number | undefined;
}

/**
 * Never rejects. `keepalive` lets the request outlive the page, within a quota that the browser shares out to all of the
 * page's. The body of the answer is always read: unread, it keeps holding that quota.
 */
export async function post(batch: readonly QueuedEvent[], keepalive: boolean): Promise<Answer> {
  try {
    const response = await fetch(urlOf(batch), {
      method: 'POST',
      body: bodyOf(batch, Date.now()),
      keepalive,
      credentials: 'omit',
      signal: (AbortSignal as Partial<typeof AbortSignal>).timeout?.(ATTEMPT_MS) as AbortSignal,
    });
    const { status } = response;
    const text = await response.text();
    if (!response.ok)
      return { status, retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now(), Math.random()) };
    const { accepted, dropped = [] } = JSON.parse(text) as Acknowledgement;
    // A captive portal answers 200 as well: only the collector counts.
    if (accepted !== undefined) return { status, dropped };
  } catch {
    // No network, no answer in time, or one that is not the collector's.
  }
  return { status: 0 };
}

/** Hands a batch over while the page goes away. True means taken by the browser, never delivered. */
export function offer(batch: readonly QueuedEvent[]): boolean {
  return !!(navigator as Partial<Navigator>).sendBeacon?.(urlOf(batch), bodyOf(batch, Date.now()));
}
