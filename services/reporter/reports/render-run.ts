// Makes the report of a slot and stores it, with a row for each target that is to get it. In: what is due, a lease. Out: rows.
// Waits for the roll-up, but not for ever: then the report says which days it could not wait for.
import type { TableLease } from '../../../infra/clickhouse/table-lease.js';
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { ClickHouseError } from '../../../shared/runtime/clickhouse.js';
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

/** Rows to append, or undefined when it is to wait. Rejects when ClickHouse cannot be asked. */
export async function renderRun(
  render: Render,
  now: number,
  lease: TableLease,
  leaseMs: number,
  owner: string,
  dependencies: RunnerDependencies,
): Promise<readonly RunRow[] | undefined> {
  const { definition, claimedAt, project_id, report_id, slot, edition, target, attempt } = render;
  const key = { project_id, report_id, slot, edition };
  try {
    const missing = await daysMissing(definition, slot * 1000, dependencies);
    if (missing.length > 0 && now < claimedAt + ROLLUP_WAIT_MS) return undefined;
    const report = await whileHeld(lease, leaseMs, async () => await makeReport(render, now, dependencies));
    const content = JSON.stringify(withMissingDays(report, missing));
    return storedRows({ ...key, attempt, owner, now, content }, definition.targets.map(targetKey));
  } catch (error) {
    // no answer at all: the next pass tries again, and this was no attempt
    if (error instanceof ClickHouseError && error.serverCode === undefined) throw error;
    const pause = pauseMs(attempt, 0, dependencies.pausesS ?? RETRY_PAUSES_S);
    const fields = { err: error, report: report_id, project: project_id, attempt };
    const row = { ...key, target, attempt, owner };
    if (pause === undefined) {
      dependencies.log.error(fields, 'a report could not be made; its slot has none');
      return [{ ...row, status: 'abandoned', detail: `could not be made in ${attempt} attempts` }];
    }
    dependencies.log.warn(fields, 'a report could not be made; it will be tried again');
    return [{ ...row, status: 'waiting', retry_at: Math.round(now + pause), detail: 'could not be made' }];
  }
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
