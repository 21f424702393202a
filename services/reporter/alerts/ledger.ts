// The ledger of alerts in ClickHouse. In: rows to append. Out: where each delivery stands. Must never hold an address or a secret.
// Where a delivery stands is a function of the set of its rows: their order and their copies change nothing.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';

export type DeliveryStatus =
  'claimed' | 'sending' | 'unknown' | 'waiting' | 'failed' | 'abandoned' | 'skipped' | 'sent';

/** After one of these nothing follows. */
export const FINAL_STATUSES = ['failed', 'abandoned', 'skipped', 'sent'] as const;

export interface DeliveryKey {
  readonly project_id: string;
  readonly alert_id: string;
  /** `kind:name`. */
  readonly target: string;
}

export interface LedgerRow extends DeliveryKey {
  readonly status: DeliveryStatus;
  readonly attempt: number;
  /** ms by ClickHouse's clock; with claimed and waiting. */
  readonly retry_at?: number;
  readonly owner: string;
  readonly detail: string;
  readonly content?: string;
}

export interface LedgerEntry extends DeliveryKey {
  readonly status: DeliveryStatus;
  readonly attempt: number;
  /** ms. */
  readonly retryAt: number;
  readonly done: boolean;
  /** JSON of the alert; empty when done. */
  readonly content: string;
}

const FINAL = FINAL_STATUSES.map((status) => `'${status}'`).join(', ');

/** Where deliveries stand; `openOnly` leaves out those after which nothing follows. */
export async function readLedger(
  clickhouse: ClickHouse,
  projects: readonly string[],
  openOnly: boolean,
): Promise<LedgerEntry[]> {
  const rows = await clickhouse.query<
    DeliveryKey & { done: number; newest_status: DeliveryStatus; newest_attempt: number; due: string; json: string }
  >(
    `SELECT project_id, alert_id, target, max(status IN (${FINAL})) AS done,
       toString(argMax(status, (attempt, status))) AS newest_status, max(attempt) AS newest_attempt,
       toUnixTimestamp64Milli(argMax(retry_at, (attempt, status))) AS due,
       if(done, '', argMinIf(content, at, status = 'claimed')) AS json
     FROM alert_deliveries WHERE has({projects:Array(String)}, project_id)
     GROUP BY project_id, alert_id, target ${openOnly ? 'HAVING NOT done' : ''}
     ORDER BY due, project_id, alert_id, target`,
    { projects },
    READ_SETTINGS,
  );
  return rows.map(({ done, newest_status: status, newest_attempt: attempt, due, json, ...key }) => ({
    ...key,
    status,
    attempt,
    retryAt: Number(due),
    done: done === 1,
    content: json,
  }));
}

export async function appendRows(clickhouse: ClickHouse, rows: readonly LedgerRow[]): Promise<void> {
  if (rows.length === 0) return;
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await clickhouse.insertBlock('alert_deliveries', [Buffer.from(body)]);
}

export interface TargetState {
  readonly project: string;
  readonly target: string;
  readonly status: DeliveryStatus;
  readonly detail: string;
  /** ms. */
  readonly at: number;
  /** Alerts that it got in the last 30 days. */
  readonly sent: number;
  /** Alerts that it has yet to get. */
  readonly open: number;
}

export const TARGET_STATE_DAYS = 30;

/** With `{projects:Array(String)}`; `at` is ms. */
export const TARGET_STATES_SQL = `SELECT project_id AS project, target, toString(argMax(newest, (ended, newest))) AS status,
   argMax(words, (ended, newest)) AS detail, toUnixTimestamp64Milli(max(ended)) AS at,
   countIf(newest = 'sent') AS sent, countIf(NOT done) AS open
 FROM (
   SELECT project_id, target, alert_id, argMax(status, (attempt, status)) AS newest, max(status IN (${FINAL})) AS done,
     argMax(detail, (attempt, status)) AS words, argMax(at, (attempt, status)) AS ended
   FROM alert_deliveries
   WHERE has({projects:Array(String)}, project_id) AND at >= now64(3) - INTERVAL ${TARGET_STATE_DAYS} DAY AND status != 'skipped'
   GROUP BY project_id, target, alert_id
 ) GROUP BY project_id, target ORDER BY project_id, target`;

/** How the newest attempt at each target ended, over the last 30 days. */
export async function readTargetStates(clickhouse: ClickHouse, projects: readonly string[]): Promise<TargetState[]> {
  const rows = await clickhouse.query<{
    project: string;
    target: string;
    status: DeliveryStatus;
    detail: string;
    at: string;
    sent: string;
    open: string;
  }>(TARGET_STATES_SQL, { projects }, READ_SETTINGS);
  return rows.map((row) => ({ ...row, at: Number(row.at), sent: Number(row.sent), open: Number(row.open) }));
}
