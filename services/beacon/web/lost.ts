// What becomes of open generations when a page crashes: their hint is parked in the database, with the id it will have,
// and the next page that looks posts it as `lost`. Only with consent, and only where there are Web Locks: a page holds
// one for its life, named after its session, by which others see that it lives. In: open generations. Out: orphaned hints.
import type { Identity } from './consent.js';
import type { Generation } from './generation.js';
import { fault } from './guard.js';
import { isOpen } from './ignore.js';
import type { Store } from './store.js';
import { PARKED, openStore } from './store.js';
import type { Envelope, IgnoreReason, QueuedEvent } from './wire.js';

/** Most parked hints that are looked at. */
export const PARKED_MAX = 2000;

const PAGE = 'tacit.page.';

const parkedRows = (events: IDBObjectStore): IDBRequest<QueuedEvent[]> =>
  events.getAll(null, PARKED_MAX) as IDBRequest<QueuedEvent[]>;

export interface Parking {
  /** Makes what is parked agree with what is open now. */
  sync(open: ReadonlySet<Generation>): void;
  /** The page is hidden and may be ended without a word: parks what is known so far. */
  hide(): void;
  /** The page goes away, perhaps for good: others may take what is parked, as left. */
  leave(): void;
  /** The page is back after all. Answers those whose hint others have posted meanwhile. */
  comeBack(): Promise<Generation[]>;
  stop(): void;
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

/** The hint of one generation, as of now. */
function rowOf(generation: Generation, reason: IgnoreReason, envelope: Envelope): QueuedEvent {
  const { hintId: id, visibleMs, entry } = generation;
  const event = { id, t: Date.now(), g: generation.id, type: 'ignore' as const, reason, visibleMs };
  return { id, envelope, entry, event };
}

function write(store: Store | undefined, over: Generation[], rows: QueuedEvent[]): void {
  if (!over.length && !rows.length) return;
  store?.((events) => {
    over.forEach(({ hintId }) => events.delete(hintId));
    rows.forEach((row) => events.put(row));
  }).catch(fault);
}

/** Takes these back at once, before this page looks for what others left; answers what was there. */
async function takeBack(store: Store | undefined, mine: Generation[]): Promise<QueuedEvent[] | undefined> {
  return await store?.((events) => {
    const rows = parkedRows(events);
    mine.forEach(({ hintId }) => events.delete(hintId));
    return rows;
  }).catch(() => void fault());
}

export function createParking(identity: Identity, add: (row: QueuedEvent) => void): Parking {
  const { locks } = navigator as { locks?: LockManager };
  const parked = new Set<Generation>();
  let store: Store | undefined;
  let session = '';
  let held = false;
  let away = false;
  let release = (): void => undefined;

  /** Parks these, and takes away what was parked of all others. */
  function park(open: Iterable<Generation>, reason: IgnoreReason, again: boolean): void {
    const now = new Set(open);
    const over = [...parked].filter((generation) => !now.has(generation));
    const rows = [...now]
      .filter((generation) => again || !parked.has(generation))
      .map((generation) => rowOf(generation, reason, identity.envelope()));
    over.forEach((generation) => parked.delete(generation));
    now.forEach((generation) => parked.add(generation));
    write(store, over, rows);
  }

  function end(): void {
    session = '';
    held = false;
    release();
  }

  function live(manager: LockManager): void {
    end();
    session = identity.envelope().sessionId;
    release = showLife(manager, session, () => (held = true));
    const opened = (store ??= openStore(PARKED));
    manager.request(PARKED, { ifAvailable: true }, (lock) => lock && adopt(manager, opened, add)).catch(fault);
  }

  return {
    sync(open) {
      if (!locks || away) return;
      if (identity.keeps()) {
        if (session !== identity.envelope().sessionId) live(locks);
        if (held) park(open, 'lost', false);
      } else if (store) {
        // Refused: nothing of this stays on the device.
        store((events) => events.clear()).catch(fault);
        store = undefined;
        parked.clear();
        end();
      }
    },
    hide() {
      if (held) park(parked, 'lost', true);
    },
    leave() {
      away = true;
      if (held) park([...parked].filter(isOpen), 'left', true);
      end();
    },
    async comeBack() {
      const mine = [...parked];
      parked.clear();
      const there = await takeBack(store, mine);
      away = false;
      const ids = new Set(there?.map(({ id }) => id));
      return there ? mine.filter(({ hintId }) => !ids.has(hintId)) : [];
    },
    stop: end,
  };
}
