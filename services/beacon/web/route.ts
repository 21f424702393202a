// Changes of the address without a new page (single-page applications). In: nothing. Out: a call after each change.
// By the Navigation API; where there is none, by the history's own functions, wrapped so that host and errors stay as they are.
import { guard } from './guard.js';

type Change = typeof history.pushState;

/** Calls `changed` when the address has become another one. Answers how to undo it. */
export function watchRoutes(changed: () => void): () => void {
  let address = location.href;
  const look = guard(() => {
    if (address === location.href) return;
    address = location.href;
    changed();
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const { navigation } = globalThis as { navigation?: EventTarget };
  if (navigation) navigation.addEventListener('currententrychange', look, { signal });
  else {
    for (const type of ['popstate', 'hashchange']) addEventListener(type, look, { signal });
    for (const name of ['pushState', 'replaceState'] as const) {
      const own = Object.getOwnPropertyDescriptor(history, name);
      const original: Change = history[name].bind(history);
      const patched: Change = (...args) => {
        original(...args);
        look();
      };
      history[name] = patched;
      signal.addEventListener('abort', () => {
        // A hook that somebody else has put over ours since stays.
        if (history[name] !== patched) return;
        if (own) Object.defineProperty(history, name, own);
        else Reflect.deleteProperty(history, name);
      });
    }
  }
  return () => stopping.abort();
}
