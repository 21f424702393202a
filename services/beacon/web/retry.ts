// When to try again. Pure: time and chance come in.

const SHORTEST_MS = 500;
const LONGEST_MS = 60_000;

/** A key that is wrong or an address that is not there will not mend within seconds. */
export const REFUSED_RETRY_MS = 600_000;

/** A server may not silence a page for longer than this. */
export const RETRY_AFTER_MAX_MS = 3_600_000;

/**
 * Pause after a failure, ms: U(0.5, 1) x a quarter of how long the outage has lasted, within 0.5 and 60 s. So a short
 * outage is noticed within a second of its end, and a long one costs one request a minute.
 */
export function pauseMs(outageMs: number, random: number): number {
  return (0.5 + random / 2) * Math.min(Math.max(outageMs / 4, SHORTEST_MS), LONGEST_MS);
}

/**
 * `Retry-After` as ms from now: seconds or an HTTP date; up to an eighth is added, so that pages do not come as one.
 * Undefined when it names no time to come.
 */
export function retryAfterMs(header: string | null, now: number, random: number): number | undefined {
  const ms = Number(header) * 1000 || Date.parse(header ?? '') - now;
  return ms > 0 ? Math.min(ms * (1 + random / 8), RETRY_AFTER_MAX_MS) : undefined;
}
