// Figures of the forwarder. In: its counts and the log's backlog. Out: metrics, read when somebody asks.
import { Counter, Gauge, type Registry } from '../../shared/runtime/metrics.js';
import type { ForwardCounts } from './forward-requests.js';

/** `backlog` is what is in the log and not in Kafka yet. */
export function measureForwarder(
  registry: Registry,
  counts: Readonly<ForwardCounts>,
  backlog: () => Promise<{ bytes: number; ageMs: number }>,
): void {
  const registers = [registry];
  const count = (name: string, help: string, label: string, keys: readonly (keyof ForwardCounts)[]): void => {
    const counter: Counter = new Counter({
      name: `tacit_collector_${name}`,
      help,
      labelNames: [label],
      registers,
      collect: () => {
        counter.reset();
        for (const key of keys) counter.inc({ [label]: key }, counts[key]);
      },
    });
  };
  count('forwarded_total', 'What Kafka acknowledged; dead: rows that went as dead letters.', 'unit', [
    'blocks',
    'bytes',
    'rows',
    'dead',
  ]);
  count('forward_requests_total', 'Requests to Kafka, those tried again, and blocks cut in two.', 'kind', [
    'requests',
    'retries',
    'splits',
  ]);
  const age = new Gauge({
    name: 'tacit_collector_forward_lag_age_seconds',
    help: 'Age of the oldest block that is not in Kafka yet.',
    registers,
  });
  new Gauge({
    name: 'tacit_collector_forward_lag_bytes',
    help: 'Bytes of the log that are not in Kafka yet.',
    registers,
    async collect() {
      try {
        const { bytes, ageMs } = await backlog();
        this.set(bytes);
        age.set(ageMs / 1000);
      } catch {
        // Not known now: a missing sample says so, an old one would lie.
        this.remove();
        age.remove();
      }
    },
  });
}
