// Empties the queue: one body at a time, one tab at a time, each address (endpoint and key) with its own patience.
// An event leaves the queue only when it is done with.
import { bodyOf, nextBatch, urlOf } from './batches.js';
import { createGates, learn } from './gates.js';
import { fault } from './guard.js';
import { createHandOver } from './hand-over.js';
import { asLeader } from './leader.js';
import type { Queue } from './queue.js';
import { post } from './transport.js';

/** Events wait this long for company. */
export const FLUSH_DELAY_MS = 1000;

/** How long a tab waits before it looks whether the posting tab has taken its events. */
const OTHER_TAB_MS = 2000;

export interface Sender {
  /** Posts within `delayMs`. */
  wake(delayMs?: number): void;
  /** Tries at once what failed for lack of a network or a server. */
  retryNow(): void;
  /** Posts everything now; resolves when nothing more can be done now. */
  flush(): Promise<void>;
  /**
   * The page is hidden, or (`forGood`) goes away: hands over what waits, once, and keeps it until it is acknowledged,
   * by this page or on the next visit.
   */
  leave(forGood: boolean): void;
  /** Whether other tabs share the queue, so that only one may post. */
  share(shared: boolean): void;
  stop(): void;
}

export function createSender(queue: Queue, owner: string): Sender {
  const gates = createGates();
  const handOver = createHandOver();
  let shared = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wakeAt = Infinity;
  let running: Promise<void> | undefined;
  let left = (): void => undefined;

  function wake(delayMs = FLUSH_DELAY_MS): void {
    const at = Date.now() + delayMs;
    if (at >= wakeAt) return;
    clearTimeout(timer);
    wakeAt = at;
    timer = setTimeout(() => {
      wakeAt = Infinity;
      void flush();
    }, delayMs);
  }

  async function drain(): Promise<void> {
    for (;;) {
      const rows = await queue.next();
      const open = rows.filter(gates.isOpen);
      const [first] = open;
      if (!first) return rows.forEach((row) => wake(gates.of(row).closedUntil - Date.now()));
      const gate = gates.of(first);
      const batch = nextBatch(open, gate.countMax);
      const answer = await post(urlOf(first), bodyOf(batch, Date.now()));
      if (learn(gate, batch.length, answer)) await queue.remove(batch);
    }
  }

  async function run(): Promise<void> {
    if (!shared) return await drain();
    const leaving = new Promise<void>((resolve) => (left = resolve));
    if (!(await asLeader(owner, leaving, drain)) && queue.own().length) wake(OTHER_TAB_MS);
  }

  function flush(): Promise<void> {
    running ??= run()
      .catch(() => {
        fault();
        wake(OTHER_TAB_MS);
      })
      .finally(() => (running = undefined));
    return running;
  }

  return {
    wake,
    retryNow() {
      gates.reopen();
      wake(0);
    },
    flush,
    leave(forGood) {
      // What a closed address cannot take may wait in the database; without one this is its last chance.
      handOver(queue.own().filter((row) => !queue.isSaved(row) || gates.isOpen(row)));
      if (forGood) left();
    },
    share(next) {
      shared = next;
    },
    stop() {
      clearTimeout(timer);
      wakeAt = -Infinity;
    },
  };
}
