// Tries deliveries that are due: a row before each attempt, a row after it. In: deliveries, a lease. Out: messages, rows.
// Targets do not wait for each other; one target gets its messages one after the other, and none more in this pass once it is away.
import type { TableLease } from '../../../infra/clickhouse/table-lease.js';
import type { Ending } from './attempt.js';
import { pauseMs } from './retries.js';

/** Targets that are tried at the same time. */
const TARGETS_AT_ONCE = 8;
/** Messages that one target gets in a pass; the others come with the next pass, a minute later. */
export const MESSAGES_PER_PASS_MAX = 20;

/** What a row says of an attempt. */
export interface Step {
  readonly status: 'sending' | 'sent' | 'failed' | 'waiting' | 'abandoned';
  readonly detail: string;
  /** ms; with waiting. */
  readonly retry_at?: number;
}

export interface DispatcherParts<Delivery, Row> {
  /** Deliveries with the same one wait for each other. */
  readonly targetOf: (delivery: Delivery) => string;
  /** From 1. */
  readonly attemptOf: (delivery: Delivery) => number;
  readonly rowOf: (delivery: Delivery, step: Step) => Row;
  readonly append: (rows: readonly Row[]) => Promise<void>;
  /** Must not reject. */
  readonly send: (delivery: Delivery) => Promise<Ending>;
  /** Hears of every ending. */
  readonly ended: (delivery: Delivery, step: Step) => void;
  /** Pauses after attempts, s. */
  readonly pausesS: readonly number[];
}

export interface Dispatcher<Delivery> {
  /** `now`: ClickHouse's clock, ms. Ends early when the signal aborts or the lease is lost. Answers the targets that were away. */
  dispatch(due: readonly Delivery[], now: number, lease: TableLease, signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** Writes endings that ClickHouse did not take when they were known. */
  flush(): Promise<void>;
}

export function createDispatcher<Delivery, Row>(parts: DispatcherParts<Delivery, Row>): Dispatcher<Delivery> {
  const { targetOf, attemptOf, rowOf, append, pausesS } = parts;
  /** Endings of this process that are not in the ledger yet. */
  let unwritten: Row[] = [];

  async function flush(): Promise<void> {
    if (unwritten.length === 0) return;
    const rows = unwritten;
    unwritten = [];
    try {
      await append(rows);
    } catch (error) {
      unwritten = [...rows, ...unwritten];
      throw error;
    }
  }

  /** Answers whether the target may be asked again in this pass. */
  async function attemptOne(delivery: Delivery, clock: () => number): Promise<boolean> {
    await append([rowOf(delivery, { status: 'sending', detail: '' })]);
    const ending = await parts.send(delivery);
    const step = stepOf(ending, attemptOf(delivery), clock(), pausesS);
    unwritten.push(rowOf(delivery, step));
    parts.ended(delivery, step);
    await flush();
    return step.status === 'sent' || step.status === 'failed';
  }

  return {
    flush,
    dispatch: async (due, now, lease, signal) => {
      const startedAt = performance.now();
      const clock = () => now + performance.now() - startedAt;
      const queues = queuesOf(due, targetOf);
      const away = new Set<string>();
      const worker = async (): Promise<void> => {
        for (let queue = queues.shift(); queue !== undefined; queue = queues.shift())
          for (const delivery of queue) {
            if (signal.aborted || !(await lease.renew())) return;
            if (await attemptOne(delivery, clock)) continue;
            away.add(targetOf(delivery));
            break;
          }
      };
      const ends = await Promise.allSettled(Array.from({ length: TARGETS_AT_ONCE }, worker));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      return away;
    },
  };
}

/** One queue per target. */
function queuesOf<Delivery>(due: readonly Delivery[], targetOf: (delivery: Delivery) => string): Delivery[][] {
  const queues = new Map<string, Delivery[]>();
  for (const delivery of due) {
    const queue = queues.get(targetOf(delivery)) ?? [];
    queues.set(targetOf(delivery), queue);
    if (queue.length < MESSAGES_PER_PASS_MAX) queue.push(delivery);
  }
  return [...queues.values()];
}

function stepOf(ending: Ending, attempt: number, now: number, pausesS: readonly number[]): Step {
  const { detail } = ending;
  if (ending.result !== 'retry') return { status: ending.result, detail };
  const pause = pauseMs(attempt, ending.afterMs, pausesS);
  if (pause === undefined) return { status: 'abandoned', detail: `${detail}; given up after ${attempt} attempts` };
  return { status: 'waiting', detail, retry_at: Math.round(now + pause) };
}
