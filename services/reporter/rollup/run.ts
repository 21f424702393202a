// One look at what is due, and the days that follow from it, one after the other; then the windows that hold them.
// In: the tables, a signal that ends it. Out: recomputed days and windows, and what the page says about freshness.
// A day that fails never holds up the others, and many due days hold up the windows for a minute at most.
import { ClickHouseError, type ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { ReporterMetrics } from '../metrics.js';
import { readDayFacts } from './day-facts.js';
import { dueDays, type Attempt, type DueDay } from './due.js';
import { countEventsTooLate } from './too-late.js';
import { recomputeDay } from './recompute-day.js';
import { createWindowRuns } from './run-windows.js';
import { BeatenError, removeLeftOvers } from './staging.js';

/** What the roll-up of this process last did; the page tells freshness from it. All times by this machine's clock, ms. */
export interface RollupStatus {
  /** Last look at what is due that ended well, 0 before the first. */
  lastLookAt: number;
  /** Days that were due then and could not be finished. */
  waiting: number;
  /** Since when it has been failing, 0 while it works. */
  failingSince: number;
}

/** After an attempt that did not finish, a day rests at least ten times this long, ms. */
const REST_MS_MIN = 500;
/** Windows are looked at after the last due day, and between days as often as this, ms. */
const WINDOWS_WAIT_MS = 60_000;

export interface Rollup {
  readonly status: Readonly<RollupStatus>;
  /** Looks and computes until nothing is due or the signal aborts. Rejects when ClickHouse cannot be asked. */
  run(signal: AbortSignal): Promise<void>;
}

export interface RollupDependencies {
  readonly clickhouse: ClickHouse;
  readonly metrics: ReporterMetrics;
  readonly log: Logger;
}

export function createRollup(dependencies: RollupDependencies): Rollup {
  const { clickhouse, metrics, log } = dependencies;
  const status: RollupStatus = { lastLookAt: 0, waiting: 0, failingSince: 0 };
  /** Day -> its last attempt of this process, as long as no run has finished since. */
  const unfinished = new Map<string, Attempt & { readonly failed: boolean }>();
  const failingDays = () => [...unfinished.values()].filter(({ failed }) => failed).length;
  const windows = createWindowRuns(dependencies);
  const countTooLate = countEventsTooLate(clickhouse);

  async function look(): Promise<DueDay[]> {
    const facts = await readDayFacts(clickhouse);
    for (const { day, lastRun } of facts.days)
      if ((lastRun?.at ?? 0) > (unfinished.get(day)?.at ?? Infinity)) unfinished.delete(day);
    const due = dueDays({ ...facts, failed: unfinished });
    metrics.lateForever.set(await countTooLate(facts));
    metrics.daysDue.set(due.length);
    metrics.lastLookSeconds.set(facts.now / 1000);
    // a second look within the margin changes nothing that a reader would wait for
    status.waiting = due.filter(({ reason }) => reason !== 'again').length + failingDays();
    status.lastLookAt = Date.now();
    return due;
  }

  async function compute({ day, reason }: DueDay, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    try {
      const { generations, durationMs } = await recomputeDay(clickhouse, day, signal);
      unfinished.delete(day);
      metrics.dayRuns.inc({ result: 'done' });
      metrics.dayRunSeconds.observe(durationMs / 1000);
      metrics.generations.inc(generations);
      log.debug({ day, reason, generations, durationMs }, 'a day was rolled up');
    } catch (error) {
      if (signal.aborted) return;
      const beaten = error instanceof BeatenError;
      // the pause is measured by this machine's clock, ClickHouse's is near enough to it for a pause
      const durationMs = Math.max(REST_MS_MIN, performance.now() - startedAt);
      unfinished.set(day, { at: Date.now(), durationMs, failed: !beaten });
      metrics.dayRuns.inc({ result: beaten ? 'beaten' : 'failed' });
      if (beaten) return;
      if (error instanceof ClickHouseError && error.serverCode === undefined) throw error;
      log.error({ err: error, day }, 'a day could not be rolled up; its old figures stay');
    }
  }

  return {
    status,
    run: async (signal) => {
      try {
        let due = await look();
        await removeLeftOvers(clickhouse);
        let windowsAt = performance.now();
        for (let next = due[0]; next !== undefined && !signal.aborted; next = due[0]) {
          await compute(next, signal);
          if (performance.now() - windowsAt >= WINDOWS_WAIT_MS) {
            await windows.run(signal);
            windowsAt = performance.now();
          }
          due = await look();
        }
        await windows.run(signal);
        const failing = failingDays() + windows.failing();
        status.failingSince = failing === 0 ? 0 : status.failingSince || Date.now();
      } catch (error) {
        status.failingSince ||= Date.now();
        throw error;
      }
    },
  };
}
