// The daily job: one look at all comparisons per UTC day, by ClickHouse's clock. In: projects, a signal. Out: looks, and what follows
// from them. It waits while days that may be final are still to be rolled up, and while another reporter is at it.
// A day on which nobody looked is simply missed; a second look of a day is avoided here, and changes nothing where it happens.
import { takeLease } from '../../../infra/clickhouse/table-lease.js';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { ReporterMetrics } from '../metrics.js';
import { readDayFacts } from '../rollup/day-facts.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import { readClock } from '../rollup/staging.js';
import { removeOldLookTables, workDatabase } from './look-tables.js';
import { takeLooks, type ComparedProject } from './take-looks.js';
import { isBehind } from './behind.js';

/** Whoever holds the lease may look; a look over ten million generations takes minutes, ms. */
const LEASE_MS = 30 * 60_000;
const LEASE = 'looks';

/**
 * How one run ended. `done`: today had its look. `nothing`: there is nothing to compare yet. `waiting`: days are still to be rolled
 * up. `busy`: another reporter is at it.
 */
export type DailyResult = 'taken' | 'done' | 'nothing' | 'waiting' | 'busy';

export interface DailyLooks {
  /** Rejects when ClickHouse cannot be asked, or the signal aborts; the next run tries again. */
  run(signal: AbortSignal): Promise<DailyResult>;
}

/** What is done with the looks of a day: at every run from the look on, so it must bear being repeated. */
export type AfterLooks<P> = (projects: readonly P[], asOf: number, signal: AbortSignal) => Promise<void>;

export interface DailyLooksDependencies<P> {
  readonly clickhouse: ClickHouse;
  readonly projects: () => readonly P[];
  readonly metrics: ReporterMetrics;
  readonly log: Logger;
  readonly afterLooks?: readonly AfterLooks<P>[];
  /** ClickHouse's clock, ms. */
  readonly clock?: () => Promise<number>;
}

export function createDailyLooks<P extends ComparedProject>(dependencies: DailyLooksDependencies<P>): DailyLooks {
  const { clickhouse, projects, metrics, log, afterLooks = [] } = dependencies;
  const clock = dependencies.clock ?? (async () => await readClock(clickhouse));

  async function look(now: number, signal: AbortSignal): Promise<DailyResult> {
    if (await hasLook(clickhouse, utcDay(now))) return 'done';
    if (isBehind(await readDayFacts(clickhouse), projects(), now)) return 'waiting';
    const startedAt = performance.now();
    const { looks } = await takeLooks(clickhouse, projects(), now, signal);
    if (looks === 0) return 'nothing';
    metrics.looks.inc(looks);
    metrics.dailyLookSeconds.set(now / 1000);
    log.info({ looks, durationMs: Math.round(performance.now() - startedAt) }, 'comparisons were looked at');
    return 'taken';
  }

  async function run(signal: AbortSignal): Promise<DailyResult> {
    const now = await clock();
    const lease = await takeLease(clickhouse, workDatabase(clickhouse), LEASE, LEASE_MS);
    if (lease === undefined) return 'busy';
    try {
      await removeOldLookTables(clickhouse, await readClock(clickhouse));
      const result = await look(now, signal);
      if (result === 'waiting') return result;
      for (const after of afterLooks) {
        if (!(await lease.renew())) return 'busy';
        await after(projects(), now, signal);
      }
      return result;
    } finally {
      await lease.release();
    }
  }

  return {
    run: async (signal) => {
      try {
        const result = await run(signal);
        metrics.lookRuns.inc({ result });
        return result;
      } catch (error) {
        if (!signal.aborted) metrics.lookRuns.inc({ result: 'failed' });
        throw error;
      }
    },
  };
}

function utcDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

async function hasLook(clickhouse: ClickHouse, day: string): Promise<boolean> {
  const [row] = await clickhouse.query<{ found: number }>(
    `SELECT count() > 0 AS found FROM comparison_looks WHERE toDate(look_at) = {day:Date}`,
    { day },
    ROLLUP_SETTINGS,
  );
  return row?.found === 1;
}
