// One look at which windows are due, and their figures one after the other. In: the ledgers, a signal that ends it.
// Out: recomputed windows, metrics. A window that fails never holds up the others, nor the days.
import { ClickHouseError, type ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { ReporterMetrics } from '../metrics.js';
import type { Attempt } from './due.js';
import { dueWindows, type WindowDays } from './due-windows.js';
import { recomputeWindow } from './recompute-window.js';
import { BeatenError } from './staging.js';
import { readWindowFacts } from './window-facts.js';

/** After an attempt that did not finish, a window rests at least ten times this long, ms. */
const REST_MS_MIN = 500;

export interface WindowRuns {
  /** Windows whose last attempt of this process failed. */
  failing(): number;
  /** Rejects when ClickHouse cannot be asked. */
  run(signal: AbortSignal): Promise<void>;
}

export interface WindowRunsDependencies {
  readonly clickhouse: ClickHouse;
  readonly metrics: ReporterMetrics;
  readonly log: Logger;
}

export function createWindowRuns({ clickhouse, metrics, log }: WindowRunsDependencies): WindowRuns {
  /** Window -> its last attempt of this process that did not finish. */
  const unfinished = new Map<WindowDays, Attempt & { readonly failed: boolean }>();

  async function compute(windowDays: WindowDays, signal: AbortSignal): Promise<void> {
    const startedAt = performance.now();
    // the pause is measured by this machine's clock, ClickHouse's is near enough to it for a pause
    const end = (result: 'done' | 'beaten' | 'failed') => {
      metrics.windowRuns.inc({ result });
      const durationMs = Math.max(REST_MS_MIN, performance.now() - startedAt);
      if (result === 'done') unfinished.delete(windowDays);
      else unfinished.set(windowDays, { at: Date.now(), durationMs, failed: result === 'failed' });
    };
    try {
      const { durationMs, failed } = await recomputeWindow(clickhouse, windowDays, signal);
      for (const { project, error } of failed)
        log.error(
          { err: error, windowDays, project },
          'a window of a project could not be computed; its old figures stay',
        );
      metrics.windowRunSeconds.observe(durationMs / 1000);
      end(failed.length === 0 ? 'done' : 'failed');
      log.debug({ windowDays, durationMs }, 'a window was computed');
    } catch (error) {
      if (signal.aborted) return;
      const beaten = error instanceof BeatenError;
      end(beaten ? 'beaten' : 'failed');
      if (beaten) return;
      if (error instanceof ClickHouseError && error.serverCode === undefined) throw error;
      log.error({ err: error, windowDays }, 'a window could not be computed; its old figures stay');
    }
  }

  return {
    failing: () => [...unfinished.values()].filter(({ failed }) => failed).length,
    run: async (signal) => {
      if (signal.aborted) return;
      const facts = await readWindowFacts(clickhouse);
      for (const windowDays of dueWindows({ ...facts, unfinished })) {
        if (signal.aborted) return;
        await compute(windowDays, signal);
      }
    },
  };
}
