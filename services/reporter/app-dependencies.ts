// What the reporter's HTTP side is built from. Types only.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import type { Clock } from '../../shared/runtime/clock.js';
import type { Logger } from '../../shared/runtime/log.js';
import type { Registry } from '../../shared/runtime/metrics.js';
import type { ResolvedProject } from '../../shared/runtime/projects-file.js';
import type { ReportDefinition } from './reports/definition.js';
import type { RollupStatus } from './rollup/run.js';

export interface AppDependencies {
  /** Address that the service listens on. */
  readonly host: string;
  readonly clickhouse: ClickHouse;
  readonly projects: () => readonly ResolvedProject[];
  /** Which reports there are; undefined while the reports file is not usable. */
  readonly reports: () => readonly ReportDefinition[] | undefined;
  readonly registry: Registry;
  readonly status: RollupStatus;
  /** Whether roll-ups are scheduled in this process. */
  readonly scheduled: boolean;
  readonly clock: Clock;
  readonly log: Logger;
  /** False once the process is stopping. */
  readonly ready: () => boolean;
}
