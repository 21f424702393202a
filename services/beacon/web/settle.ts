// When the text of a generation has ended. In: its length, read now and then. Out: whether it grows, and when it has
// stopped. Lengths are compared a few times a second: following each token would cost a streaming page far more.

/** A text that has not grown for this long has ended, ms. */
export const SETTLED_AFTER_MS = 1500;

/** A text may go on after a pause: it is still read for so long after it has ended, ms. */
const READ_ON_MS = 10_000;

/** Times are ms since the epoch. */
export interface Growth {
  /** Length when it was read last, UTF-16 units; -1 before. */
  length: number;
  grewAt: number;
  /** It was seen to grow: it did not come complete. */
  streamed: boolean;
  /** When it ended; 0 while it may still grow. */
  settledAt: number;
}

export function createGrowth(): Growth {
  return { length: -1, grewAt: 0, streamed: false, settledAt: 0 };
}

/** Whether it is still worth reading. */
export function mayGrow({ grewAt, settledAt }: Growth, now: number): boolean {
  return !settledAt || now - grewAt < READ_ON_MS;
}

/** The host says that it has ended, for good; answers whether that was not known. */
export function settleNow(growth: Growth, now: number): boolean {
  const news = !growth.settledAt;
  growth.streamed = true;
  growth.grewAt = -READ_ON_MS;
  growth.settledAt ||= now;
  return news;
}

/** Takes in the length of the text at `now`; answers whether it has just ended. No text yet has not begun. */
export function grow(growth: Growth, length: number, now: number): boolean {
  if (length !== growth.length) {
    growth.streamed ||= growth.length >= 0 && length > growth.length;
    growth.length = length;
    growth.grewAt = now;
    growth.settledAt = 0;
  }
  if (growth.settledAt || !length || now - growth.grewAt < SETTLED_AFTER_MS) return false;
  // Not now: a sleeping tab may look much later.
  growth.settledAt = growth.grewAt + SETTLED_AFTER_MS;
  return true;
}
