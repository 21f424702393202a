// Figures of the reporter for Prometheus. Labels come from closed sets only.
import { Counter, Gauge, Histogram, createMetrics, type Registry } from '../../shared/runtime/metrics.js';

export interface ReporterMetrics {
  readonly registry: Registry;
  /** Days computed: done, beaten (a newer run took over), failed. */
  readonly dayRuns: Counter<'result'>;
  readonly dayRunSeconds: Histogram;
  readonly generations: Counter;
  /** Windows computed: done, beaten (a newer run took over), failed (also when one project's figures had to stay as they were). */
  readonly windowRuns: Counter<'result'>;
  readonly windowRunSeconds: Histogram;
  readonly daysDue: Gauge;
  /** Since the last look at what is due that ended well. */
  readonly lastLookSeconds: Gauge;
  readonly lateForever: Gauge;
  /** Runs of the daily look: taken, done (today had its look), nothing (to compare), waiting (for the roll-up), busy (another reporter), failed. */
  readonly lookRuns: Counter<'result'>;
  readonly looks: Counter;
  readonly dailyLookSeconds: Gauge;
  readonly erasures: Counter;
  readonly erasedEvents: Counter;
}

export function createReporterMetrics(): ReporterMetrics {
  const registry = createMetrics();
  const registers = [registry];
  return {
    registry,
    dayRuns: new Counter({
      name: 'tacit_reporter_day_runs_total',
      help: 'Days rolled up, by how it ended.',
      labelNames: ['result'],
      registers,
    }),
    dayRunSeconds: new Histogram({
      name: 'tacit_reporter_day_run_seconds',
      help: 'How long a finished roll-up of one day took.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
    generations: new Counter({
      name: 'tacit_reporter_generations_total',
      help: 'Generations read by finished roll-ups.',
      registers,
    }),
    ...windowMetrics(registers),
    daysDue: new Gauge({ name: 'tacit_reporter_due_days', help: 'Days that wait for a roll-up.', registers }),
    lastLookSeconds: new Gauge({
      name: 'tacit_reporter_last_look_timestamp_seconds',
      help: 'When changed days were last looked for with success, seconds since the epoch.',
      registers,
    }),
    lateForever: new Gauge({
      name: 'tacit_reporter_events_too_late',
      help: 'Events stored for days that are too old to be rolled up again.',
      registers,
    }),
    lookRuns: new Counter({
      name: 'tacit_reporter_look_runs_total',
      help: 'Attempts at the daily look at comparisons, by how they ended.',
      labelNames: ['result'],
      registers,
    }),
    looks: new Counter({
      name: 'tacit_reporter_looks_total',
      help: 'Comparisons that were looked at, one a day each.',
      registers,
    }),
    dailyLookSeconds: new Gauge({
      name: 'tacit_reporter_daily_look_timestamp_seconds',
      help: 'When comparisons were last looked at by this process, seconds since the epoch.',
      registers,
    }),
    erasures: new Counter({
      name: 'tacit_reporter_erasures_total',
      help: 'Passes over a person who asked to be forgotten that ended well.',
      registers,
    }),
    erasedEvents: new Counter({
      name: 'tacit_reporter_erased_events_total',
      help: 'Rows of events deleted for persons who asked to be forgotten.',
      registers,
    }),
  };
}

function windowMetrics(registers: Registry[]): Pick<ReporterMetrics, 'windowRuns' | 'windowRunSeconds'> {
  return {
    windowRuns: new Counter({
      name: 'tacit_reporter_window_runs_total',
      help: 'Windows of days whose figures were computed, by how it ended.',
      labelNames: ['result'],
      registers,
    }),
    windowRunSeconds: new Histogram({
      name: 'tacit_reporter_window_run_seconds',
      help: 'How long the finished figures of one window of days took.',
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800],
      registers,
    }),
  };
}
