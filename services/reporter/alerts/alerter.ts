// Brings events to targets, each once. In: what finds events, the projects with their targets. Out: messages, rows of the ledger.
// Of several reporters one acts at a time, by a lease. A process that dies between a message and its row in the ledger leaves
// `sending` behind: the next one repeats the message with the same id. Must never log an address or a secret.
import { randomUUID } from 'node:crypto';
import { takeLease, type TableLease } from '../../../infra/clickhouse/table-lease.js';
import { readClock } from '../rollup/staging.js';
import type { AlertEvent } from './alert.js';
import type { AlerterDependencies } from './alerter-dependencies.js';
import { createAlertDispatcher } from './dispatch.js';
import { appendRows, readLedger, readTargetStates, type LedgerRow } from './ledger.js';
import type { AlertMetrics } from './metrics.js';
import { planDeliveries, type Plan } from './plan.js';
import { targetKey } from '../../../shared/contract/alert-targets.js';

/** How long a reporter that stops without a word keeps the others out, ms. Longer than one attempt with its rows. */
export const LEASE_MS = 60_000;

export interface Alerter {
  /** Looks for events, and sends what is due. Rejects when ClickHouse cannot be asked. */
  sendAlerts(signal: AbortSignal): Promise<void>;
  /** Sends what is due and was found earlier. */
  retryAlerts(signal: AbortSignal): Promise<void>;
}

export function createAlerter(dependencies: AlerterDependencies): Alerter {
  const { clickhouse, projects, metrics, leaseMs = LEASE_MS } = dependencies;
  const owner = randomUUID();
  const dispatcher = createAlertDispatcher(dependencies, owner);
  const plan = async (events: readonly AlertEvent[], openOnly: boolean): Promise<Plan & { readonly now: number }> => {
    const alerted = projects();
    const ids = alerted.map(({ id }) => id);
    const ledger = await readLedger(clickhouse, ids, openOnly);
    const now = await readClock(clickhouse);
    const attempts = dependencies.pausesS === undefined ? {} : { attemptsMax: dependencies.pausesS.length + 1 };
    return { ...planDeliveries({ events, projects: alerted, ledger, now, owner, ...attempts }), now };
  };

  async function pass(look: boolean, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await dispatcher.flush();
    const events =
      look && projects().some(({ alerts }) => alerts.targets.length > 0) ? await dependencies.readEvents() : [];
    const first = await plan(events, !look);
    if (first.rows.length > 0 || first.due.length > 0) {
      const lease = await takeLease(clickhouse, `${clickhouse.connection.database}_work`, 'alerts', leaseMs);
      if (lease !== undefined) await act(lease, async () => await plan(events, !look), signal);
    }
    await countTargets();
  }

  /** Plans again under the lease: whoever had it before may have done all of it. */
  async function act(
    lease: TableLease,
    planAgain: () => Promise<Plan & { readonly now: number }>,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const { rows, due, now } = await planAgain();
      if (!(await lease.renew())) return;
      await appendRows(clickhouse, rows);
      countRows(metrics, rows);
      await dispatcher.dispatch(due, now, lease, signal);
    } finally {
      await lease.release();
    }
  }

  async function countTargets(): Promise<void> {
    const configured = new Set(
      projects().flatMap(({ id, alerts }) => alerts.targets.map((to) => `${id} ${targetKey(to)}`)),
    );
    const ids = projects().map(({ id }) => id);
    const states = (await readTargetStates(clickhouse, ids)).filter(({ project, target }) =>
      configured.has(`${project} ${target}`),
    );
    metrics.deadTargets.set(states.filter(({ status }) => status === 'failed' || status === 'abandoned').length);
    metrics.openDeliveries.set(states.reduce((sum, { open }) => sum + open, 0));
  }

  let last: Promise<void> = Promise.resolve();
  const oneAfterTheOther = async (look: boolean, signal: AbortSignal): Promise<void> => {
    const next = last.then(async () => await pass(look, signal));
    last = next.catch(() => undefined);
    await next;
  };
  return {
    sendAlerts: async (signal) => await oneAfterTheOther(true, signal),
    retryAlerts: async (signal) => await oneAfterTheOther(false, signal),
  };
}

function countRows(metrics: AlertMetrics, rows: readonly LedgerRow[]): void {
  for (const { status, target } of rows)
    if (status !== 'claimed') metrics.deliveries.inc({ result: status, kind: target.split(':', 1)[0] ?? '' });
}
