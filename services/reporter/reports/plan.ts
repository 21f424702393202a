// What is to be done about reports now. In: definitions, projects, the ledger, the time. Out: rows to write, reports to make,
// deliveries to try. Pure. Each slot is made once, and each target gets each report with one id.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { ATTEMPTS_MAX, pauseMs } from '../deliver/retries.js';
import type { ReportDefinition, ReportTarget } from './definition.js';
import { dueSlotRows } from './due-slots.js';
import { REPORT_ITSELF, type RunKey, type RunRow } from './ledger-rows.js';
import type { OpenEntry, ScheduleLedger } from './schedule-ledger.js';

/**
 * Attempts to make a report that began and never ended. Each of them took the whole reporter with it, pages and roll-up included, and
 * stood before the reports behind it; whatever ends a process so often will end it again.
 */
export const UNENDED_RENDERS_MAX = 3;

/** A report to be made. */
export interface Render extends RunKey {
  readonly definition: ReportDefinition;
  /** From 1. */
  readonly attempt: number;
  /** When it was claimed, ms. */
  readonly claimedAt: number;
}

export interface ReportDelivery extends RunKey {
  readonly to: ReportTarget;
  /** From 1. */
  readonly attempt: number;
}

export interface ReportPlan {
  readonly rows: readonly RunRow[];
  /** Oldest slot first. */
  readonly renders: readonly Render[];
  readonly deliveries: readonly ReportDelivery[];
}

export interface ReportSituation {
  readonly definitions: readonly ReportDefinition[];
  readonly projects: readonly string[];
  readonly ledger: ScheduleLedger;
  /** ms by ClickHouse's clock. */
  readonly now: number;
  readonly owner: string;
  readonly attemptsMax?: number;
}

export function isAbout({ projects }: Pick<ReportDefinition, 'projects'>, project: string): boolean {
  return projects === undefined || projects.includes(project);
}

export function planReports(situation: ReportSituation): ReportPlan {
  const { definitions, projects, ledger, now, owner } = situation;
  const rows = definitions.flatMap((definition) => {
    const own = ledger.cursors.filter(({ report_id }) => report_id === definition.id);
    const cursors = new Map(own.map((cursor) => [cursor.project_id, cursor]));
    const about = projects.filter((project) => isAbout(definition, project));
    return dueSlotRows({ definition, projects: about, cursors, now, owner });
  });
  const claimed = rows
    .filter(({ status }) => status === 'claimed')
    .map(({ detail: _, ...row }): OpenEntry => ({ ...row, retryAt: now, claimedAt: now, unended: 0 }));
  const plan = { rows, renders: [] as Render[], deliveries: [] as ReportDelivery[] };
  for (const entry of [...ledger.open, ...claimed]) planEntry(entry, situation, plan);
  plan.renders.sort((a, b) => a.slot - b.slot);
  return plan;
}

interface Drafts {
  readonly rows: RunRow[];
  readonly renders: Render[];
  readonly deliveries: ReportDelivery[];
}

/** Goes on with what is not finished. Projects that this process does not know are left to those that do. */
function planEntry(entry: OpenEntry, situation: ReportSituation, plan: Drafts): void {
  const { definitions, projects, now, owner, attemptsMax = ATTEMPTS_MAX } = situation;
  const { project_id, report_id, slot, edition, target, attempt, status, retryAt } = entry;
  if (!projects.includes(project_id)) return;
  const key = { project_id, report_id, slot, edition, target };
  const end = (ending: 'skipped' | 'abandoned', detail: string) =>
    plan.rows.push({ ...key, attempt, status: ending, owner, detail });
  const definition = definitions.find(({ id }) => id === report_id);
  if (definition === undefined || !isAbout(definition, project_id)) {
    end('skipped', 'the report left the reports file');
    return;
  }
  if (target === REPORT_ITSELF) {
    planRender(entry, definition, situation, plan);
    return;
  }
  const to = definition.targets.find((each) => targetKey(each) === target);
  if (to === undefined) {
    end('skipped', 'the target left the reports file');
    return;
  }
  // only the holder of the lease sends, so whoever began this attempt is gone
  const interrupted = status === 'sending' || status === 'unknown';
  if (status === 'sending')
    plan.rows.push({ ...key, attempt, status: 'unknown', owner, detail: 'the process stopped during the attempt' });
  if (interrupted && attempt >= attemptsMax) end('abandoned', `no certain end after ${attempt} attempts`);
  else if (interrupted || retryAt <= now) plan.deliveries.push({ ...key, to, attempt: attempt + 1 });
}

/** Only the holder of the lease makes reports, so whoever began an attempt that has no end is gone. */
function planRender(
  { status, retryAt, claimedAt, unended, ...entry }: OpenEntry,
  definition: ReportDefinition,
  { now, owner }: ReportSituation,
  plan: Drafts,
): void {
  const { project_id, report_id, slot, edition, target, attempt } = entry;
  const key = { project_id, report_id, slot, edition, target };
  const interrupted = status === 'sending' || status === 'unknown';
  if (interrupted && unended >= UNENDED_RENDERS_MAX) {
    const detail = `the process that made it stopped during each of ${unended} attempts, perhaps because of it`;
    plan.rows.push({ ...key, attempt, status: 'failed', owner, detail });
  } else if (status === 'sending') {
    // what is behind it in the meantime gets its turn
    const retry_at = now + (pauseMs(unended) ?? 0);
    plan.rows.push({ ...key, attempt, status: 'unknown', retry_at, owner, detail: 'the process that made it stopped' });
  } else if (retryAt <= now) plan.renders.push({ ...key, definition, attempt: attempt + 1, claimedAt });
}
