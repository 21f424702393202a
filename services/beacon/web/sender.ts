// Empties the queue: one body at a time, one tab at a time, each address (endpoint and key) with its own patience.
// An event leaves the queue only when it is done with.
import { nextBatch } from './batches.js';
import { gateOf, isOpen, learn, reopen } from './gates.js';
import { fault, guard } from './guard.js';
import { createHandOver } from './hand-over.js';
import { uuid7 } from './ids.js';
import { asLeader } from './leader.js';
import { keepLeft } from './left.js';
import type { Queue } from './queue.js';
import { post } from './transport.js';

/** Events wait this long for company. */
export const FLUSH_DELAY_MS = 1000;

/** How long a tab waits before it looks whether the posting tab has taken its events: that may just be going away. */
const OTHER_TAB_MS = 2000;

export interface Sender {
  /** Posts within `delayMs`. */
  wake(delayMs?: number): void;
  /** Tries at once what failed for lack of a network or a server. */
  retryNow(): void;
  /** Posts everything now; resolves when nothing more can be done now. */
  flush: () => Promise<void>;
  /**
   * The page is hidden, or (`forGood`) goes away: hands over what waits, once, and keeps it until it is acknowledged,
   * by this page or on the next visit. What a closed address cannot take may wait in the database; without one this is
   * its last chance.
   */
  leave(forGood: boolean): void;
  stop(): void;
}

/** The database may not get as far as the page lives. First of all: a browser gives a closing page half a second. */
const keepUnsaved = guard((queue: Queue) => {
  if (queue.isKept()) keepLeft(queue.own().filter((row) => !queue.isSaved(row)));
});

export function createSender(queue: Queue): Sender {
  const owner = uuid7();
  const handOver = createHandOver();
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
      const open = rows.filter(isOpen);
      const [first] = open;
      if (!first) return rows.forEach((row) => wake(gateOf(row).closedUntil - Date.now()));
      const gate = gateOf(first);
      const batch = nextBatch(open, gate.countMax);
      // After a failure without: the page's quota may be what was missing.
      const answer = await post(batch, !gate.failingSince);
      if (!learn(gate, batch.length, answer)) continue;
      await queue.remove(batch);
      // What was added meanwhile waits for company too.
      if (batch.length === open.length) return wake();
    }
  }

  async function run(): Promise<void> {
    // Nobody else knows of events that are in memory only.
    if (!queue.isKept()) return await drain();
    const leaving = new Promise<void>((resolve) => (left = resolve));
    if (!(await asLeader(owner, leaving, drain))) wake(OTHER_TAB_MS);
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
      reopen();
      wake(0);
    },
    flush,
    leave(forGood) {
      keepUnsaved(queue);
      handOver(queue.own().filter((row) => !queue.isSaved(row) || isOpen(row)));
      if (forGood) left();
    },
    stop() {
      clearTimeout(timer);
      wakeAt = -Infinity;
    },
  };
}
