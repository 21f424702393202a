// Notices a consumer that hangs: no fetch and no heartbeat for a minute although Kafka answers. In: signs of life. Out: one call.
// Must never fire while Kafka itself is away: a new process would not reach it either.
import type { Clock } from '../clock.js';

export const STALL_MS = 60_000;
const CHECK_INTERVAL_MS = 10_000;

export interface WatchdogOptions {
  readonly clock: Clock;
  /** Rejects when Kafka cannot be reached. */
  readonly isReachable: () => Promise<void>;
  readonly stalled: (error: Error) => void;
}

export class Watchdog {
  readonly #options: WatchdogOptions;
  #aliveAt: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#aliveAt = options.clock.monotonic();
  }

  start(): void {
    this.stop();
    this.alive();
    this.#timer = setInterval(() => void this.check(), CHECK_INTERVAL_MS).unref();
  }

  alive(): void {
    this.#aliveAt = this.#options.clock.monotonic();
  }

  async check(): Promise<void> {
    const { clock, isReachable, stalled } = this.#options;
    const before = this.#aliveAt;
    const silentMs = clock.monotonic() - before;
    if (silentMs < STALL_MS) return;
    try {
      await isReachable();
    } catch {
      // Silence is the right answer to silence; the time without Kafka does not count.
      this.alive();
      return;
    }
    if (this.#aliveAt === before) stalled(new Error(`nothing was fetched for ${Math.round(silentMs / 1000)} s`));
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
