// Queued events in IndexedDB, which outlives a killed browser (localStorage loses its last seconds).
// In and out: queued events. Rejects when the browser refuses storage; the caller then stays in memory.
import type { QueuedEvent } from './wire.js';

const NAME = 'tacit';

export interface Store {
  put(rows: readonly QueuedEvent[]): Promise<void>;
  /** The oldest events, of all tabs. */
  first(n: number): Promise<QueuedEvent[]>;
  remove(ids: readonly string[]): Promise<void>;
  clear(): Promise<void>;
  count(): Promise<number>;
}

/** Takes away what an earlier visit left. */
export function deleteStore(): void {
  indexedDB.deleteDatabase(NAME);
}

/** Opens (and first makes) the database. Each operation is one transaction of relaxed durability. */
export function openStore(): Store {
  const opening = indexedDB.open(NAME);
  const opened = new Promise<void>((resolve, reject) => {
    opening.onsuccess = () => resolve();
    opening.onerror = () => reject(new Error(NAME));
  });
  opening.onupgradeneeded = () => opening.result.createObjectStore(NAME, { keyPath: 'id' });
  opened.catch(() => undefined);

  async function use<T>(run: (events: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    await opened;
    const transaction = opening.result.transaction(NAME, 'readwrite', { durability: 'relaxed' });
    return await new Promise((resolve, reject) => {
      const request = run(transaction.objectStore(NAME));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(new Error(NAME));
      // Otherwise it waits for the page to hear of its requests first, and a killed browser may not get that far.
      transaction.commit();
    });
  }

  async function each<T>(items: readonly T[], run: (events: IDBObjectStore, item: T) => void): Promise<void> {
    await use((events) => {
      items.forEach((item) => run(events, item));
      return events.count();
    });
  }

  return {
    put: (rows) => each(rows, (events, row) => events.put(row)),
    first: (n) => use((events) => events.getAll(null, n) as IDBRequest<QueuedEvent[]>),
    remove: (ids) => each(ids, (events, id) => events.delete(id)),
    clear: () => use((events) => events.clear()),
    count: () => use((events) => events.count()),
  };
}
