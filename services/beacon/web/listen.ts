// Listens on the window in the capture phase: before the host's handlers, and also where they stop an event.
// A listener never throws into the page and cannot cancel anything.
import { guard } from './guard.js';

/** `visibilitychange` starts at the document, on its way it passes the window. */
type Events = WindowEventMap & { visibilitychange: Event };

export interface Listen {
  /** Adds a listener to every window for several types of event, until it is told to stop. */
  <K extends keyof Events>(types: K[], run: (event: Events[K]) => void): void;
  /** Calls `hook` with the window of the page, and with each that is added. */
  each(hook: (window: Window & typeof globalThis) => void): void;
  /** Listens in the window of an embedded document too. */
  add(window: (Window & typeof globalThis) | null | undefined): void;
}

export function createListen(signal: AbortSignal): Listen {
  const windows = [window];
  const hooks: Parameters<Listen['each']>[0][] = [];
  const listen: Listen = (types, run) =>
    listen.each((target) => {
      // How the page itself fares is said by its own window: an embedded one comes and goes.
      if (target === window || !types.includes('visibilitychange' as never))
        for (const type of types)
          target.addEventListener(type, guard(run) as EventListener, { capture: true, passive: true, signal });
    });
  listen.each = (hook) => {
    hooks.push(hook);
    windows.forEach(hook);
  };
  listen.add = (other) => {
    if (!other || windows.includes(other)) return;
    windows.push(other);
    hooks.forEach((hook) => hook(other));
  };
  return listen;
}
