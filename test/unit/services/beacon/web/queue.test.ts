// The queue in memory and with a database, and who may send for all.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { counts } from '../../../../../services/beacon/web/guard.js';
import { LEASE_MS, asLeader } from '../../../../../services/beacon/web/leader.js';
import type { Queue } from '../../../../../services/beacon/web/queue.js';
import { QUEUE_EVENTS_MAX, SAVED_AT_ONCE_MAX, createQueue } from '../../../../../services/beacon/web/queue.js';
import type { Store } from '../../../../../services/beacon/web/store.js';
import type { QueuedEvent } from '../../../../../services/beacon/web/wire.js';

const row = (id: string): QueuedEvent => ({ id }) as QueuedEvent;
const ids = (rows: QueuedEvent[]): string[] => rows.map(({ id }) => id);
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A database in memory: as much of an object store as the queue uses. */
function memoryStore(rows = new Map<string, QueuedEvent>()): Store & { rows: Map<string, QueuedEvent>; full: boolean } {
  const sorted = (): QueuedEvent[] => [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const events = {
    put: (added: QueuedEvent) => {
      if (store.full) throw new Error('full');
      rows.set(added.id, added);
    },
    getAll: (_range: null, n: number) => ({ result: sorted().slice(0, n) }),
    delete: (id: string) => void rows.delete(id),
    count: () => ({ result: rows.size }),
  };
  const use: Store = async (run) =>
    (run(events as unknown as IDBObjectStore) as IDBRequest | undefined)?.result as never;
  const store = Object.assign(use, { rows, full: false });
  return store;
}

let queue: Queue;

beforeEach(() => {
  queue = createQueue();
  for (const name of Object.keys(counts)) delete counts[name];
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('in memory, events wait in order until they are removed', async () => {
  for (const id of ['a', 'b', 'c']) queue.add(row(id));
  expect(ids(await queue.next())).toEqual(['a', 'b', 'c']);
  await queue.remove([row('b')]);
  expect(ids(await queue.next())).toEqual(['a', 'c']);
});

test('with a database, what waits already goes in, and what earlier visits left comes out', async () => {
  queue.add(row('m'));
  const store = memoryStore(new Map([['e', row('e')]]));
  queue.keepIn(store);
  queue.add(row('n'));
  await settled();
  expect([...store.rows.keys()].sort()).toEqual(['e', 'm', 'n']);
  expect(ids(await queue.next()).sort()).toEqual(['e', 'm', 'n']);
  expect(queue.isSaved(row('m'))).toBe(true);
  await queue.remove(await queue.next());
  expect([store.rows.size, queue.own().length]).toEqual([0, 0]);
});

test.each([
  [SAVED_AT_ONCE_MAX, [SAVED_AT_ONCE_MAX]],
  [SAVED_AT_ONCE_MAX + 1, [SAVED_AT_ONCE_MAX, 1]],
])('%i events of one task are written in slices, each of them once', async (n, expected) => {
  const written: string[][] = [];
  const store = memoryStore();
  queue.keepIn(async (run) => {
    const slice: string[] = [];
    const put = (events: IDBObjectStore, added: QueuedEvent): IDBRequest<IDBValidKey> => {
      slice.push(added.id);
      return events.put(added);
    };
    const result = await store((events) => run({ ...events, put: (added: QueuedEvent) => put(events, added) }));
    written.push(slice);
    // a real transaction takes a while, in which more is added
    await settled();
    return result;
  });
  await settled();
  written.length = 0;
  for (let i = 0; i < n; i++) queue.add(row(`${i}`));
  await vi.waitFor(() => expect(queue.own().every((one) => queue.isSaved(one))).toBe(true));
  const slices = written.filter((slice) => slice.length > 0);
  expect(slices.map(({ length }) => length)).toEqual(expected);
  expect(new Set(slices.flat()).size).toBe(n);
});

test('what another tab has sent is forgotten here', async () => {
  const store = memoryStore();
  queue.keepIn(store);
  queue.add(row('a'));
  queue.add(row('b'));
  await settled();
  store.rows.delete('a');
  expect(ids(await queue.next())).toEqual(['b']);
  expect(ids(queue.own())).toEqual(['b']);
});

test('events that a full database refuses wait in memory and are tried again', async () => {
  const store = memoryStore();
  store.full = true;
  queue.keepIn(store);
  queue.add(row('a'));
  await settled();
  expect(ids(await queue.next())).toEqual(['a']);
  store.full = false;
  queue.add(row('b'));
  await settled();
  expect([...store.rows.keys()]).toEqual(['a', 'b']);
  expect(counts).toEqual({ faults: 1 });
});

test('the queue holds its limit, and one past it drops the oldest and counts it', async () => {
  for (let i = 0; i < QUEUE_EVENTS_MAX; i++) queue.add(row(`${1e6 + i}`));
  expect([queue.own().length, counts]).toEqual([QUEUE_EVENTS_MAX, {}]);
  queue.add(row('z'));
  expect(queue.own().length).toBe(QUEUE_EVENTS_MAX);
  expect(queue.own()[0]?.id).toBe('1000001');
  expect(counts).toEqual({ 'dropped.queue_full': 1 });
});

test('a database past its limit loses its oldest when it is opened, counted', async () => {
  const rows = new Map(
    Array.from({ length: QUEUE_EVENTS_MAX + 2 }, (_, i) => [`${1e6 + i}`, row(`${1e6 + i}`)] as const),
  );
  queue.keepIn(memoryStore(rows));
  await settled();
  expect([rows.size, rows.has('1000001'), rows.has('1000002')]).toEqual([QUEUE_EVENTS_MAX, false, true]);
  expect(counts).toEqual({ 'dropped.queue_full': 2 });
});

test('a purge forgets everything, and nothing is kept from then on', async () => {
  const store = memoryStore();
  vi.stubGlobal('indexedDB', { deleteDatabase: () => store.rows.clear() });
  queue.keepIn(store);
  queue.add(row('a'));
  await settled();
  expect([store.rows.size, queue.isKept()]).toEqual([1, true]);
  queue.purge();
  queue.add(row('b'));
  await settled();
  expect([store.rows.size, queue.isKept(), ids(await queue.next())]).toEqual([0, false, ['b']]);
});

function withLease(): Map<string, string> {
  const kept = new Map<string, string>();
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('localStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => kept.set(name, value),
  });
  return kept;
}

test('without Web Locks one tab leads by a lease, gives it back, and a dead one’s runs out', async () => {
  withLease();
  vi.useFakeTimers({ now: 1_000_000 });
  const never = new Promise<void>(() => undefined);
  let release = (): void => undefined;
  const first = asLeader('one', never, () => new Promise<void>((resolve) => (release = resolve)));
  expect(await asLeader('two', never, () => Promise.resolve())).toBe(false);
  release();
  expect(await first).toBe(true);
  expect(await asLeader('two', never, () => Promise.resolve())).toBe(true);

  void asLeader('dead', never, () => never);
  vi.advanceTimersByTime(LEASE_MS - 1);
  expect(await asLeader('three', never, () => Promise.resolve())).toBe(false);
  vi.advanceTimersByTime(1);
  expect(await asLeader('three', never, () => Promise.resolve())).toBe(true);
});

test('with Web Locks the lock decides, and a page that leaves gives it back', async () => {
  let held = false;
  vi.stubGlobal('navigator', {
    locks: {
      request: async (_name: string, _options: object, run: (lock: object | null) => Promise<boolean>) => {
        if (held) return await run(null);
        held = true;
        const result = await run({});
        held = false;
        return result;
      },
    },
  });
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const first = asLeader('one', left, () => new Promise<void>(() => undefined));
  expect(await asLeader('two', left, () => Promise.resolve())).toBe(false);
  leave();
  expect(await first).toBe(true);
  expect(await asLeader('two', left, () => Promise.resolve())).toBe(true);
});
