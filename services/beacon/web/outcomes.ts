// Follows each generation to its end: text that has ended, the next answer, a change of the address, a suggestion that
// is typed on or refused, nothing for ten minutes, a crash. In: the generations of the page, looked at twice a second.
// Out: hints and refusals, never a second hint of one generation. Loaded with the first generation.
import { createDepartures } from './departures.js';
import type { Endings } from './endings.js';
import { createEndings } from './endings.js';
import { ACTION, closest, generationIdOf, originOf } from './dom.js';
import type { Generation } from './generation.js';
import { fault, guard } from './guard.js';
import { IGNORED_AFTER_MS, isOpen } from './ignore.js';
import { createParking } from './lost.js';
import type { Page } from './page.js';
import { watchSuggestions } from './suggestion.js';

const LOOK_MS = 500;

/** A control that makes the next answer explains what comes within this, ms. */
const REGENERATED_MS = 2000;

export interface Outcomes {
  /** Another generation has taken its place in the same element. */
  replaced(generation: Generation): void;
  /** The host says that the text has ended. */
  settle: (generation: Generation) => void;
  /** Takes every hook out of the page. */
  stop: () => void;
}

/** Answers those with which nothing was done yet; after ten minutes that is what became of them. */
function createPatience({ registry, ignored }: Page, { lastChange }: Endings): (now: number) => Set<Generation> {
  return (now) => {
    const open = new Set<Generation>();
    for (const generation of registry.all()) {
      if (!isOpen(generation)) continue;
      if (now - Math.max(generation.shownAt ?? 0, lastChange(generation)) < IGNORED_AFTER_MS) open.add(generation);
      else ignored(generation, 'timeout', true);
    }
    return open;
  };
}

/** `leaving` is called for what a change of the address has taken away, before it is said that it was left. */
export function watchOutcomes(page: Page, leaving: (generation: Generation) => void): Outcomes {
  const { registry, listen, tracker, sender, queue } = page;
  const endings = createEndings(registry, (generation) => page.ignored(generation, 'superseded', true));
  const parking = createParking(page.identity, (row) => {
    queue.add(row);
    sender.wake();
  });
  const openAt = createPatience(page, endings);

  const look = guard(() => {
    const now = Date.now();
    endings.look(now);
    departures.look();
    parking.sync(openAt(now));
  });

  const departures = createDepartures(registry, sender.flush, (generation) => {
    leaving(generation);
    page.ignored(generation, 'left');
  });

  watchSuggestions(registry, listen, {
    typedOn: (generation) => page.ignored(generation, 'typed_on', true),
    dismissed: (generation) => tracker.act(generation, { type: 'reject', reason: 'dismissed' }),
  });

  listen(['visibilitychange', 'pagehide', 'pageshow'], (event) => {
    if (event.target !== document && event.target !== window) return;
    // Also a page that may come back: it is not told when it does not.
    if (event.type === 'pagehide') parking.leave();
    else if (event.type === 'visibilitychange') parking.hide();
    else
      parking
        .comeBack()
        .then((said) => said.forEach((generation) => (generation.ignored = true)))
        .catch(fault);
  });
  look();
  const timer = setInterval(look, LOOK_MS);

  // A control that says whose it is has refused it already; of another it is seen by what takes its place.
  let regeneratedAt = 0;
  listen(['click'], (event) => {
    const control = closest(originOf(event), `[${ACTION}=regenerate]`);
    if (event.isTrusted && control && !registry.get(generationIdOf(control))) regeneratedAt = event.timeStamp;
  });

  return {
    settle: endings.settle,
    replaced(generation) {
      leaving(generation);
      if (regeneratedAt && performance.now() - regeneratedAt <= REGENERATED_MS)
        tracker.act(generation, { type: 'reject', reason: 'regenerated' });
      regeneratedAt = 0;
    },
    stop() {
      clearInterval(timer);
      departures.stop();
      parking.stop();
    },
  };
}
