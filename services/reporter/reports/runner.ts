// Makes reports that are due and brings them to their targets. In: definitions, projects, the ledger. Out: stored reports, messages,
// rows of the ledger. Of several reporters one acts at a time, by a lease. A process that dies between a message and its row leaves
// `sending` behind: the next one repeats the message with the same id. Must never log an address or a secret.
import { randomUUID } from 'node:crypto';
import { takeLease, type TableLease } from '../../../infra/clickhouse/table-lease.js';
import { targetKey } from '../../../shared/contract/alert-targets.js';
import type { Dispatcher } from '../deliver/dispatch.js';
import type { ReportDefinition } from './definition.js';
import { appendRuns, REPORT_ITSELF, type RunRow } from './ledger-rows.js';
import { isAbout, planReports, type ReportDelivery, type ReportPlan } from './plan.js';
import { createRenderAttempts } from './render-attempts.js';
import { createReportDispatcher, queueOf } from './report-dispatch.js';
import type { ReportMetrics } from './report-metrics.js';
import type { RunnerDependencies } from './runner-dependencies.js';
import { readScheduleLedger, type Cursor, type ScheduleLedger } from './schedule-ledger.js';
import { readReportTargetStates } from './target-states.js';

/** How long a reporter that stops without a word keeps the others out, ms. Longer than one attempt with its rows. */
export const LEASE_MS = 60_000;
export const LEASE_NAME = 'reports';
/** Reports that are made before what is ready is sent. */
const RENDERS_AT_ONCE = 20;

export interface Runner {
  /** Does all that is due now. Rejects when ClickHouse cannot be asked. Never runs twice at once in a process. */
  run(signal: AbortSignal): Promise<void>;
}

type PlanNow = ReportPlan & { readonly now: number };

export function createRunner(dependencies: RunnerDependencies): Runner {
  const { clickhouse, projects, definitions, metrics, leaseMs = LEASE_MS } = dependencies;
  const owner = randomUUID();
  const dispatcher: Dispatcher<ReportDelivery> = createReportDispatcher(dependencies, owner);
  const attempts = createRenderAttempts(
    dependencies,
    { owner, leaseMs },
    async (rows) => await append(rows, dependencies),
  );
  const ids = () => projects().map(({ id }) => id);

  async function plan(held: ReadonlySet<string>): Promise<PlanNow> {
    const now = await dependencies.clock(clickhouse);
    const ledger = await readScheduleLedger(clickhouse, ids(), now);
    const known = definitions() ?? [];
    countRuns(ledger, known, metrics);
    const bounds = dependencies.pausesS === undefined ? {} : { attemptsMax: dependencies.pausesS.length + 1 };
    const planned = planReports({ definitions: known, projects: ids(), ledger, now, owner, ...bounds });
    return {
      ...{ now, rows: planned.rows },
      renders: planned.renders.filter((render) => !held.has(runKey(render))),
      deliveries: planned.deliveries.filter((delivery) => !held.has(queueOf(delivery))),
    };
  }

  /** Plans again under the lease: whoever had it before may have done all of it. */
  async function act(lease: TableLease, signal: AbortSignal): Promise<void> {
    /** What waits in this pass: targets that are away, reports whose days are not rolled up. */
    const held = new Set<string>();
    for (;;) {
      const { now, rows, renders, deliveries } = await plan(held);
      if (signal.aborted || definitions() === undefined || !(await lease.renew())) return;
      await append(rows, dependencies);
      if (renders.length === 0 && deliveries.length === 0) return;
      for (const render of renders.slice(0, RENDERS_AT_ONCE)) {
        if (signal.aborted || !(await lease.renew())) return;
        const end = await attempts.attempt(render, now, lease);
        if (end === 'lost') return;
        if (end === 'waits') held.add(runKey(render));
      }
      const sentAt = await dependencies.clock(clickhouse);
      for (const target of await dispatcher.dispatch(deliveries, sentAt, lease, signal)) held.add(target);
    }
  }

  async function pass(signal: AbortSignal): Promise<void> {
    if (signal.aborted || definitions() === undefined) return;
    await attempts.flush();
    await dispatcher.flush();
    const { rows, renders, deliveries } = await plan(new Set());
    if (rows.length + renders.length + deliveries.length > 0) {
      const lease = await takeLease(clickhouse, `${clickhouse.connection.database}_work`, LEASE_NAME, leaseMs);
      if (lease !== undefined)
        try {
          await act(lease, signal);
        } finally {
          await lease.release();
        }
    }
    await countTargets(dependencies);
  }

  let last: Promise<void> = Promise.resolve();
  return {
    run: async (signal) => {
      const next = last.then(async () => await pass(signal));
      last = next.catch(() => undefined);
      await next;
    },
  };
}

async function append(rows: readonly RunRow[], { clickhouse, metrics, log }: RunnerDependencies): Promise<void> {
  await appendRuns(clickhouse, rows);
  for (const { project_id: project, report_id: report, target, status, edition, attempt, detail: why } of rows)
    if (target === REPORT_ITSELF && edition > 0) {
      metrics.runs.inc({ result: status });
      const fields = { project, report, attempt, why };
      if (status === 'failed')
        log.error(fields, 'a report could not be made and is not tried again; its slot has none');
      if (status === 'unknown') log.warn(fields, 'a report was not made; it will be tried again');
    } else if (target !== REPORT_ITSELF && status !== 'claimed')
      metrics.deliveries.inc({ result: status, kind: target.split(':', 1)[0] ?? '' });
}

function countRuns(
  { cursors, open }: ScheduleLedger,
  definitions: readonly ReportDefinition[],
  metrics: ReportMetrics,
): void {
  metrics.newestSlotSeconds.set(Math.max(0, ...cursors.map(({ stored }) => stored / 1000)));
  metrics.openRuns.set(open.filter(({ target }) => target === REPORT_ITSELF).length);
  const isConfigured = ({ project_id, report_id }: Cursor) =>
    definitions.some((each) => each.id === report_id && isAbout(each, project_id));
  metrics.deadRuns.set(cursors.filter((each) => each.givenUp > each.stored && isConfigured(each)).length);
}

async function countTargets({ clickhouse, definitions, projects, metrics }: RunnerDependencies): Promise<void> {
  const wanted = new Set(
    (definitions() ?? []).flatMap(({ id, targets }) => targets.map((to) => `${id} ${targetKey(to)}`)),
  );
  const ids = projects().map(({ id }) => id);
  const states = (await readReportTargetStates(clickhouse, ids)).filter(({ report, target }) =>
    wanted.has(`${report} ${target}`),
  );
  metrics.deadTargets.set(states.filter(({ status }) => status === 'failed' || status === 'abandoned').length);
  metrics.openDeliveries.set(states.reduce((sum, { open }) => sum + open, 0));
}

function runKey({
  project_id,
  report_id,
  slot,
  edition,
}: Omit<RunRow, 'status'> | ReportPlan['renders'][number]): string {
  return JSON.stringify([project_id, report_id, slot, edition]);
}
