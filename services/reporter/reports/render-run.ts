// Makes the report of a slot and stores it, with a row for each target that is to get it. In: what is due, a lease. Out: rows.
// Waits for the roll-up, but not for ever: then the report says which days it could not wait for.
import type { TableLease } from '../../../infra/clickhouse/table-lease.js';
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { RETRY_PAUSES_S, pauseMs } from '../deliver/retries.js';
import { readPreviousReport } from './ledger.js';
import type { RunRow } from './ledger-rows.js';
import type { ReportDefinition } from './definition.js';
import type { Render } from './plan.js';
import type { Report } from './report.js';
import type { RunnerDependencies } from './runner-dependencies.js';
import { whileHeld } from './while-held.js';

/** A report waits so long for days of its window to be rolled up, ms from when it was claimed. */
export const ROLLUP_WAIT_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface Holding {
  readonly lease: TableLease;
  readonly leaseMs: number;
  readonly owner: string;
}

/** Rows to append, or undefined when it is to wait. `begin` is asked before the report is made. Never rejects. */
export async function renderRun(
  render: Render,
  now: number,
  { lease, leaseMs, owner }: Holding,
  begin: () => Promise<void>,
  dependencies: RunnerDependencies,
): Promise<readonly RunRow[] | undefined> {
  const { definition, claimedAt, project_id, report_id, slot, edition, target, attempt } = render;
  const key = { project_id, report_id, slot, edition };
  try {
    const missing = await daysMissing(definition, slot * 1000, dependencies);
    if (missing.length > 0 && now < claimedAt + ROLLUP_WAIT_MS) return undefined;
    await begin();
    const report = await whileHeld(lease, leaseMs, async () => await makeReport(render, now, dependencies));
    const content = JSON.stringify(withMissingDays(report, missing));
    return storedRows({ ...key, attempt, owner, now, content }, definition.targets.map(targetKey));
  } catch (error) {
    const fields = { err: error, report: report_id, project: project_id, attempt };
    const row = notMadeRow({ ...key, target, attempt, owner }, now, 'could not be made', dependencies.pausesS);
    if (row.status === 'abandoned') dependencies.log.error(fields, 'a report could not be made; its slot has none');
    else dependencies.log.warn(fields, 'a report could not be made; it will be tried again');
    return [row];
  }
}

/** The end of an attempt that gave no report: it is tried again behind a pause, unless it was the last one. */
export function notMadeRow(
  row: Omit<RunRow, 'status' | 'detail'>,
  now: number,
  why: string,
  pausesS: readonly number[] = RETRY_PAUSES_S,
): RunRow {
  const pause = pauseMs(row.attempt, 0, pausesS);
  if (pause === undefined) return { ...row, status: 'abandoned', detail: `${why} in ${row.attempt} attempts` };
  return { ...row, status: 'waiting', retry_at: Math.round(now + pause), detail: why };
}

export async function makeReport(
  { definition, project_id, slot, edition }: Pick<Render, 'definition' | 'project_id' | 'slot' | 'edition'>,
  now: number,
  {
    clickhouse,
    projects,
    build,
    publicUrl,
  }: Pick<RunnerDependencies, 'clickhouse' | 'projects' | 'build' | 'publicUrl'>,
): Promise<Report> {
  const project = projects().find(({ id }) => id === project_id);
  if (project === undefined) throw new Error('the project left the projects file meanwhile');
  const previous = await readPreviousReport(clickhouse, {
    project: project_id,
    report: definition.id,
    slot: slot * 1000,
  });
  return await build({
    ...{ clickhouse, project, definition, edition, now, previous },
    slot: slot * 1000,
    publicUrl: publicUrl(),
  });
}

/** Days of the window of a slot that are not rolled up. */
export async function daysMissing(
  { windowDays }: ReportDefinition,
  slot: number,
  { daysNotRolledUp }: Pick<RunnerDependencies, 'daysNotRolledUp'>,
): Promise<readonly string[]> {
  const to = Math.floor(slot / DAY_MS) * DAY_MS;
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return await daysNotRolledUp(day(to - windowDays * DAY_MS), day(to));
}

/** Says which days it did not wait for. */
export function withMissingDays(report: Report, missing: readonly string[]): Report {
  if (missing.length === 0) return report;
  const [first = '', last = ''] = [missing[0], missing.at(-1)];
  const days = missing.length === 1 ? first : `${missing.length} days from ${first} to ${last}`;
  const sentence = `When this report was made, events of ${days} (UTC) were stored that its figures do not hold yet.`;
  if (report.quality === null) return { ...report, notes: [...report.notes, sentence] };
  return { ...report, quality: { ...report.quality, warnings: [...report.quality.warnings, sentence] } };
}

interface Stored {
  readonly project_id: string;
  readonly report_id: string;
  readonly slot: number;
  readonly edition: number;
  readonly attempt: number;
  readonly owner: string;
  readonly now: number;
  readonly content: string;
}

/** The report and what is to be sent, in one insert. */
export function storedRows({ attempt, content, now, ...key }: Stored, targets: readonly string[]): RunRow[] {
  return [
    { ...key, target: '', attempt, status: 'rendered', detail: '', content },
    ...targets.map((target): RunRow => ({ ...key, target, attempt: 0, status: 'claimed', retry_at: now, detail: '' })),
  ];
}
