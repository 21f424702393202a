// Figures of the sink. In: what happened. Out: a Prometheus registry. Labels come from closed sets only.
import { Counter, Gauge, Histogram, createMetrics, type Registry } from '../../shared/runtime/metrics.js';
import { WAIT_REASONS, type Waiting } from './waiting.js';

export type RowOutcome = 'stored' | 'dead' | 'retried';

export interface SinkMetrics {
  readonly registry: Registry;
  readonly rows: Counter<'table' | 'outcome'>;
  readonly insertSeconds: Histogram<'table'>;
  readonly blockBytes: Counter;
  readonly unreadable: Counter<'reason'>;
  readonly rowCountMismatches: Counter;
}

/** `backlog` and `waiting` are asked when the figures are read. */
export function createSinkMetrics(
  backlog: () => Promise<{ bytes: number; ageMs: number }>,
  waiting: Waiting,
): SinkMetrics {
  const registry = createMetrics();
  const registers = [registry];
  const ageSeconds = new Gauge({
    name: 'tacit_sink_lag_age_seconds',
    help: 'Age of the oldest block behind the committed position.',
    registers,
  });
  new Gauge({
    name: 'tacit_sink_lag_bytes',
    help: 'Bytes of the stream behind the committed position.',
    registers,
    async collect() {
      try {
        const { bytes, ageMs } = await backlog();
        this.set(bytes);
        ageSeconds.set(ageMs / 1000);
      } catch {
        // Not known now: a missing sample says so, an old one would lie.
        this.remove();
        ageSeconds.remove();
      }
    },
  });
  new Gauge({
    name: 'tacit_sink_waiting',
    help: '1 while the sink waits for this.',
    labelNames: ['reason'],
    registers,
    collect() {
      for (const reason of WAIT_REASONS) this.set({ reason }, waiting.isWaitingFor(reason) ? 1 : 0);
    },
  });
  return {
    registry,
    rows: new Counter({
      name: 'tacit_sink_rows_total',
      help: 'Rows that ClickHouse acknowledged, that were put aside as dead letters, or whose insert was tried again.',
      labelNames: ['table', 'outcome'],
      registers,
    }),
    insertSeconds: new Histogram({
      name: 'tacit_sink_insert_seconds',
      help: 'Time of one insert until ClickHouse acknowledged it.',
      labelNames: ['table'],
      buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 120],
      registers,
    }),
    blockBytes: new Counter({ name: 'tacit_sink_blocks_bytes_total', help: 'Bytes of committed blocks.', registers }),
    unreadable: new Counter({
      name: 'tacit_sink_unreadable_blocks_total',
      help: 'Blocks that could not be read and became dead letters.',
      labelNames: ['reason'],
      registers,
    }),
    rowCountMismatches: new Counter({
      name: 'tacit_sink_row_count_mismatches_total',
      help: 'Blocks whose header names another number of rows than they have lines.',
      registers,
    }),
  };
}
