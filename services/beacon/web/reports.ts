// When an edit is done, and how far it went. In: drafts. Out: `edit` events: what has changed since the last one. A
// large comparison waits for a quiet moment, but not longer than the page is there.
import type { Draft } from './draft.js';
import { partOf } from './draft.js';
import { guard } from './guard.js';
import { whenCompared } from './similarity.js';
import type { Tracker } from './tracker.js';
import type { Difference, EditedBy } from './wire.js';

/**
 * An edit is taken as done after so long, ms: without a change, or when the focus has gone. A click on "save" takes the
 * focus away first: its own word comes within this.
 */
export const AFTER_MS = { idle: 30_000, blur: 250 } as const;

/** What was found, what was last reported, what is there. */
export type Version = Pick<Draft, 'generation' | 'found' | 'reported'> & { left: string };

export interface Reports {
  send(version: Version, by: EditedBy): void;
  /** Unless nothing has changed since the last report; `again`: since it was found. `soon`: the page goes. */
  report(draft: Draft, by: EditedBy, again?: boolean, soon?: boolean): void;
  later(draft: Draft, by: keyof typeof AFTER_MS): void;
  /** What was to be reported later is not. */
  drop(draft: Draft): void;
  /** What waits for a quiet moment is reported at once. */
  finish(): void;
}

export function createReports(tracker: Tracker): Reports {
  const timers = new WeakMap<Draft, ReturnType<typeof setTimeout>>();
  /** Comparisons that wait for a quiet moment. */
  const waiting = new Set<() => void>();

  const drop = (draft: Draft): void => clearTimeout(timers.get(draft));

  function send({ generation, found, left }: Version, by: EditedBy, soon = false): void {
    const t = Date.now();
    let finish: (() => void) | undefined = undefined;
    const record = guard((edit: Difference) => {
      if (finish) waiting.delete(finish);
      tracker.act(generation, { type: 'edit', ...edit, by }, t);
    });
    finish = whenCompared(found, left, record);
    if (finish) waiting.add(finish);
    if (soon) finish?.();
  }

  function report(draft: Draft, by: EditedBy, again = false, soon = false): void {
    drop(draft);
    const { found, reported, undone } = draft;
    const left = partOf(draft);
    // What was empty is a place to write, such as a comment, not the generation's text.
    if (!found || undone || left === (again ? found : reported)) return;
    draft.reported = left;
    send({ ...draft, left }, by, soon);
  }

  function later(draft: Draft, by: keyof typeof AFTER_MS): void {
    drop(draft);
    timers.set(
      draft,
      setTimeout(
        guard(() => report(draft, by)),
        AFTER_MS[by],
      ),
    );
  }

  return { send, report, later, drop, finish: () => waiting.forEach((finish) => finish()) };
}
