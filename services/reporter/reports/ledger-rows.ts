// What the ledger of reports says, row by row. In: rows to append. Out: nothing. Must never hold an address or a secret.
// Where a delivery stands is a function of the set of its rows: their order and their copies change nothing.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';

/** In ClickHouse's order: of the rows of one attempt the last of these counts, but a final one always does. */
export type RunStatus =
  'claimed' | 'rendered' | 'sending' | 'sent' | 'failed' | 'skipped' | 'unknown' | 'waiting' | 'abandoned';

/** After one of these nothing follows. */
export const FINAL_STATUSES = ['rendered', 'sent', 'failed', 'skipped', 'abandoned'] as const;
/** The same, as a list in SQL. */
export const FINAL_SQL = FINAL_STATUSES.map((status) => `'${status}'`).join(', ');

/** The report itself, which is made before it is sent. */
export const REPORT_ITSELF = '';
/** Of the row that remembers when a report was first seen: its slot is that instant, and slots count from then on. */
export const FIRST_SEEN_EDITION = 0;

export interface RunKey {
  readonly project_id: string;
  readonly report_id: string;
  /** Scheduled instant, s. */
  readonly slot: number;
  readonly edition: number;
  /** `kind:name`, or REPORT_ITSELF. */
  readonly target: string;
}

export interface RunRow extends RunKey {
  readonly status: RunStatus;
  readonly attempt: number;
  /** ms; with claimed and waiting, and with unknown of the report itself. */
  readonly retry_at?: number;
  readonly owner: string;
  readonly detail: string;
  /** With rendered: the report as JSON. */
  readonly content?: string;
}

/** All of them or none: they are one insert. */
export async function appendRuns(clickhouse: ClickHouse, rows: readonly RunRow[]): Promise<void> {
  if (rows.length === 0) return;
  const body = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await clickhouse.insertBlock('report_runs', [Buffer.from(body)]);
}
