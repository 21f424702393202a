// What the runner of reports is built from. Types only.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { VisibleProject } from '../access.js';
import type { ReportSurroundings } from './build-report.js';
import type { ReportDefinition } from './definition.js';
import type { ReportMetrics } from './report-metrics.js';
import type { Report } from './report.js';
import type { ReportDeliveryContext } from './send-report.js';

export interface RunnerDependencies {
  readonly clickhouse: ClickHouse;
  /** Undefined while the reports file is not usable: nothing is done then. */
  readonly definitions: () => readonly ReportDefinition[] | undefined;
  readonly projects: () => readonly VisibleProject[];
  readonly build: (surroundings: ReportSurroundings) => Promise<Report>;
  /** Days (UTC) of a window that the roll-up has yet to take in. */
  readonly daysNotRolledUp: (from: string, to: string) => Promise<readonly string[]>;
  readonly delivery: ReportDeliveryContext;
  readonly publicUrl: () => string | undefined;
  readonly metrics: ReportMetrics;
  readonly log: Logger;
  /** ClickHouse's clock, ms. */
  readonly clock: (clickhouse: ClickHouse) => Promise<number>;
  readonly leaseMs?: number;
  /** Pauses after attempts, s. */
  readonly pausesS?: readonly number[];
}
