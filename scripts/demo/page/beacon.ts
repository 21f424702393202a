// The beacon of the page, also before its script has loaded: until then calls are kept, and it replays them in their order.
import type { Tacit } from '../../../services/beacon/web/index.js';

type Kept = { q: unknown[][] } & Record<string, unknown>;

/** The global of the script tag, or the stub that stands in for it. */
export function beacon(): Tacit {
  const page = window as { tacit?: unknown };
  page.tacit ??= new Proxy<Kept>(
    { q: [] },
    { get: (kept, name: string) => (name in kept ? kept[name] : (...args: unknown[]) => kept.q.push([name, ...args])) },
  );
  return page.tacit as Tacit;
}
