// What the schedule reads of the ledger: up to which slot each report has come, and what is not finished. In: projects, the time.
// Out: cursors and open entries. A slot that was made by hand, or under a clock that ran ahead, is known here and not made again.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { FINAL_SQL, type RunKey, type RunStatus } from './ledger-rows.js';

/** Older slots are not looked at: a report that was away for longer begins anew. */
export const LOOK_BACK_DAYS = 400;

export interface Cursor {
  readonly project_id: string;
  readonly report_id: string;
  /** Newest slot that the schedule has dealt with and that is not in the future, or when the report was first seen; ms. */
  readonly newest: number;
  /** Later slots that are there nevertheless, ms. */
  readonly known: readonly number[];
  /** Newest slot that is stored, ms; 0 when there is none. */
  readonly stored: number;
  /** Newest slot that ended without a report, though somebody may have made it by hand since; ms, 0 when there is none. */
  readonly givenUp: number;
}

export interface OpenEntry extends RunKey {
  readonly status: RunStatus;
  readonly attempt: number;
  /** ms. */
  readonly retryAt: number;
  /** When it was claimed first, ms. */
  readonly claimedAt: number;
  /** Attempts that began and never ended: the process stopped during them, or they go on right now. */
  readonly unended: number;
}

export interface ScheduleLedger {
  readonly cursors: readonly Cursor[];
  /** Those that have waited longest first. */
  readonly open: readonly OpenEntry[];
}

const SINCE = `slot >= toDateTime({now:UInt32}, 'UTC') - INTERVAL ${LOOK_BACK_DAYS} DAY`;

export async function readScheduleLedger(
  clickhouse: ClickHouse,
  projects: readonly string[],
  nowMs: number,
): Promise<ScheduleLedger> {
  const params = { projects, now: Math.floor(nowMs / 1000) };
  return { cursors: await readCursors(clickhouse, params), open: await readOpen(clickhouse, params) };
}

interface Params {
  readonly projects: readonly string[];
  /** s. */
  readonly now: number;
}

async function readCursors(clickhouse: ClickHouse, { projects, now }: Params): Promise<Cursor[]> {
  const cursors = await clickhouse.query<{
    project_id: string;
    report_id: string;
    newest: number;
    known: number[];
    stored: number;
    given_up: number;
  }>(
    `SELECT project_id, report_id, newest, arrayFilter(s -> s > newest, slots) AS known, stored, given_up FROM (
       SELECT project_id, report_id,
         toUnixTimestamp(maxIf(slot, status IN ('claimed', 'skipped') AND slot <= toDateTime({now:UInt32}, 'UTC'))) AS newest,
         groupUniqArrayIf(toUnixTimestamp(slot), edition > 0) AS slots,
         toUnixTimestamp(maxIf(slot, status = 'rendered' AND slot <= toDateTime({now:UInt32}, 'UTC'))) AS stored,
         toUnixTimestamp(maxIf(slot, status IN ('failed', 'abandoned') AND slot <= toDateTime({now:UInt32}, 'UTC'))) AS given_up
       FROM report_runs WHERE target = '' AND ${SINCE} AND has({projects:Array(String)}, project_id)
       GROUP BY project_id, report_id)
     ORDER BY project_id, report_id`,
    { projects, now },
    READ_SETTINGS,
  );
  return cursors.map(({ newest, known, stored, given_up, ...key }) => ({
    ...key,
    newest: newest * 1000,
    known: known.map((slot) => slot * 1000),
    stored: stored * 1000,
    givenUp: given_up * 1000,
  }));
}

async function readOpen(clickhouse: ClickHouse, { projects, now }: Params): Promise<OpenEntry[]> {
  const open = await clickhouse.query<
    RunKey & {
      newest_status: RunStatus;
      newest_attempt: number;
      due: string;
      claimed: string;
      begun: number[];
      ended: number[];
      slot_s: number;
      to: string;
    }
  >(
    `SELECT project_id, report_id, toUnixTimestamp(slot) AS slot_s, edition, target AS to,
       toString(argMax(status, (attempt, status))) AS newest_status, max(attempt) AS newest_attempt,
       toUnixTimestamp64Milli(argMax(retry_at, (attempt, status))) AS due,
       toUnixTimestamp64Milli(minIf(retry_at, status = 'claimed')) AS claimed,
       groupUniqArrayIf(attempt, status = 'sending') AS begun,
       groupUniqArrayIf(attempt, status NOT IN ('claimed', 'sending', 'unknown')) AS ended
     FROM report_runs WHERE ${SINCE} AND has({projects:Array(String)}, project_id)
     GROUP BY project_id, report_id, slot, edition, target
     HAVING NOT max(status IN (${FINAL_SQL}))
     ORDER BY slot, due, project_id, report_id, edition, to`,
    { projects, now },
    READ_SETTINGS,
  );
  return open.map(({ project_id, report_id, slot_s: slot, edition, to: target, ...row }) => ({
    ...{ project_id, report_id, slot, edition, target },
    status: row.newest_status,
    attempt: row.newest_attempt,
    retryAt: Number(row.due),
    claimedAt: Number(row.claimed),
    unended: row.begun.filter((each) => !row.ended.includes(each)).length,
  }));
}
