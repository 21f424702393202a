// The patience with each address (endpoint and key): whether it may be tried now, and what its answers mean. In: answers.
// Out: times and counts. An event is done with when it was acknowledged, dropped with a reason, or can never be taken.
import { urlOf } from './batches.js';
import { count, counts } from './guard.js';
import { REFUSED_RETRY_MS, pauseMs } from './retry.js';
import type { Answer } from './transport.js';
import type { QueuedEvent } from './wire.js';

/** How one address has answered lately. Times in ms since the epoch. */
export interface Gate {
  closedUntil: number;
  /** Start of an outage; 0 when there is none, or when the collector itself said when to come again, or refused. */
  failingSince: number;
  countMax: number;
}

const gates = new Map<string, Gate>();

export function gateOf(row: QueuedEvent): Gate {
  const url = urlOf([row]);
  const gate = gates.get(url) ?? { closedUntil: 0, failingSince: 0, countMax: Infinity };
  gates.set(url, gate);
  return gate;
}

export function isOpen(row: QueuedEvent): boolean {
  return gateOf(row).closedUntil <= Date.now();
}

/** Opens those that are closed for lack of a network or a server. */
export function reopen(): void {
  gates.forEach((gate) => {
    if (gate.failingSince) gate.closedUntil = 0;
  });
}

/** What an answer about `n` events means for the address. Answers whether these events are done with. */
export function learn(gate: Gate, n: number, { status, dropped, retryAfterMs }: Answer): boolean {
  if (dropped) {
    gate.failingSince = 0;
    gate.countMax *= 2;
    count('sent', n - dropped.length);
    dropped.forEach(({ reason }) => count(`dropped.${reason}`));
    return true;
  }
  if (status === 413 && n > 1) {
    gate.countMax = n >> 1;
    return false;
  }
  if (/400|413|415/.test(`${status}`)) {
    count(`dropped.${status}`, n);
    return true;
  }
  const refused = /^4(?!08|29)/.test(`${status}`);
  const now = Date.now();
  const toldMs = refused ? REFUSED_RETRY_MS : retryAfterMs;
  // Blocked by the page's policy while the request failed for the same reason.
  if (!toldMs && gate.closedUntil > now) return false;
  gate.failingSince = toldMs ? 0 : gate.failingSince || now;
  gate.closedUntil = now + (toldMs ?? pauseMs(now - gate.failingSince, Math.random()));
  if (refused) {
    // The one thing the beacon says in the host's console, once: that it is set up wrongly.
    // eslint-disable-next-line no-console -- there is no other place where a page's developer would look
    if (!counts['refused']) console.warn(`tacit: ${status}: check key, origin, endpoint, CSP`);
    count('refused');
  }
  return false;
}

/** The page's own policy has blocked a request to this address, as far as it is one of the beacon's. */
export function blocked(url: string): void {
  const gate = gates.get(url);
  if (gate) learn(gate, 0, { status: 403 });
}
