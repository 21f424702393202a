// The collector's metrics. Counts are plain numbers on the hot path and become metrics when somebody asks for them.
// Labels come from closed lists, never from input.
import { DROP_REASONS, type DropReason } from '../../shared/contract/drop-reasons.js';
import type { ProblemCode } from '../../shared/contract/problems.js';
import { Counter, Gauge, Histogram, createMetrics, type Registry } from '../../shared/runtime/metrics.js';
import type { BatchAnswer } from '../../shared/contract/batch.js';
import type { AppenderCounts } from './appender.js';
import { ALL_STEPS } from './steps/all-steps.js';
import { StepTimes } from './steps/run-steps.js';

export interface MetricSources {
  readonly appended: AppenderCounts;
  heldBytes(): number;
  /** Bytes of the log that rows are made durable in. */
  logBytes(): Readonly<Record<'waiting' | 'max' | 'free', number>>;
}

export class CollectorMetrics {
  readonly registry: Registry = createMetrics();
  readonly stepTimes = new StepTimes(ALL_STEPS);
  /** From the first byte of a request to its answer 202. */
  readonly batchSeconds: Histogram;
  #accepted = 0;
  #dropped = 0;
  readonly #drops = new Map<DropReason, number>(DROP_REASONS.map((reason) => [reason, 0]));
  readonly #refused = new Map<ProblemCode, number>();

  constructor(sources: MetricSources) {
    const { registry } = this;
    this.batchSeconds = new Histogram({
      name: 'tacit_collector_batch_seconds',
      help: 'Time to an answer 202.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers: [registry],
    });
    this.#count('events_total', 'Events answered for, by outcome; repeated ones count as accepted.', 'outcome', () => [
      ['accepted', this.#accepted],
      ['dropped', this.#dropped],
    ]);
    this.#count('drops_total', 'Events dropped, by reason.', 'reason', () => this.#drops);
    this.#count('refusals_total', 'Requests refused as a whole, by code.', 'code', () => this.#refused);
    this.#count('step_seconds_total', 'Time in each step of the path of an event.', 'step', () =>
      ALL_STEPS.map((step, i) => [step.name, (this.stepTimes.ms[i] ?? 0) / 1000]),
    );
    const { appended } = sources;
    this.#count('appends_total', 'Groups of requests made durable together, by result.', 'result', () => [
      ['ok', appended.groups],
      ['failed', appended.failures],
    ]);
    this.#count('appended_total', 'What was made durable.', 'unit', () => [
      ['blocks', appended.blocks],
      ['bytes', appended.bytes],
    ]);
    const held: Gauge = new Gauge({
      name: 'tacit_collector_held_bytes',
      help: 'Bytes of requests in memory.',
      registers: [registry],
      collect: () => held.set(sources.heldBytes()),
    });
    const log: Gauge = new Gauge({
      name: 'tacit_collector_log_bytes',
      help: 'Bytes that wait to be read, that may wait, and that are free on the disk.',
      labelNames: ['kind'],
      registers: [registry],
      collect: () => {
        for (const [kind, bytes] of Object.entries(sources.logBytes())) log.set({ kind }, bytes);
      },
    });
  }

  /** Counts a batch that was answered 202. */
  taken(answer: BatchAnswer): void {
    this.#accepted += answer.accepted;
    this.#dropped += answer.dropped.length;
    for (const { reason } of answer.dropped) this.#drops.set(reason, (this.#drops.get(reason) ?? 0) + 1);
  }

  refused(code: ProblemCode): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  #count(name: string, help: string, label: string, values: () => Iterable<readonly [string, number]>): void {
    const counter: Counter = new Counter({
      name: `tacit_collector_${name}`,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect: () => {
        counter.reset();
        for (const [key, value] of values()) counter.inc({ [label]: key }, value);
      },
    });
  }
}
