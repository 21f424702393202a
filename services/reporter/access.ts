// Who may read what: a read token, as Bearer or in the cookie that the page's link sets, opens the projects that list its hash.
// In: a request. Out: projects. Must never compare secrets in a time that tells how much of them was right.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { ResolvedProject } from '../../shared/runtime/projects-file.js';

export const TOKEN_COOKIE = 'tacit_read';
/** A token that is longer is no token. */
export const TOKEN_CHARS_MAX = 200;
const COOKIE_MAX_AGE_S = 30 * 86_400;

/** What of a project the pages of its readers are drawn from; of its alerts they show the names of targets. */
export type VisibleProject = Pick<ResolvedProject, 'id' | 'name' | 'settings' | 'surfaces' | 'alerts'>;

/** The token of a request: the header before the cookie. */
export function tokenOf(request: Pick<IncomingMessage, 'headers'>): string | undefined {
  const bearer = /^Bearer +([^\s]+)\s*$/i.exec(request.headers.authorization ?? '')?.[1];
  if (request.headers.authorization !== undefined) return bearer;
  for (const pair of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = pair.split('=', 2).map((part) => part.trim());
    if (name === TOKEN_COOKIE && value !== undefined) return decode(value);
  }
  return undefined;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** Projects that list the token, in the order of the file. Looks at every hash, whatever it has found. */
export function visibleProjects<P extends Pick<ResolvedProject, 'readTokens'>>(
  projects: readonly P[],
  token: string | undefined,
): P[] {
  if (token === undefined || token === '' || token.length > TOKEN_CHARS_MAX) return [];
  const digest = createHash('sha256').update(token).digest();
  return projects.filter(({ readTokens }) => {
    let found = false;
    for (const { sha256, revoked } of readTokens)
      found = (timingSafeEqual(Buffer.from(sha256, 'hex'), digest) && !revoked) || found;
    return found;
  });
}

/** The cookie that keeps a token: for this site only, unseen by scripts. */
export function tokenCookie(token: string, secure: boolean): string {
  return [
    `${TOKEN_COOKIE}=${encodeURIComponent(token)}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Lax',
    `Max-Age=${COOKIE_MAX_AGE_S}`,
    ...(secure ? ['Secure'] : []),
  ].join('; ');
}

/** Whether an address or host name stands for this machine itself. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1') return true;
  const v4 = bare.startsWith('::ffff:') ? bare.slice('::ffff:'.length) : bare;
  return isIP(v4) === 4 && v4.startsWith('127.');
}

/** The name in a `Host` header, without its port; undefined when there is none. */
export function hostName(header: string | undefined): string | undefined {
  return /^(\[[0-9a-fA-F:.]+\]|[^:[\]]+)(:\d{1,5})?$/.exec(header ?? '')?.[1];
}

/**
 * A reporter that listens on the loopback answers only to the loopback's names: a foreign page whose name was made to point
 * here (DNS rebinding) gets nothing.
 */
export function answersTo(boundHost: string, hostHeader: string | undefined): boolean {
  if (!isLoopback(boundHost)) return true;
  const name = hostName(hostHeader);
  return name !== undefined && isLoopback(name);
}

/** Whether `/metrics` is open to a request: it comes from this machine, under a name of this machine. */
export function isLocalRequest(request: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const name = hostName(request.headers.host);
  return isLoopback(request.socket.remoteAddress ?? '') && name !== undefined && isLoopback(name);
}
