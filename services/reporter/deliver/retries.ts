// When an alert that could not be delivered is tried again, and when it is given up.

/** Pauses after each attempt that did not succeed, s. After the last one there is one more attempt, and no other. */
export const RETRY_PAUSES_S = [60, 120, 300, 600, 1800, 3600, 7200, 14_400, 28_800] as const;

/** 10 attempts over 15.8 hours. */
export const ATTEMPTS_MAX = RETRY_PAUSES_S.length + 1;

/** Pause after attempt `attempt` (from 1), ms, at least what the other side asked for; undefined when it was the last. */
export function pauseMs(attempt: number, askedMs = 0, pausesS: readonly number[] = RETRY_PAUSES_S): number | undefined {
  const pause = pausesS[attempt - 1];
  return pause === undefined ? undefined : Math.max(pause * 1000, askedMs);
}
