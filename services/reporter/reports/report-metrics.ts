// Figures of the reports for Prometheus. Labels come from closed sets only.
import { Counter, Gauge, type Registry } from '../../../shared/runtime/metrics.js';

export interface ReportMetrics {
  /** claimed, sending (it is being made), rendered, waiting (to be made again), unknown (the process stopped), failed, skipped, abandoned. */
  readonly runs: Counter<'result'>;
  /** sent, waiting (to be repeated), failed, abandoned, skipped, unknown. */
  readonly deliveries: Counter<'result' | 'kind'>;
  readonly openRuns: Gauge;
  /** Reports that stand without the newest of their slots. */
  readonly deadRuns: Gauge;
  readonly openDeliveries: Gauge;
  /** Targets whose newest report was refused or given up. */
  readonly deadTargets: Gauge;
  readonly newestSlotSeconds: Gauge;
}

export function createReportMetrics(registry: Registry): ReportMetrics {
  const registers = [registry];
  return {
    runs: new Counter({
      name: 'tacit_reporter_report_runs_total',
      help: 'Steps of making reports, by what the ledger says of them.',
      labelNames: ['result'],
      registers,
    }),
    deliveries: new Counter({
      name: 'tacit_reporter_report_deliveries_total',
      help: 'Steps of deliveries of reports, by what the ledger says of them and by kind of target.',
      labelNames: ['result', 'kind'],
      registers,
    }),
    openRuns: new Gauge({
      name: 'tacit_reporter_report_open_runs',
      help: 'Reports that are due and not made yet.',
      registers,
    }),
    deadRuns: new Gauge({
      name: 'tacit_reporter_report_dead_runs',
      help: 'Reports whose newest slot could not be made and was given up.',
      registers,
    }),
    openDeliveries: new Gauge({
      name: 'tacit_reporter_report_open_deliveries',
      help: 'Reports that a target has yet to get.',
      registers,
    }),
    deadTargets: new Gauge({
      name: 'tacit_reporter_report_dead_targets',
      help: 'Targets whose newest report was refused for good or given up.',
      registers,
    }),
    newestSlotSeconds: new Gauge({
      name: 'tacit_reporter_report_newest_slot_timestamp_seconds',
      help: 'Newest scheduled instant whose report is stored, seconds since the epoch; 0 before the first.',
      registers,
    }),
  };
}
