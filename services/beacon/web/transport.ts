// One attempt to post a body, by fetch or by sendBeacon. In: address and body. Out: what the collector answered.
// A text/plain body and no credentials, so that no preflight is needed and no cookie leaves.
import { BODY_BYTES_MAX } from './batches.js';
import { retryAfterMs } from './retry.js';

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

/** Never rejects. The body of the answer is always read: unread, it keeps holding the browser's keepalive quota. */
export async function post(url: string, body: string): Promise<Answer> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), ATTEMPT_MS);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      keepalive: body.length <= BODY_BYTES_MAX,
      credentials: 'omit',
      headers: { 'content-type': 'text/plain' },
      signal: abort.signal,
    });
    const text = await response.text();
    if (!response.ok)
      return {
        status: response.status,
        retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now(), Math.random()),
      };
    const { accepted, dropped = [] } = JSON.parse(text) as Acknowledgement;
    // A captive portal answers 200 as well: only the collector counts.
    return accepted === undefined ? { status: 0 } : { status: response.status, dropped };
  } catch {
    return { status: 0 };
  } finally {
    clearTimeout(timer);
  }
}

/** Hands a body over while the page goes away. True means taken by the browser, never delivered. */
export function offer(url: string, body: string): boolean {
  return !!(navigator as Partial<Navigator>).sendBeacon?.(url, body);
}
