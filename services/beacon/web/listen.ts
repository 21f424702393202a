// Listens on the window in the capture phase: before the host's handlers, and also where they stop an event.
// A listener never throws into the page and cannot cancel anything.
import { guard } from './guard.js';

/** `visibilitychange` starts at the document, on its way it passes the window. */
type Events = WindowEventMap & { visibilitychange: Event };

/** Adds a listener to the window for several types of event, until it is told to stop. */
export type Listen = <K extends keyof Events>(types: K[], run: (event: Events[K]) => void) => void;

export function createListen(signal: AbortSignal): Listen {
  return (types, run) => {
    for (const type of types)
      addEventListener(type, guard(run) as EventListener, { capture: true, passive: true, signal });
  };
}
