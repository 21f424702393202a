// Mends two things in kafkajs. In: the client's version and its classes. Out: whether they were mended.
// Each connection looks for requests that throttling held back about once a millisecond, also when there are none and no
// throttling: it costs CPU in every idle process, and newer Nodes warn of its negative time.
// A connection that breaks in the middle of an answer keeps the half of it, and when it is made anew takes what comes for the rest:
// no later answer is understood, and what the broker leads is not read until all retries are over, minutes later.
// Must never touch another version than the one whose source was read.
import { createRequire } from 'node:module';

export const PATCHED_VERSION = '2.2.4';

/** As much of kafkajs's request queue as is needed here. */
export interface RequestQueue {
  readonly pending: readonly unknown[];
  /** ms since the epoch; -1 before any throttling. */
  readonly throttledUntil: number;
  scheduleCheckPendingRequests(): void;
}

/** As much of kafkajs's connection as is needed here. */
export interface Connection {
  isConnected(): boolean;
  connect(): Promise<unknown>;
  socket?: { removeAllListeners(event: 'data'): unknown } | null;
  /** What came and is no whole answer yet. */
  chunks: readonly Buffer[];
  bytesBuffered: number;
  /** How much must have come before the next look: first the length of an answer, then the whole of it. */
  bytesNeeded: number;
}
const LENGTH_BYTES = 4;

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

/** Lets a connection that is made anew begin without what came on the one before. As above. */
export function patchConnection(version: string, connection: Partial<Connection>): boolean {
  const { connect } = connection;
  if (version !== PATCHED_VERSION || typeof connect !== 'function') return false;
  if (patched.has(connection)) return true;
  connection.connect = function (this: Connection): Promise<unknown> {
    if (!this.isConnected()) {
      // Nor may anything come from the old one later. It is left alone else: it may be one that is being made just now.
      this.socket?.removeAllListeners('data');
      this.chunks = [];
      this.bytesBuffered = 0;
      this.bytesNeeded = LENGTH_BYTES;
    }
    return connect.call(this);
  };
  patched.add(connection);
  return true;
}

/** Mends the kafkajs that this process uses. Never throws. */
export function patchKafkajs(): boolean {
  const load = createRequire(import.meta.url);
  try {
    const { version } = load('kafkajs/package.json') as { version: string };
    if (version !== PATCHED_VERSION) return false;
    const queue = load('kafkajs/src/network/requestQueue') as { prototype: Partial<RequestQueue> };
    const connection = load('kafkajs/src/network/connection') as { prototype: Partial<Connection> };
    return patchRequestQueue(version, queue.prototype) && patchConnection(version, connection.prototype);
  } catch {
    return false;
  }
}
