// What the debug overlay knows of events: each with its fate, and what the collector answered last. In: the beacon's queue
// and its requests. Out: lists to show. Looks on only: every call, result and error stays what it was, and `stop` takes
// the looking out again. For developers: a page loads it only when it asks for the overlay.
import { forgetOldest, guard } from './guard.js';
import type { Queue } from './queue.js';
import type { QueuedEvent, WireEvent } from './wire.js';

/** Most generations whose events are kept; beyond, the oldest are forgotten. */
export const LOGGED_GENERATIONS_MAX = 200;

/** Most events kept of one generation; beyond, the oldest are forgotten. */
export const LOGGED_EVENTS_MAX = 20;

export interface LoggedEvent {
  readonly event: WireEvent;
  /** `queued`, `sent`, `dropped: <reason>`, `erased` or who else may have it. */
  fate: string;
}

export interface DebugLog {
  /** Of one generation, oldest first. */
  of: (generationId: string) => readonly LoggedEvent[];
  /** What became of the last request, in words; empty before the first. */
  lastAnswer: () => string;
  /** How often the browser was given what waits because the page went out of sight. */
  handedOver: () => number;
  /** Notices what left the queue without this page's doing. */
  settle: () => void;
  stop: () => void;
}

interface Acknowledgement {
  accepted?: number;
  dropped?: { id: string | null; reason: string }[];
}

/** Puts `over` in place of a method. Answers how to undo that: what somebody else has put there since stays. */
function overlay<T extends object, K extends keyof T>(target: T, name: K, over: (original: T[K]) => T[K]): () => void {
  const own = Object.getOwnPropertyDescriptor(target, name);
  const put = over(target[name]);
  target[name] = put;
  return () => {
    if (target[name] !== put) return;
    if (own) Object.defineProperty(target, name, own);
    else delete target[name];
  };
}

interface Shelf {
  readonly byGeneration: ReadonlyMap<string, LoggedEvent[]>;
  readonly byId: ReadonlyMap<string, LoggedEvent>;
  add: (row: QueuedEvent) => void;
  mark: (id: string | null, fate: string) => void;
}

/** The events by generation and by id, within bounds. */
function createShelf(): Shelf {
  const byGeneration = new Map<string, LoggedEvent[]>();
  const byId = new Map<string, LoggedEvent>();
  return {
    byGeneration,
    byId,
    add({ event }: QueuedEvent): void {
      const one = { event, fate: 'queued' };
      const events = byGeneration.get(event.g) ?? [];
      byGeneration.set(event.g, events);
      events.push(one);
      if (events.length > LOGGED_EVENTS_MAX) events.shift();
      byId.set(event.id, one);
      forgetOldest(byGeneration, LOGGED_GENERATIONS_MAX);
      forgetOldest(byId, LOGGED_GENERATIONS_MAX * LOGGED_EVENTS_MAX);
    },
    mark(id: string | null, fate: string): void {
      const one = byId.get(id ?? '');
      if (one) one.fate = fate;
    },
  };
}

/** Looks on as events come into the queue and leave it. The queue goes away with the beacon: there is nothing to undo. */
function watchQueue(queue: Queue, shelf: Shelf, lastStatus: () => number, changed: () => void): void {
  const add = queue.add.bind(queue);
  const remove = queue.remove.bind(queue);
  const purge = queue.purge.bind(queue);
  queue.own().forEach(shelf.add);
  queue.add = (row) => {
    guard(shelf.add)(row);
    changed();
    add(row);
  };
  queue.remove = (rows) => {
    const fate = lastStatus() < 400 ? 'sent' : `dropped: ${lastStatus()}`;
    for (const { id } of rows) if (shelf.byId.get(id)?.fate === 'queued') shelf.mark(id, fate);
    changed();
    return remove(rows);
  };
  queue.purge = () => {
    for (const one of shelf.byId.values()) if (one.fate === 'queued') one.fate = 'erased';
    changed();
    purge();
  };
}

/** `endpoint` without a slash at its end. `changed` is called when there is something new to show. */
export function createDebugLog(queue: Queue, endpoint: string, changed: () => void): DebugLog {
  const shelf = createShelf();
  let lastAnswer = '';
  let lastStatus = 0;
  let handedOver = 0;

  async function read(answered: Promise<Response>): Promise<void> {
    const started = performance.now();
    try {
      const response = await answered;
      lastStatus = response.status;
      lastAnswer = `${lastStatus} after ${Math.round(performance.now() - started)} ms`;
      const { accepted, dropped = [] } = (await response.clone().json()) as Acknowledgement;
      if (accepted !== undefined) lastAnswer += `: ${accepted} accepted, ${dropped.length} dropped`;
      for (const { id, reason } of dropped) shelf.mark(id, `dropped: ${reason}`);
    } catch {
      // Answers other than an acknowledgement need not be JSON; without any, nobody has answered.
      if (!lastAnswer)
        lastAnswer = 'none: no network, another origin than the key allows, or a Content-Security-Policy';
    }
    changed();
  }

  const isOurs = (url: unknown): boolean => String(url).startsWith(`${endpoint}/v1/events`);
  const look = guard((url: unknown, answered: Promise<Response>) => {
    if (!isOurs(url)) return;
    lastAnswer = '';
    void read(answered);
  });
  const undo = [
    overlay(globalThis as { fetch: typeof fetch }, 'fetch', (original) => (input, init) => {
      const answered = original.call(globalThis, input, init);
      look(input, answered);
      return answered;
    }),
    overlay(navigator, 'sendBeacon', (original) => (url, body) => {
      if (isOurs(url)) handedOver++;
      return original.call(navigator, url, body);
    }),
  ];

  watchQueue(queue, shelf, () => lastStatus, changed);

  return {
    of: (id) => shelf.byGeneration.get(id) ?? [],
    lastAnswer: () => lastAnswer,
    handedOver: () => handedOver,
    settle() {
      const waiting = new Set(queue.own().map(({ id }) => id));
      for (const [id, one] of shelf.byId)
        if (one.fate === 'queued' && !waiting.has(id)) one.fate = 'posted by another tab';
    },
    stop: () => undo.forEach((run) => run()),
  };
}
