// Stops a timer of kafkajs that runs for ever. In: the client's version and its request queue. Out: whether it was mended.
// Each connection looks for requests that throttling held back about once a millisecond, also when there are none and no
// throttling: it costs CPU in every idle process, and newer Nodes warn of its negative time. Must never touch another version
// than the one whose source was read.
import { createRequire } from 'node:module';

export const PATCHED_VERSION = '2.2.4';

/** As much of kafkajs's request queue as is needed here. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  /** ms since the epoch; -1 before any throttling. */
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

const patched = new WeakSet<object>();

/** Mends the queue's prototype, once. False, and nothing is changed, when this is another version or another shape. */
export function patchRequestQueue(version: string, queue: Partial<RequestQueue>): boolean {
  const schedule = queue.scheduleCheckPendingRequests;
  if (version !== PATCHED_VERSION || typeof schedule !== 'function') return false;
  if (patched.has(queue)) return true;
  queue.scheduleCheckPendingRequests = function (this: RequestQueue): void {
    // With requests that wait, the client chooses a time above zero itself; without any there is nothing to look for: one that
    // is held back later schedules its own look.
    if (this.pending.length > 0) schedule.call(this);
  };
  patched.add(queue);
  return true;
}

/** Mends the kafkajs that this process uses. Never throws. */
export function patchKafkajs(): boolean {
  const load = createRequire(import.meta.url);
  try {
    const { version } = load('kafkajs/package.json') as { version: string };
    if (version !== PATCHED_VERSION) return false;
    const { prototype } = load('kafkajs/src/network/requestQueue') as { prototype: Partial<RequestQueue> };
    return patchRequestQueue(version, prototype);
  } catch {
    return false;
  }
}
