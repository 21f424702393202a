// Keeps the beacon's faults out of the host page: a guarded function never throws, it counts.
// Also the counters of what became of events: every lost one is in one of them.

/** Numbers by name: `sent`, `dropped.<reason>`, `unattributed`, `faults`. */
export type Counts = Record<string, number>;

export let counts: Counts = {};

/** Counts into the same counters as the script that has loaded this part: a bundle of its own would have its own. */
export function countInto(shared: Counts): void {
  counts = shared;
}

export function count(name: string, n = 1): void {
  counts[name] = (counts[name] ?? 0) + n;
}

/** Counts a fault that cost nothing; also the handler of promises that may fail. */
export function fault(): void {
  count('faults');
}

/** The same function, but a fault in it is counted and answers undefined. */
export function guard<A extends unknown[], R>(run: (...args: A) => R): (...args: A) => R | undefined {
  return (...args) => {
    try {
      return run(...args);
    } catch {
      return void fault();
    }
  };
}

/** Forgets the oldest member beyond `max`; answers whether there was one. */
export function forgetOldest(members: Map<string, unknown>, max: number): boolean {
  const [oldest] = members.keys();
  return members.size > max && members.delete(oldest ?? '');
}
