// Tries deliveries that are due: a row before each attempt, a row after it. In: deliveries, a lease. Out: messages, rows.
// Targets do not wait for each other; one target gets its alerts one after the other, and none more in this pass once it is away.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import type { TableLease } from '../../../infra/clickhouse/table-lease.js';
import { alertSchema } from './alert.js';
import type { AlerterDependencies } from './alerter-dependencies.js';
import type { Ending } from './attempt.js';
import { deliver } from './deliver.js';
import { appendRows, type LedgerRow } from './ledger.js';
import type { Delivery } from './plan.js';
import { RETRY_PAUSES_S, pauseMs } from './retries.js';

/** Targets that are tried at the same time. */
const TARGETS_AT_ONCE = 8;
/** Alerts that one target gets in a pass; the others come with the next pass, a minute later. */
export const ALERTS_PER_PASS_MAX = 20;

export interface Dispatcher {
  /** `now`: ClickHouse's clock, ms. Ends early when the signal aborts or the lease is lost. */
  dispatch(due: readonly Delivery[], now: number, lease: TableLease, signal: AbortSignal): Promise<void>;
  /** Writes endings that ClickHouse did not take when they were known. */
  flush(): Promise<void>;
}

export function createDispatcher(dependencies: AlerterDependencies, owner: string): Dispatcher {
  const { clickhouse, metrics, log, pausesS = RETRY_PAUSES_S } = dependencies;
  /** Endings of this process that are not in the ledger yet. */
  let unwritten: LedgerRow[] = [];
  /** Targets that were said to be dead since they last took something. */
  const saidDead = new Set<string>();

  async function flush(): Promise<void> {
    if (unwritten.length === 0) return;
    const rows = unwritten;
    await appendRows(clickhouse, rows);
    unwritten = unwritten.filter((row) => !rows.includes(row));
  }

  /** Answers whether the target may be asked again in this pass. */
  async function attemptOne(delivery: Delivery, clock: () => number): Promise<boolean> {
    const { project_id, alert_id, target, attempt, to, content } = delivery;
    const key = { project_id, alert_id, target, attempt, owner };
    await appendRows(clickhouse, [{ ...key, status: 'sending', detail: '' }]);
    const kept = alertSchema.safeParse(parsed(content));
    const ending: Ending = kept.success
      ? await deliver({ alert: kept.data, body: content }, to, dependencies.delivery)
      : { result: 'failed', detail: 'the alert in the ledger cannot be read' };
    const row = { ...key, ...endingRow(ending, attempt, clock(), pausesS) };
    unwritten.push(row);
    metrics.deliveries.inc({ result: row.status, kind: to.kind });
    say(row);
    await flush();
    return row.status === 'sent' || row.status === 'failed';
  }

  function say({ project_id: project, target, status, attempt, detail }: LedgerRow): void {
    const id = JSON.stringify([project, target]);
    const fields = { project, target, attempt, why: detail };
    if (status === 'sent') {
      saidDead.delete(id);
      log.info({ project, target, attempt }, 'an alert was sent');
    } else if (status === 'waiting') log.warn(fields, 'an alert could not be sent; it will be tried again');
    else if (!saidDead.has(id)) {
      saidDead.add(id);
      log.error(fields, 'a target does not take alerts; what it missed is in the ledger');
    }
  }

  return {
    flush,
    dispatch: async (due, now, lease, signal) => {
      const startedAt = performance.now();
      const clock = () => now + performance.now() - startedAt;
      const queues = queuesOf(due);
      const worker = async (): Promise<void> => {
        for (let queue = queues.shift(); queue !== undefined; queue = queues.shift())
          for (const delivery of queue) {
            if (signal.aborted || !(await lease.renew())) return;
            if (!(await attemptOne(delivery, clock))) break;
          }
      };
      const ends = await Promise.allSettled(Array.from({ length: TARGETS_AT_ONCE }, worker));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

/** One queue per target. */
function queuesOf(due: readonly Delivery[]): Delivery[][] {
  const queues = new Map<string, Delivery[]>();
  for (const delivery of due) {
    const id = JSON.stringify([delivery.project_id, targetKey(delivery.to)]);
    const queue = queues.get(id) ?? [];
    queues.set(id, queue);
    if (queue.length < ALERTS_PER_PASS_MAX) queue.push(delivery);
  }
  return [...queues.values()];
}

function endingRow(
  ending: Ending,
  attempt: number,
  now: number,
  pausesS: readonly number[],
): Pick<LedgerRow, 'status' | 'detail' | 'retry_at'> {
  const { detail } = ending;
  if (ending.result !== 'retry') return { status: ending.result, detail };
  const pause = pauseMs(attempt, ending.afterMs, pausesS);
  if (pause === undefined) return { status: 'abandoned', detail: `${detail}; given up after ${attempt} attempts` };
  return { status: 'waiting', detail, retry_at: Math.round(now + pause) };
}

function parsed(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
