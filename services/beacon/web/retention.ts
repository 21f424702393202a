// What is left of an accepted text after 30 s, 2, 5 and 10 min. In: drafts, by the text they last had. Out: `retention`
// events. By the wall clock: a tab that slept reports once as it wakes, with the time that has really passed, and skips
// the checkpoints in between.
import type { Draft } from './draft.js';
import { partOf } from './draft.js';
import { guard } from './guard.js';
import { comparison, retainedChars } from './similarity.js';
import type { Tracker } from './tracker.js';

/** Times after the acceptance, ms. */
export const CHECKPOINTS_MS = [30_000, 120_000, 300_000, 600_000] as const;

export interface Retention {
  /** The clock of a draft starts, once for each time it is accepted; the place is looked at while it stands in the page. */
  begin(place: Element, draft: Draft): void;
  end(draft: Draft): void;
}

export function createRetention(tracker: Tracker): Retention {
  const timers = new Map<Draft, ReturnType<typeof setTimeout>>();

  function end(draft: Draft): void {
    clearTimeout(timers.get(draft));
    timers.delete(draft);
  }

  function plan(place: Element, draft: Draft, since: number): void {
    const next = CHECKPOINTS_MS.find((ms) => ms > Date.now() - since);
    if (!next) return void timers.delete(draft);
    const check = guard(() => {
      if (!place.isConnected) return end(draft);
      const afterMs = Date.now() - since;
      // A clock that was set back: not yet.
      if (afterMs >= next) {
        const difference = comparison(draft.found, partOf(draft)).run();
        const { similarity } = difference;
        tracker.record(draft.generation, {
          type: 'retention',
          afterMs,
          similarity,
          retainedChars: retainedChars(difference),
        });
      }
      plan(place, draft, since);
    });
    timers.set(draft, setTimeout(check, next - (Date.now() - since)));
  }

  return {
    begin(place, draft) {
      if (!timers.has(draft)) plan(place, draft, Date.now());
    },
    end,
  };
}
