// The events nobody has acknowledged yet: those of this page in memory, with consent also in the database, where they
// wait together with those of other tabs and earlier visits. In: events. Out: the next ones to post.
import { count, fault, forgetOldest } from './guard.js';
import type { Store } from './store.js';
import { deleteStore } from './store.js';
import type { QueuedEvent } from './wire.js';

/** Most events of one page that wait in memory, and of one browser in the database; beyond, the oldest go. */
export const QUEUE_EVENTS_MAX = 10_000;

/** Most events looked at for one round of posting. */
const ROUND_EVENTS_MAX = 1000;

/** So many are written in one go; a page that opens with thousands of generations goes on between. */
export const SAVED_AT_ONCE_MAX = 200;

export interface Queue {
  add: (row: QueuedEvent) => void;
  /** The oldest events that wait, of all tabs when there is a database. */
  next(): Promise<QueuedEvent[]>;
  remove(rows: readonly QueuedEvent[]): Promise<void>;
  /** This page's own events that wait. */
  own(): QueuedEvent[];
  isSaved(row: QueuedEvent): boolean;
  /** Whether there is a database, which other tabs share. */
  isKept(): boolean;
  /** From now on, and what waits already, into this database. */
  keepIn(store: Store): void;
  /** Forgets everything, in the database too. */
  purge(): void;
}

/** Answers a function that writes those of `unsaved` that are not being written; what is written leaves it. */
function createSaving(unsaved: Map<string, QueuedEvent>, store: () => Store | undefined): () => void {
  const underway = new Set<QueuedEvent>();
  let planned = false;

  return function save() {
    const database = store();
    if (planned || !database) return;
    planned = true;
    // One transaction for what one task of the page adds.
    queueMicrotask(() => {
      planned = false;
      const rows = [...unsaved.values()].filter((row) => !underway.has(row)).slice(0, SAVED_AT_ONCE_MAX);
      if (rows.length === SAVED_AT_ONCE_MAX) setTimeout(save);
      rows.forEach((row) => underway.add(row));
      database((events) => rows.forEach((row) => events.put(row)))
        .then(() => rows.forEach(({ id }) => unsaved.delete(id)))
        .catch(fault)
        .finally(() => rows.forEach((row) => underway.delete(row)));
    });
  };
}

export function createQueue(): Queue {
  const waiting = new Map<string, QueuedEvent>();
  /** Those of `waiting` that are not (yet) in the database: all when there is none. */
  const unsaved = new Map<string, QueuedEvent>();
  let database: Store | undefined;
  const save = createSaving(unsaved, () => database);

  async function remove(rows: readonly QueuedEvent[]): Promise<void> {
    for (const { id } of rows) {
      waiting.delete(id);
      unsaved.delete(id);
    }
    await database?.((events) => rows.forEach(({ id }) => events.delete(id))).catch(fault);
  }

  async function oldest(n: number): Promise<QueuedEvent[]> {
    return (await database?.<QueuedEvent[]>((events) => events.getAll(null, n)).catch(fault)) ?? [];
  }

  async function trim(): Promise<void> {
    const excess = ((await database?.((events) => events.count())) ?? 0) - QUEUE_EVENTS_MAX;
    if (excess <= 0) return;
    count('dropped.queue_full', excess);
    await remove(await oldest(excess));
  }

  return {
    add(row) {
      waiting.set(row.id, row);
      unsaved.set(row.id, row);
      save();
      if (forgetOldest(waiting, QUEUE_EVENTS_MAX)) count('dropped.queue_full');
      forgetOldest(unsaved, QUEUE_EVENTS_MAX);
    },
    async next() {
      const rows = new Map(unsaved);
      const stored = await oldest(ROUND_EVENTS_MAX);
      for (const row of stored) rows.set(row.id, row);
      // Saved before and no longer there: another tab has posted it.
      if (database && stored.length < ROUND_EVENTS_MAX)
        for (const id of waiting.keys()) if (!rows.has(id) && !unsaved.has(id)) waiting.delete(id);
      return [...rows.values()];
    },
    remove,
    own: () => [...waiting.values()],
    isSaved: ({ id }) => !unsaved.has(id),
    isKept: () => !!database,
    keepIn(store) {
      database = store;
      save();
      trim().catch(fault);
    },
    purge() {
      unsaved.clear();
      waiting.clear();
      database = undefined;
      deleteStore();
    },
  };
}
