// The database of queued events, in IndexedDB, which outlives a killed browser (localStorage loses its last seconds).
// In and out: queued events. Rejects when the browser refuses storage; the caller then stays in memory.

const NAME = 'tacit';

/** Another database, with what is to be said of the open generations of a page that is no more. */
export const PARKED = 'tacit.parked';

/** Runs one transaction of relaxed durability; resolves to the result of the request that `run` answers, once it holds. */
export type Store = <T>(run: (events: IDBObjectStore) => IDBRequest<T> | void) => Promise<T | undefined>;

/** Takes away everything, also what an earlier visit left. A tab that has it open goes on in memory. */
export function deleteStore(): void {
  for (const name of [NAME, PARKED]) indexedDB.deleteDatabase(name);
}

/** Resolves when a request has succeeded, or a transaction has been committed. */
const done = (what: IDBOpenDBRequest | IDBTransaction): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const both = what as IDBOpenDBRequest & IDBTransaction;
    both.onsuccess = both.oncomplete = resolve;
    both.onerror = both.onabort = reject;
  });

/** Opens (and first makes) the database. */
export function openStore(name = NAME): Store {
  const opening = indexedDB.open(name);
  opening.onupgradeneeded = () => opening.result.createObjectStore(NAME, { keyPath: 'id' });
  const opened = done(opening);

  return async (run) => {
    await opened;
    const database = opening.result;
    database.onversionchange = () => database.close();
    const transaction = database.transaction(NAME, 'readwrite', { durability: 'relaxed' });
    const request = run(transaction.objectStore(NAME));
    const committed = done(transaction);
    // Otherwise it waits for the page to hear of its requests first, and a killed browser may not get that far.
    transaction.commit();
    await committed;
    return request?.result;
  };
}
