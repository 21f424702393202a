// How one attempt to deliver ended, in words for the ledger. In: a status or an error. Out: an ending.
// Must never repeat an address, a header, or the words of a server: they may hold a token.
import { errorCode } from '../../../shared/runtime/errors.js';

/** `retry`: waiting can help. `failed`: it cannot. `afterMs`: the other side asked for at least this pause. */
export type Ending =
  | { readonly result: 'sent'; readonly detail: string }
  | { readonly result: 'retry'; readonly detail: string; readonly afterMs?: number }
  | { readonly result: 'failed'; readonly detail: string };

/** One attempt may take so long from connecting to the end of the answer, ms. */
export const ATTEMPT_MS_MAX = 10_000;
/** A longer pause is not granted, ms. */
export const RETRY_AFTER_MS_MAX = 6 * 3_600_000;

/** Statuses below 500 behind which the same request can succeed later: timeout, too early, too many. */
const PASSING: readonly number[] = [408, 425, 429];

/** How an answer of an HTTP server is taken. `retryAfter`: its header of that name. */
export function endingOfStatus(status: number, retryAfter: string | undefined, now: number): Ending {
  if (status >= 200 && status < 300) return { result: 'sent', detail: `answered ${status}` };
  if (status >= 300 && status < 400)
    return { result: 'failed', detail: `answered with a redirect (${status}), and redirects are not followed` };
  if (status >= 500 || PASSING.includes(status)) {
    const afterMs = pauseOf(retryAfter, now);
    return { result: 'retry', detail: `answered ${status}`, ...(afterMs === undefined ? {} : { afterMs }) };
  }
  if (status === 404 || status === 410)
    return { result: 'failed', detail: `answered ${status}: the address is not there any more` };
  if (status === 401 || status === 403)
    return { result: 'failed', detail: `answered ${status}: the address or its token is not accepted` };
  return { result: 'failed', detail: `answered ${status}` };
}

/** `Retry-After` in seconds or as a date, ms from now; undefined when it says nothing. */
function pauseOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), RETRY_AFTER_MS_MAX) : undefined;
}

const NETWORK: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'the host name is not known',
  EAI_AGAIN: 'the host name could not be looked up',
  EDNS: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNECTION: 'the connection failed',
  ESOCKET: 'the connection failed',
  ETLS: 'the connection could not be encrypted',
};

/** How an error on the way is taken: as weather. Only codes of the closed list are put into words. */
export function endingOfError(error: unknown): Ending {
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return { result: 'retry', detail: `no complete answer within ${ATTEMPT_MS_MAX / 1000} s` };
  const code = errorCode(error) ?? '';
  if (/CERT|SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL/.test(code))
    return { result: 'retry', detail: 'the certificate of the other side is not trusted' };
  return { result: 'retry', detail: NETWORK[code] ?? 'the connection failed' };
}
