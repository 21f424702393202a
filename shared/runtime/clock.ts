// The clock that code asks, so that a test can move it.

/** Wall clock in ms since the epoch, and a monotonic clock in ms. */
export interface Clock {
  now(): number;
  monotonic(): number;
}

export const systemClock: Clock = { now: () => Date.now(), monotonic: () => performance.now() };
