// Reports that somebody asks for. In: a definition, a project, a slot. Out: a report as JSON; with `storeEdition` also stored, as
// the next edition, and brought to targets. What a target does not take now the reporter goes on with.
import { randomUUID } from 'node:crypto';
import { takeLease, type TableLease } from '../../../infra/clickhouse/table-lease.js';
import { targetKey } from '../../../shared/contract/alert-targets.js';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { StartError } from '../../../shared/runtime/errors.js';
import { sleep } from '../../../shared/runtime/retry.js';
import type { ReportDefinition, ReportTarget } from './definition.js';
import { readRuns, readStoredJson, type ReportRun, type TargetRun } from './ledger.js';
import { appendRuns, FINAL_STATUSES, type RunStatus } from './ledger-rows.js';
import { daysMissing, makeReport, storedRows, withMissingDays } from './render-run.js';
import { createReportDispatcher } from './report-dispatch.js';
import { reportSchema } from './report.js';
import { LEASE_MS, LEASE_NAME } from './runner.js';
import type { RunnerDependencies } from './runner-dependencies.js';
import { whileHeld } from './while-held.js';

/** So long it waits for a reporter that acts, or has died while it did, ms. */
const LEASE_WAIT_MS = 90_000;
const LEASE_LOOK_MS = 500;
/** Runs that are looked through for the one that was just made. */
const RUNS_MAX = 10_000;

export interface Asked {
  readonly definition: ReportDefinition;
  readonly project: string;
  /** ms. */
  readonly slot: number;
}

/** The next edition of a report, computed now and kept nowhere. */
export async function computeReport(asked: Asked, dependencies: RunnerDependencies): Promise<string> {
  const { definition, project, slot } = asked;
  const { clickhouse } = dependencies;
  const now = await dependencies.clock(clickhouse);
  const stored = await readStoredJson(clickhouse, { project, report: definition.id, slot });
  const edition = stored === undefined ? 1 : reportSchema.parse(JSON.parse(stored)).edition + 1;
  const missing = await daysMissing(definition, slot, dependencies);
  const key = { definition, project_id: project, slot: slot / 1000, edition };
  return JSON.stringify(withMissingDays(await makeReport(key, now, dependencies), missing));
}

export interface StoredEdition {
  readonly json: string;
  readonly targets: readonly TargetRun[];
}

/** Computes it and stores it for these targets of the definition, then tries each of them once. */
export async function storeEdition(
  asked: Asked,
  targets: readonly ReportTarget[],
  dependencies: RunnerDependencies,
): Promise<StoredEdition> {
  const { clickhouse, leaseMs = LEASE_MS } = dependencies;
  const { definition, project, slot } = asked;
  const owner = `by hand ${randomUUID()}`;
  const lease = await waitForLease(dependencies, leaseMs);
  try {
    const json = await whileHeld(lease, leaseMs, async () => await computeReport(asked, dependencies));
    const { edition } = reportSchema.parse(JSON.parse(json));
    const now = await dependencies.clock(clickhouse);
    if (!(await lease.renew())) throw new StartError('Another reporter took over meanwhile; nothing was stored.');
    const key = { project_id: project, report_id: definition.id, slot: slot / 1000, edition };
    const wanted = (await isOwed(asked, clickhouse)) ? definition.targets : targets;
    await appendRuns(clickhouse, storedRows({ ...key, attempt: 1, owner, now, content: json }, wanted.map(targetKey)));
    const deliveries = wanted.map((to) => ({ ...key, to, target: targetKey(to), attempt: 1 }));
    const dispatcher = createReportDispatcher(dependencies, owner);
    await dispatcher.dispatch(deliveries, now, lease, new AbortController().signal);
    const run = await runOf(asked, clickhouse);
    return { json, targets: (run?.targets ?? []).filter((each) => each.edition === edition) };
  } finally {
    await lease.release();
  }
}

async function runOf({ definition, project, slot }: Asked, clickhouse: ClickHouse): Promise<ReportRun | undefined> {
  const runs = await readRuns(clickhouse, project, RUNS_MAX);
  return runs.find((run) => run.report === definition.id && run.slot === slot);
}

/** Whether the schedule has claimed it and not made it: then this is what it would have made, and all targets get it. */
async function isOwed(asked: Asked, clickhouse: ClickHouse): Promise<boolean> {
  const status = (await runOf(asked, clickhouse))?.status;
  return status !== undefined && !(FINAL_STATUSES as readonly RunStatus[]).includes(status);
}

async function waitForLease({ clickhouse }: RunnerDependencies, leaseMs: number): Promise<TableLease> {
  const until = performance.now() + LEASE_WAIT_MS;
  for (;;) {
    const lease = await takeLease(clickhouse, `${clickhouse.connection.database}_work`, LEASE_NAME, leaseMs);
    if (lease !== undefined) return lease;
    if (performance.now() > until) throw new StartError('The reporter is busy with reports; try again later.');
    await sleep(LEASE_LOOK_MS);
  }
}
