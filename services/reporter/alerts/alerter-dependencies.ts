// What the alerter is built from. Types only.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { AlertEvent } from './alert.js';
import type { DeliveryContext } from '../deliver/send.js';
import type { AlertMetrics } from './metrics.js';
import type { AlertedProject } from './plan.js';

export interface AlerterDependencies {
  readonly clickhouse: ClickHouse;
  readonly projects: () => readonly AlertedProject[];
  /** Events that hold now, of any age. */
  readonly readEvents: () => Promise<readonly AlertEvent[]>;
  readonly delivery: DeliveryContext;
  readonly metrics: AlertMetrics;
  readonly log: Logger;
  readonly leaseMs?: number;
  /** Pauses after attempts, s. */
  readonly pausesS?: readonly number[];
}
