// Whether reports arrive. In: projects. Out: how the newest delivery to each target stands, for the page and for figures.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { FINAL_SQL, type RunStatus } from './ledger-rows.js';

export interface ReportTargetState {
  readonly project: string;
  readonly report: string;
  /** `kind:name`. */
  readonly target: string;
  /** Of the newest delivery. */
  readonly status: RunStatus;
  readonly detail: string;
  /** ms. */
  readonly at: number;
  /** Reports that it got in the last 30 days. */
  readonly sent: number;
  /** Reports that it has yet to get. */
  readonly open: number;
}

export const REPORT_TARGET_STATE_DAYS = 30;

/** How the newest attempt at each target of a report ended, over the last 30 days. Without those that were skipped. */
export async function readReportTargetStates(
  clickhouse: ClickHouse,
  projects: readonly string[],
): Promise<ReportTargetState[]> {
  const rows = await clickhouse.query<{
    project: string;
    report: string;
    to: string;
    state: RunStatus;
    words: string;
    ended_ms: string;
    sent: string;
    open: string;
  }>(
    `SELECT project_id AS project, report_id AS report, target AS to, toString(argMax(newest, (ended, newest))) AS state,
       argMax(said, (ended, newest)) AS words, toUnixTimestamp64Milli(max(ended)) AS ended_ms,
       countIf(newest = 'sent') AS sent, countIf(NOT done) AS open
     FROM (
       SELECT project_id, report_id, target, slot, edition, max(status IN (${FINAL_SQL})) AS done,
         argMax(status, (status IN (${FINAL_SQL}), attempt, status)) AS newest,
         argMax(detail, (status IN (${FINAL_SQL}), attempt, status)) AS said,
         argMax(at, (status IN (${FINAL_SQL}), attempt, status)) AS ended
       FROM report_runs
       WHERE has({projects:Array(String)}, project_id) AND target != '' AND edition > 0
         AND at >= now64(3) - INTERVAL ${REPORT_TARGET_STATE_DAYS} DAY
       GROUP BY project_id, report_id, target, slot, edition HAVING newest != 'skipped'
     ) GROUP BY project_id, report_id, target ORDER BY project_id, report_id, target`,
    { projects },
    READ_SETTINGS,
  );
  return rows.map(({ to, state, words, ended_ms, sent, open, ...key }) => ({
    ...key,
    target: to,
    status: state,
    detail: words,
    at: Number(ended_ms),
    sent: Number(sent),
    open: Number(open),
  }));
}
