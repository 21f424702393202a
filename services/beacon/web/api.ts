// The calls of a page, the same for the script tag's global `tacit` and for the module. A call before `init` waits for
// it. None of them throws; on a server all of them do nothing.
import type { Beacon } from './core.js';
import { startBeacon } from './core.js';
import type { DebugModule } from './debug.js';
import type { ReaderModule } from './reader.js';
import type { Generation } from './generation.js';
import { counts, fault, guard } from './guard.js';
import { GENERATION } from './dom.js';
import { uuid7 } from './ids.js';
import type { Options } from './options.js';
import { VISIBLE_MS } from './options.js';
import type { Action, EditedBy } from './wire.js';
import type { Tacit } from './tacit.js';

export type { GenerationInfo, Tacit } from './tacit.js';

/** Compares in the part that reads texts; the edit is of the moment `t` at which it was told. */
const edited =
  (before: string, after: string, by: EditedBy, t: number) =>
  (generation: Generation, running: Beacon): void => {
    const compared = running.reader().then((reader) => reader.compare(before, after));
    compared.then((edit) => running.tracker.act(generation, { type: 'edit', ...edit, by }, t)).catch(fault);
  };

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
    edit: (id, before, after, by = 'save') => act(id, edited(before, after, by, Date.now())),
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
