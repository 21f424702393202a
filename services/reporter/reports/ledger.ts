// What pages read of the ledger of reports: which there are, and where each delivery stands. In: a project. Out: runs, stored
// reports, states of targets. Reads only.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { FINAL_SQL, REPORT_ITSELF, type RunStatus } from './ledger-rows.js';
import { reportSchema, type Report } from './report.js';

export interface TargetRun {
  /** `kind:name`. */
  readonly target: string;
  readonly edition: number;
  readonly status: RunStatus;
  readonly detail: string;
  readonly attempt: number;
  /** Of the newest step, ms. */
  readonly at: number;
}

/** A report of one slot. */
export interface ReportRun {
  readonly report: string;
  /** Scheduled instant, ms. */
  readonly slot: number;
  /** Of its newest edition: rendered once it is there, else claimed or waiting (to be made), skipped, abandoned. */
  readonly status: RunStatus;
  readonly detail: string;
  /** Those that are stored, newest last. */
  readonly editions: readonly { readonly edition: number; readonly madeAt: number }[];
  readonly targets: readonly TargetRun[];
}

interface StepRow {
  readonly report: string;
  readonly slot_s: number;
  readonly to: string;
  readonly version: number;
  readonly newest: RunStatus;
  readonly last_attempt: number;
  readonly words: string;
  readonly ended: string;
}

/** The newest step of each delivery: a final one, else that of the last attempt. What is stored is there, whatever was given up before. */
const NEWEST = `(status = 'rendered', status IN (${FINAL_SQL}), attempt, status)`;

/** The newest `limit` slots of a project, newest first; by report where slots are the same. */
export async function readRuns(clickhouse: ClickHouse, project: string, limit: number): Promise<ReportRun[]> {
  const rows = await clickhouse.query<StepRow>(
    `SELECT report_id AS report, toUnixTimestamp(slot) AS slot_s, target AS to, edition AS version,
       toString(argMax(status, ${NEWEST})) AS newest, argMax(attempt, ${NEWEST}) AS last_attempt,
       argMax(detail, ${NEWEST}) AS words, toUnixTimestamp64Milli(argMax(at, ${NEWEST})) AS ended
     FROM report_runs
     WHERE project_id = {project:String} AND edition > 0 AND (report_id, slot) IN (
       SELECT report_id, slot FROM report_runs WHERE project_id = {project:String} AND edition > 0
       GROUP BY report_id, slot ORDER BY slot DESC, report_id LIMIT {limit:UInt32})
     GROUP BY report_id, slot, target, edition
     ORDER BY slot DESC, report_id, edition, target`,
    { project, limit },
    READ_SETTINGS,
  );
  const runs = new Map<string, StepRow[]>();
  for (const row of rows) {
    const key = `${row.report} ${row.slot_s}`;
    runs.set(key, [...(runs.get(key) ?? []), row]);
  }
  return [...runs.values()].map(runOf);
}

function runOf(rows: readonly StepRow[]): ReportRun {
  const made = rows.filter(({ to }) => to === REPORT_ITSELF);
  const newest = made.at(-1);
  return {
    report: rows[0]?.report ?? '',
    slot: (rows[0]?.slot_s ?? 0) * 1000,
    status: newest?.newest ?? 'claimed',
    detail: newest?.words ?? '',
    editions: made
      .filter((row) => row.newest === 'rendered')
      .map(({ version, ended }) => ({ edition: version, madeAt: Number(ended) })),
    targets: rows
      .filter(({ to }) => to !== REPORT_ITSELF)
      .map(({ to, version, newest: status, words, last_attempt: attempt, ended }) => ({
        target: to,
        edition: version,
        status,
        detail: words,
        attempt,
        at: Number(ended),
      })),
  };
}

export interface StoredKey {
  readonly project: string;
  readonly report: string;
  /** ms. */
  readonly slot: number;
  /** The newest one when it is absent. */
  readonly edition?: number;
}

/** The JSON of a stored report, byte for byte; undefined when there is none. */
export async function readStoredJson(clickhouse: ClickHouse, key: StoredKey): Promise<string | undefined> {
  const { project, report, slot, edition = 0 } = key;
  const [row] = await clickhouse.query<{ json: string }>(
    `SELECT content AS json FROM report_runs
     WHERE report_id = {report:String} AND slot = toDateTime({slot:UInt32}, 'UTC') AND target = '' AND project_id = {project:String}
       AND status = 'rendered' AND ({edition:UInt16} = 0 OR edition = {edition:UInt16})
     ORDER BY edition DESC, at LIMIT 1`,
    { project, report, slot: Math.floor(slot / 1000), edition },
    READ_SETTINGS,
  );
  return row?.json;
}

export async function readStoredReport(clickhouse: ClickHouse, key: StoredKey): Promise<Report | undefined> {
  const json = await readStoredJson(clickhouse, key);
  return json === undefined ? undefined : reportSchema.parse(JSON.parse(json));
}

/** The newest stored report before a slot: what it says "since the last report" about. */
export async function readPreviousReport(
  clickhouse: ClickHouse,
  { project, report, slot }: StoredKey,
): Promise<Report | undefined> {
  const [row] = await clickhouse.query<{ json: string }>(
    `SELECT content AS json FROM report_runs
     WHERE report_id = {report:String} AND slot < toDateTime({slot:UInt32}, 'UTC') AND target = '' AND project_id = {project:String}
       AND status = 'rendered'
     ORDER BY slot DESC, edition DESC, at LIMIT 1`,
    { project, report, slot: Math.floor(slot / 1000) },
    READ_SETTINGS,
  );
  const parsed = row === undefined ? undefined : reportSchema.safeParse(JSON.parse(row.json));
  return parsed?.data;
}
