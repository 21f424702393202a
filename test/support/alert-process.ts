// A reporter's alerts as a process of their own, so that it can be killed between a message and its row in the ledger.
// In: as JSON in the first argument, where ClickHouse is, projects and events. Out: one pass, then the end.
import { createAlerter } from '../../services/reporter/alerts/alerter.js';
import type { AlertEvent } from '../../services/reporter/alerts/alert.js';
import { createAlertMetrics } from '../../services/reporter/alerts/metrics.js';
import type { AlertedProject } from '../../services/reporter/alerts/plan.js';
import { createClickHouse, type ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { createLogger } from '../../shared/runtime/log.js';
import { createMetrics } from '../../shared/runtime/metrics.js';

export interface AlertProcessTask {
  readonly connection: ClickHouseConnection;
  readonly projects: readonly AlertedProject[];
  readonly events: readonly AlertEvent[];
  readonly leaseMs: number;
  /** Milliseconds of the epoch at which all racers begin. */
  readonly startAt?: number;
}

const task = JSON.parse(process.argv[2] ?? '{}') as AlertProcessTask;
const clickhouse = createClickHouse(task.connection);
const alerter = createAlerter({
  clickhouse,
  projects: () => task.projects,
  readEvents: async () => await Promise.resolve(task.events),
  delivery: { env: process.env, mailServer: undefined, now: () => Date.now() },
  metrics: createAlertMetrics(createMetrics()),
  log: createLogger('alerts', 'warn'),
  leaseMs: task.leaseMs,
});
await new Promise((resolve) => setTimeout(resolve, Math.max(0, (task.startAt ?? 0) - Date.now())));
await alerter.sendAlerts(new AbortController().signal);
await clickhouse.close();
