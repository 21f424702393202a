// The drift watch as a part of the daily job: once per UTC day and process. In: what the job hands on. Out: new rows of `drift_looks`.
// Another process may have looked already: then nothing is appended.
import type { Project } from '../../../shared/contract/projects.js';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import { utcDay } from '../figures/filter.js';
import { watchDrift } from './watch.js';

export type DailyWatch = (projects: readonly Pick<Project, 'id'>[], asOf: number, signal: AbortSignal) => Promise<void>;

/** What failed is tried again with the job's next run. */
export function createDailyWatch(clickhouse: ClickHouse, log: Logger): DailyWatch {
  let watchedOn: string | undefined;
  return async (projects, asOf, signal) => {
    const today = utcDay(asOf);
    if (watchedOn === today) return;
    const startedAt = performance.now();
    const { rows } = await watchDrift(clickhouse, projects, asOf, signal);
    watchedOn = today;
    log.info({ rows, durationMs: Math.round(performance.now() - startedAt) }, 'rates were watched for a fall');
  };
}
