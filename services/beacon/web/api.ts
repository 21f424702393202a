// The calls of a page, the same for the script tag's global `tacit` and for the module. A call before `init` waits for
// it. None of them throws; on a server all of them do nothing.
import type { Beacon } from './core.js';
import { startBeacon } from './core.js';
import type { DebugModule } from './debug.js';
import type { Change, Text } from './draft.js';
import type { ReaderModule } from './reader.js';
import type { Generation } from './generation.js';
import type { Counts } from './guard.js';
import { counts, fault, guard } from './guard.js';
import { GENERATION } from './dom.js';
import { uuid7 } from './ids.js';
import type { Options } from './options.js';
import { VISIBLE_MS } from './options.js';
import type { AcceptFields, Action, Consent, CopyFields, EditedBy, GenerationEntry, RejectReason } from './wire.js';

export interface GenerationInfo extends GenerationEntry {
  /** What a copy button of the page writes, when that is not what is shown. Stays in memory. */
  text?: string;
  /** Where the generation is shown; it gets the attribute `data-tacit-generation`. */
  element?: Element;
}

/** `id` is a generation's id throughout. Lengths are UTF-16 units, times milliseconds. */
export interface Tacit {
  /** Starts the beacon; a second call does nothing. */
  init(options: Options): void;
  /**
   * Registers a generation, or adds to what is known of it. `id`: up to 128 characters; without one the beacon makes a
   * UUIDv7. Answers the id.
   */
  generation(id?: string, info?: GenerationInfo): string;
  /** The whole answer is there: streaming has ended. Said by itself after 1.5 s without growth. */
  done(id: string): void;
  /** For what the beacon cannot see (a canvas, a native view): it was in sight for so long. */
  shown(id: string, visibleMs?: number): void;
  copy(id: string, fields: CopyFields): void;
  accept(id: string, fields?: AcceptFields): void;
  /** Compares the texts here and sends the difference only. */
  edit(id: string, before: string, after: string, by?: EditedBy): void;
  /**
   * For adapters of editors: the text of the editor in `place` has changed, by whom `change` says, undefined when the
   * editor cannot know. Which generation it is, an attribute on or around the place says, or an acceptance just before.
   * The texts stay here. Call it once with the same text twice as the editor comes.
   */
  draft(place: Element, change: Change | undefined, before: Text, after: Text): void;
  reject(id: string, reason?: RejectReason): void;
  /** Explicit feedback, such as thumbs: reported beside the rates, never summed with them. */
  rate(id: string, value: number, label?: string): void;
  /** The user signed in, or (null) out. What happened before stays as it was. */
  identify(user: string | null): void;
  consent(state: Consent): void;
  /** Looks into an open shadow root too, or into the document of an iframe of the same origin. */
  attach(root: Document | ShadowRoot): void;
  /** Posts what waits; resolves when nothing more can be done now. */
  flush(): Promise<void>;
  /** What became of the events so far, with `queued`. */
  stats(): Counts;
  /** Takes every hook out of the page. */
  stop(): void;
}

export function createTacit(load: () => Promise<ReaderModule>, loadDebug: () => Promise<DebugModule>): Tacit {
  let beacon: Beacon | undefined;
  let calls: ((beacon: Beacon) => void)[] = [];

  function later(run: (beacon: Beacon) => void): void {
    if (beacon) guard(run)(beacon);
    else if (typeof document !== 'undefined') calls.push(run);
  }

  const act = (id: string, run: (generation: Generation, beacon: Beacon) => void): void =>
    later((running) => run(running.registry.ensure(id), running));
  const record = (id: string, action: Action): void =>
    act(id, (generation, { tracker }) => tracker.act(generation, action));

  return {
    init: guard((options: Options) => {
      if (typeof document === 'undefined') return;
      const start = guard((debug?: Partial<DebugModule>) => {
        if (beacon) return;
        const running = (beacon = startBeacon(options, load));
        debug?.openDebug?.(running, options, counts);
        calls.forEach((run) => guard(run)(running));
        calls = [];
      });
      // The overlay is there before the first event; a page that cannot load it does without.
      if (options.debug) loadDebug().then(start, start);
      else start();
    }),
    generation(id = uuid7(), { text, element, ...entry } = {}) {
      later(({ registry }) => {
        const generation = registry.ensure(id, entry);
        if (text !== undefined) generation.text = text;
        element?.setAttribute(GENERATION, id);
      });
      return id;
    },
    done: (id) =>
      act(id, (generation, running) => {
        running
          .reader()
          .then((reader) => reader.settle(generation))
          .catch(fault);
      }),
    shown: (id, visibleMs = VISIBLE_MS) =>
      act(id, (generation, { tracker }) => {
        generation.visibleMs += visibleMs;
        generation.firstVisible ||= Date.now() - visibleMs;
        tracker.show(generation);
      }),
    copy: (id, fields) => record(id, { type: 'copy', ...fields }),
    accept: (id, fields = { method: 'apply' }) => record(id, { type: 'accept', ...fields }),
    edit: (id, before, after, by = 'save') => {
      const t = Date.now();
      act(id, (generation, running) => {
        const compared = running.reader().then((reader) => reader.compare(before, after));
        compared.then((edit) => running.tracker.act(generation, { type: 'edit', ...edit, by }, t)).catch(fault);
      });
    },
    draft: (...change) =>
      void beacon
        ?.reader()
        .then((reader) => reader.draft(...change))
        .catch(fault),
    reject: (id, reason = 'dismissed') => record(id, { type: 'reject', reason }),
    rate: (id, value, label) => record(id, { type: 'rate', value, label }),
    identify: (user) => later((running) => running.identity.identify(user)),
    consent: (state) => later((running) => running.decide(state)),
    attach: (root) => later((running) => running.attach(root)),
    flush: async () => await beacon?.sender.flush(),
    stats: () => ({ ...counts, queued: beacon?.queue.own().length ?? 0 }),
    stop: () => {
      beacon?.stop();
      beacon = undefined;
    },
  };
}
