// Which generations a change of the address has taken away. In: the page after a change. Out: those that are gone.
// A chat that changes only its address keeps its texts, and a list takes out what is off the screen and brings it back:
// neither is a departure.
import { GENERATION } from './dom.js';
import type { Generation } from './generation.js';
import { placeOf } from './generation.js';
import { guard } from './guard.js';
import type { Registry } from './registry.js';
import { watchRoutes } from './route.js';

/** When to look what is gone: the next view may have to be loaded first. Ms after the change. */
export const LOOKS_MS = [1000, 2000, 4000, 8000];

export interface Departures {
  /** Remembers what stands in the page: some change the address only after the page. */
  look(): void;
  stop(): void;
}

/**
 * Those of `all` that are gone. `stood` were there at the change. While some of them still stand, only others of them that
 * the first look misses are gone; when none does, all is.
 */
export function departed<T>(all: readonly T[], stood: ReadonlySet<T>, standing: ReadonlySet<T>, first: boolean): T[] {
  const goesOn = [...stood].some((one) => standing.has(one));
  return all.filter((one) => !standing.has(one) && (!goesOn || (first && stood.has(one))));
}

/** Calls `flush` at each change of the address, and later `left` for each that it has taken away. */
export function createDepartures(
  registry: Registry,
  flush: () => Promise<void>,
  left: (generation: Generation) => void,
): Departures {
  let timers: ReturnType<typeof setTimeout>[] = [];
  let last: Generation[] = [];
  /** There before the changes that are being looked at. */
  let stood = new Set<Generation>();
  const forget = (): void => timers.forEach(clearTimeout);
  /** What is known by calls alone stands nowhere and cannot leave. */
  const placed = (): Generation[] => [...registry.all()].filter(({ place }) => place);

  /** Exact, also for a generation that stands in several places. */
  function standingNow(): Set<Generation> {
    const roots = registry.roots().filter((root) => root.isConnected && root.ownerDocument.defaultView);
    const ids = new Set(roots.map((root) => root.getAttribute(GENERATION)));
    return new Set(placed().filter(({ id }) => ids.has(id)));
  }

  const undo = watchRoutes(() => {
    void flush();
    forget();
    for (const generation of [...last, ...standingNow()]) stood.add(generation);
    const known = placed();
    if (!stood.size) return;
    timers = LOOKS_MS.map((ms, i) =>
      setTimeout(
        guard(() => {
          departed(known, stood, standingNow(), !i).forEach(left);
          if (i === LOOKS_MS.length - 1) stood = new Set();
        }),
        ms,
      ),
    );
  });

  return {
    look: () => void (last = placed().filter(placeOf)),
    stop() {
      undo();
      forget();
    },
  };
}
