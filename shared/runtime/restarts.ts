// When a died child is started again: pauses that grow from 0.2 s to 10 s, and an end after five failures in a minute.

export const RESTART_MIN_MS = 200;
export const RESTART_MAX_MS = 10_000;
export const FAILURES_MAX = 5;
export const FAILURE_WINDOW_MS = 60_000;

export class RestartBudget {
  private failures: number[] = [];

  /** Notes a failure at `now`, ms; answers the pause before the next start, or undefined when there were too many. */
  fail(now: number): number | undefined {
    this.failures = [...this.failures.filter((at) => now - at < FAILURE_WINDOW_MS), now];
    if (this.failures.length >= FAILURES_MAX) return undefined;
    return Math.min(RESTART_MAX_MS, RESTART_MIN_MS * 4 ** (this.failures.length - 1));
  }
}
