// The visitor of the demo: a random id in a cookie, which is the product's user id.
import { randomUUID } from 'node:crypto';

const COOKIE = 'tacit_demo_visitor';
const YEAR_S = 365 * 24 * 60 * 60;

/** The id in a `Cookie` header, or undefined when there is none of the right shape. */
export function visitorOf(cookieHeader: string | undefined): string | undefined {
  const match = /(?:^|;\s*)tacit_demo_visitor=([0-9a-f-]{36})(?:;|$)/.exec(cookieHeader ?? '');
  return match?.[1];
}

export function newVisitor(): string {
  return randomUUID();
}

/** Value of a `Set-Cookie` header. No `Secure`: the demo runs on plain http. */
export function visitorCookie(visitor: string): string {
  return `${COOKIE}=${visitor}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${YEAR_S}`;
}
