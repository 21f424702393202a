// One token bucket per key: events it may send at once, and how fast they come back. In: counts. Out: taken, or how long to wait.
// Buckets live in this process only and outlive a new version of the projects file.

export interface Rate {
  readonly eventsPerSecond: number;
  readonly burst: number;
}

export class TokenBucket {
  rate: Rate;
  #tokens: number;
  #at: number;

  /** `nowMs` is monotonic. */
  constructor(rate: Rate, nowMs: number) {
    this.rate = rate;
    this.#tokens = rate.burst;
    this.#at = nowMs;
  }

  /**
   * Takes `events` tokens and answers 0, or takes none and answers how long to wait, ms. A batch larger than the burst is
   * taken from a full bucket and leaves a debt: else it could never be sent.
   */
  take(events: number, nowMs: number): number {
    const { eventsPerSecond, burst } = this.rate;
    this.#tokens = Math.min(burst, this.#tokens + (Math.max(0, nowMs - this.#at) * eventsPerSecond) / 1000);
    this.#at = nowMs;
    const needed = Math.min(events, burst);
    if (this.#tokens < needed) return ((needed - this.#tokens) / eventsPerSecond) * 1000;
    this.#tokens -= events;
    return 0;
  }
}

export class RateLimits {
  #buckets = new Map<string, TokenBucket>();
  readonly #now: () => number;

  constructor(monotonicMs: () => number) {
    this.#now = monotonicMs;
  }

  /** The bucket of a key, with the rate it has now. */
  bucket(key: string, rate: Rate): TokenBucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) {
      known.rate = rate;
      return known;
    }
    const bucket = new TokenBucket(rate, this.#now());
    this.#buckets.set(key, bucket);
    return bucket;
  }

  /** Forgets the buckets of all other keys. */
  keepOnly(keys: ReadonlySet<string>): void {
    this.#buckets = new Map([...this.#buckets].filter(([key]) => keys.has(key)));
  }
}
