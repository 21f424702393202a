// Puts the parts of one running beacon together. In: options. Out: what the calls of a page need. Touches the page
// only from here on, and takes everything back on `stop`.
import { blocked } from './gates.js';
import type { Generation } from './generation.js';
import { tick } from './generation.js';
import { counts, fault } from './guard.js';
import { isIgnored } from './ignore.js';
import type { Listen } from './listen.js';
import { createListen } from './listen.js';
import type { Options } from './options.js';
import type { Outbox } from './outbox.js';
import { createOutbox } from './outbox.js';
import type { Reader, ReaderModule } from './reader.js';
import type { Registry } from './registry.js';
import { createRegistry } from './registry.js';
import type { IgnoreReason } from './wire.js';

/** A part that could not be loaded is tried again after this, then after twice as long each time, ms. */
const RELOAD_MS = 10_000;

export interface Beacon extends Outbox {
  registry: Registry;
  /** The part that observes people, once it is loaded. */
  reader(): Promise<Reader>;
  /** Follows an open shadow root, or the document of an embedded window of the same origin. */
  attach(root: Document | ShadowRoot): void;
  stop(): void;
}

/** What is looked at in the page, and what is made of it. */
function createObservers(outbox: Outbox, listen: Listen, options: Options, load: () => Promise<ReaderModule>) {
  const { tracker } = outbox;
  let reader: Reader | undefined;
  let loading: Promise<Reader> | undefined;
  let reloadMs = RELOAD_MS / 2;

  function loadReader(): Promise<Reader> {
    loading ??= load().then(
      ({ createReader }) => (reader = createReader({ ...outbox, ...options, counts, registry, listen, ignored })),
    );
    // Not at once: an editor asks with every key.
    loading.catch(() =>
      setTimeout(
        () => {
          loading = undefined;
          loadReader().catch(fault);
        },
        (reloadMs *= 2),
      ),
    );
    return loading;
  }

  function ignored(generation: Generation, reason: IgnoreReason, goesOn = false): void {
    tick(generation, goesOn && !!generation.visibleSince, Date.now());
    const { visibleMs, hintId: id } = generation;
    if (isIgnored(generation)) tracker.record(generation, { type: 'ignore', reason, visibleMs, id });
  }

  const registry = createRegistry({
    born(generation) {
      tracker.record(generation, { type: 'generated', length: generation.entry.length });
      loadReader().catch(fault);
    },
    placed: (element) => reader?.watch(element),
    superseded(generation) {
      reader?.replaced(generation);
      ignored(generation, 'superseded');
    },
  });

  return {
    registry,
    reader: loadReader,
    attach(root: Document | ShadowRoot) {
      listen.add((root as Document).defaultView);
      registry.attach(root);
    },
    /** The page is hidden, or (`forGood`) left: what is unfinished is reported as it stands. */
    finish(gone: boolean, forGood: boolean) {
      reader?.report(gone ? 'left' : 'blur');
      if (forGood) for (const generation of registry.all()) ignored(generation, 'left');
    },
    stop() {
      reader?.stop();
      registry.stop();
    },
  };
}

export function startBeacon(options: Options, load: () => Promise<ReaderModule>): Beacon {
  const stopping = new AbortController();
  const listen = createListen(stopping.signal);
  const outbox = createOutbox(options);
  const { sender, identity } = outbox;
  const page = createObservers(outbox, listen, options, load);

  page.attach(document);
  listen(['visibilitychange', 'pagehide', 'pageshow', 'online'], (event) => {
    const gone = event.type === 'pagehide';
    const { persisted } = event as Partial<PageTransitionEvent>;
    if (!gone && persisted) identity.renew();
    if (!gone && document.visibilityState !== 'hidden') return sender.retryNow();
    page.finish(gone, gone && !persisted);
    sender.leave(gone);
  });
  listen(['securitypolicyviolation'], ({ blockedURI }) => blocked(blockedURI));

  return {
    ...outbox,
    ...page,
    stop() {
      stopping.abort();
      sender.stop();
      page.stop();
    },
  };
}
