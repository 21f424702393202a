// What becomes of open generations when a page crashes: their hint is parked in the database, with the id it will have,
// and the next page that looks posts it as `lost`. Only with consent, and only where there are Web Locks: a page holds
// one for its life, named after its session, by which others see that it lives. In: open generations. Out: orphaned hints.
import type { Identity } from './consent.js';
import type { Generation } from './generation.js';
import { fault } from './guard.js';
import type { Store } from './store.js';
import { PARKED, openStore } from './store.js';
import type { IgnoreReason, QueuedEvent } from './wire.js';

/** Most parked hints that are looked at. */
export const PARKED_MAX = 2000;

const PAGE = 'tacit.page.';

const parkedRows = (events: IDBObjectStore): IDBRequest<QueuedEvent[]> =>
  events.getAll(null, PARKED_MAX) as IDBRequest<QueuedEvent[]>;

export interface Parking {
  /** Makes what is parked agree with what is open now. */
  sync(open: ReadonlySet<Generation>): void;
  /** The page is hidden or goes away: says what it knows so far. */
  update(reason: IgnoreReason): void;
  /** The page may be gone for good: others may take what is parked. */
  release(): void;
  /** The page is back: what others have posted meanwhile is answered. */
  reclaim(): Promise<Generation[]>;
}

/** Hints whose page lives no more. */
export function orphans(rows: readonly QueuedEvent[], held: readonly (string | undefined)[]): QueuedEvent[] {
  return rows.filter(({ envelope }) => !held.includes(PAGE + envelope.sessionId));
}

/** Takes over what a page left that is no more. One page at a time does; ids make a repeated event one. */
async function adopt(locks: LockManager, store: Store, add: (row: QueuedEvent) => void): Promise<void> {
  const all = (await store(parkedRows)) ?? [];
  const { held = [] } = await locks.query();
  const rows = orphans(
    all,
    held.map(({ name }) => name),
  );
  rows.forEach(add);
  if (rows.length) await store((events) => rows.forEach(({ id }) => events.delete(id)));
}

/** Holds a lock named after the session until it is released; `seen` is called once others can see it. */
function showLife(locks: LockManager, session: string, seen: () => void): () => void {
  let release = (): void => undefined;
  const life = new Promise<void>((resolve) => (release = resolve));
  const hold = async (): Promise<void> => {
    seen();
    await life;
  };
  locks.request(PAGE + session, hold).catch(fault);
  return release;
}

export function createParking(identity: Identity, add: (row: QueuedEvent) => void): Parking {
  const { locks } = navigator as { locks?: LockManager };
  const parked = new Map<Generation, QueuedEvent>();
  let store: Store | undefined;
  let session = '';
  let held = false;
  let release = (): void => undefined;

  function rowOf(generation: Generation, reason: IgnoreReason): QueuedEvent {
    const { hintId: id, visibleMs, entry } = generation;
    const event = { id, t: Date.now(), g: generation.id, type: 'ignore' as const, reason, visibleMs };
    return { id, envelope: identity.envelope(), entry, event };
  }

  function park(generations: Iterable<Generation>, reason: IgnoreReason): void {
    const rows: QueuedEvent[] = [];
    for (const generation of generations) {
      const row = rowOf(generation, reason);
      rows.push(row);
      parked.set(generation, row);
    }
    if (rows.length) store?.((events) => rows.forEach((row) => events.put(row))).catch(fault);
  }

  function live(manager: LockManager): void {
    release();
    held = false;
    session = identity.envelope().sessionId;
    release = showLife(manager, session, () => (held = true));
    const opened = (store ??= openStore(PARKED));
    manager.request(PARKED, { ifAvailable: true }, (lock) => lock && adopt(manager, opened, add)).catch(fault);
  }

  function forget(): void {
    store?.((events) => events.clear()).catch(fault);
    parked.clear();
    store = undefined;
    session = '';
    release();
  }

  return {
    sync(open) {
      if (!locks) return;
      // Refused: nothing of this stays on the device.
      if (!identity.keeps()) return forget();
      if (session !== identity.envelope().sessionId) live(locks);
      if (!held) return;
      const over = [...parked.keys()].filter((generation) => !open.has(generation));
      if (over.length) store?.((events) => over.forEach(({ hintId }) => events.delete(hintId))).catch(fault);
      over.forEach((generation) => parked.delete(generation));
      park(
        [...open].filter((generation) => !parked.has(generation)),
        'lost',
      );
    },
    update: (reason) => park([...parked.keys()], reason),
    release() {
      session = '';
      release();
    },
    async reclaim() {
      const mine = [...parked.keys()];
      if (!store || !mine.length) return [];
      const there = new Set((await store(parkedRows))?.map(({ id }) => id));
      parked.clear();
      return mine.filter(({ hintId }) => !there.has(hintId));
    },
  };
}
