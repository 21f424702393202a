// Figures of the alerts for Prometheus.
import { Counter, Gauge, type Registry } from '../../../shared/runtime/metrics.js';

export interface AlertMetrics {
  /** sent, waiting (to be repeated), failed, abandoned, skipped, unknown. */
  readonly deliveries: Counter<'result' | 'kind'>;
  readonly openDeliveries: Gauge;
  /** Targets whose newest alert was refused or given up. */
  readonly deadTargets: Gauge;
}

export function createAlertMetrics(registry: Registry): AlertMetrics {
  const registers = [registry];
  return {
    deliveries: new Counter({
      name: 'tacit_reporter_alert_deliveries_total',
      help: 'Steps of deliveries of alerts, by what the ledger says of them and by kind of target.',
      labelNames: ['result', 'kind'],
      registers,
    }),
    openDeliveries: new Gauge({
      name: 'tacit_reporter_alert_open_deliveries',
      help: 'Alerts that a target has yet to get.',
      registers,
    }),
    deadTargets: new Gauge({
      name: 'tacit_reporter_alert_dead_targets',
      help: 'Targets whose newest alert was refused for good or given up.',
      registers,
    }),
  };
}
