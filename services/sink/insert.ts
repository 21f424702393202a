// One insert, until ClickHouse has answered for its rows. In: bytes for a table. Out: acknowledged, or refused for what is in them.
// Must never look into the rows, and never give up on anything but bad data: weather is waited out.
import type { StreamTable } from '../../shared/contract/rows.js';
import type { Clock } from '../../shared/runtime/clock.js';
import { asRefusal, type Refusal } from './data-codes.js';
import type { SinkMetrics } from './metrics.js';
import { StoppedError, type Waiting } from './waiting.js';

/** Sends NDJSON to a table; resolves when ClickHouse has acknowledged all of it. */
export type SendRows = (table: StreamTable, chunks: readonly Buffer[]) => Promise<void>;

/** Rows for one table: their bytes, each line ended by a newline, and how many they are. */
export interface Rows {
  readonly table: StreamTable;
  readonly chunks: readonly Buffer[];
  readonly count: number;
}

/** Answers undefined when the rows are stored. Rejects with StoppedError only. */
export type Insert = (rows: Rows) => Promise<Refusal | undefined>;

export interface InsertOptions {
  readonly send: SendRows;
  readonly waiting: Waiting;
  readonly metrics: Pick<SinkMetrics, 'rows' | 'insertSeconds'>;
  readonly clock: Clock;
  /** Stops waiting for an attempt under way: the last resort of a stop. */
  readonly cut: AbortSignal;
}

export function createInsert({ send, waiting, metrics, clock, cut }: InsertOptions): Insert {
  return async ({ table, chunks, count }) => {
    for (;;) {
      const started = clock.monotonic();
      try {
        await orCut(send(table, chunks), cut);
        metrics.insertSeconds.observe({ table }, (clock.monotonic() - started) / 1000);
        waiting.over('clickhouse');
        return undefined;
      } catch (error) {
        if (error instanceof StoppedError) throw error;
        const refusal = asRefusal(error);
        if (refusal !== undefined) {
          waiting.over('clickhouse');
          return refusal;
        }
        metrics.rows.inc({ table, outcome: 'retried' }, count);
        await waiting.pause('clickhouse', error);
      }
    }
  };
}

/** Rejects with StoppedError as soon as the signal aborts; the attempt itself is left to its own end. */
async function orCut(attempt: Promise<void>, cut: AbortSignal): Promise<void> {
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new StoppedError('the insert under way was cut by a stop'));
    if (cut.aborted) onAbort();
    else cut.addEventListener('abort', onAbort);
  });
  try {
    await Promise.race([attempt, aborted]);
  } finally {
    if (onAbort !== undefined) cut.removeEventListener('abort', onAbort);
    aborted.catch(() => undefined);
    attempt.catch(() => undefined);
  }
}
