// A reporter's reports as a process of their own, so that it can be killed between a message and its row in the ledger.
// In: as JSON in the first argument, where ClickHouse is, a project, definitions, the time. Out: one pass, then the end.
import { buildReport } from '../../services/reporter/reports/build-report.js';
import type { ReportDefinition } from '../../services/reporter/reports/definition.js';
import { createReportMetrics } from '../../services/reporter/reports/report-metrics.js';
import { createRunner } from '../../services/reporter/reports/runner.js';
import { createClickHouse, type ClickHouseConnection } from '../../shared/runtime/clickhouse.js';
import { createLogger } from '../../shared/runtime/log.js';
import { createMetrics } from '../../shared/runtime/metrics.js';
import { visibleProject } from './report-stage.js';

export interface ReportProcessTask {
  readonly connection: ClickHouseConnection;
  readonly project: string;
  readonly definitions: readonly ReportDefinition[];
  /** What ClickHouse's clock is taken for. */
  readonly at: string;
  readonly leaseMs: number;
  /** Where mails go. */
  readonly mail?: string;
  /** Whether making a report takes all the memory that there is. */
  readonly endless?: boolean;
  /** Pauses after attempts, s; as usual when absent. */
  readonly pausesS?: readonly number[];
  /** Milliseconds of the epoch at which all racers begin. */
  readonly startAt?: number;
}

/** What a report would be whose figures do not fit into memory. */
async function buildEndless(): Promise<never> {
  const rows: number[][] = [];
  for (;;) rows.push(await Promise.resolve(Array.from({ length: 100_000 }, Math.random)));
}

const task = JSON.parse(process.argv[2] ?? '{}') as ReportProcessTask;
const clickhouse = createClickHouse(task.connection);
const runner = createRunner({
  clickhouse,
  definitions: () => task.definitions,
  projects: () => [visibleProject(task.project)],
  build: task.endless === true ? buildEndless : buildReport,
  daysNotRolledUp: async () => await Promise.resolve([]),
  delivery: {
    env: process.env,
    mailServer: task.mail === undefined ? undefined : { url: task.mail, from: 'tacit@example.com' },
    now: () => Date.now(),
    reportsDirectory: '/nowhere',
  },
  publicUrl: () => undefined,
  metrics: createReportMetrics(createMetrics()),
  log: createLogger('reports', 'warn'),
  clock: async () => await Promise.resolve(Date.parse(task.at)),
  leaseMs: task.leaseMs,
  ...(task.pausesS === undefined ? {} : { pausesS: task.pausesS }),
});
await new Promise((resolve) => setTimeout(resolve, Math.max(0, (task.startAt ?? 0) - Date.now())));
await runner.run(new AbortController().signal);
await clickhouse.close();
