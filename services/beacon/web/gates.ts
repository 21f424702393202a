// The patience with each address (endpoint and key): whether it may be tried now, and what its answers mean. In: answers.
// Out: times and counts. An event is done with when it was acknowledged, dropped with a reason, or can never be taken.
import { urlOf } from './batches.js';
import { count, counts } from './guard.js';
import { REFUSED_RETRY_MS, pauseMs, verdictOf } from './retry.js';
import type { Answer } from './transport.js';
import type { QueuedEvent } from './wire.js';

/** How one address has answered lately. Times in ms since the epoch. */
export interface Gate {
  closedUntil: number;
  /** Start of an outage; 0 when there is none, or when the collector itself said when to come again, or refused. */
  failingSince: number;
  countMax: number;
}

export interface Gates {
  of: (row: QueuedEvent) => Gate;
  isOpen: (row: QueuedEvent) => boolean;
  /** Opens those that are closed for lack of a network or a server. */
  reopen(): void;
}

/** The one thing the beacon says in the host's console, once: that it is set up wrongly. */
function complain(status: number): void {
  // eslint-disable-next-line no-console -- there is no other place where a page's developer would look
  if (!counts['refused']) console.warn(`tacit: ${status}: check key, origin and endpoint`);
  count('refused');
}

/** What an answer about `n` events means for the address. Answers whether these events are done with. */
export function learn(gate: Gate, n: number, { status, dropped, retryAfterMs }: Answer): boolean {
  if (dropped) {
    gate.failingSince = 0;
    gate.countMax *= 2;
    count('sent', n - dropped.length);
    for (const { reason } of dropped) count(`dropped.${reason}`);
    return true;
  }
  const verdict = verdictOf(status);
  if (verdict === 'halve' && n > 1) {
    gate.countMax = n >> 1;
    return false;
  }
  if (verdict === 'halve' || verdict === 'drop') {
    count(`dropped.${status}`, n);
    return true;
  }
  const now = Date.now();
  const refused = verdict === 'refused';
  const toldMs = refused ? REFUSED_RETRY_MS : retryAfterMs;
  gate.failingSince = toldMs ? 0 : gate.failingSince || now;
  gate.closedUntil = now + (toldMs ?? pauseMs(now - gate.failingSince, Math.random()));
  if (refused) complain(status);
  return false;
}

export function createGates(): Gates {
  const gates = new Map<string, Gate>();

  function of(row: QueuedEvent): Gate {
    const url = urlOf(row);
    const gate = gates.get(url) ?? { closedUntil: 0, failingSince: 0, countMax: Infinity };
    gates.set(url, gate);
    return gate;
  }

  return {
    of,
    isOpen: (row) => of(row).closedUntil <= Date.now(),
    reopen() {
      for (const gate of gates.values()) if (gate.failingSince) gate.closedUntil = 0;
    },
  };
}
