// Puts the reports of the reporter together: the file that says which there are, the runner, its schedule.
// In: configuration and projects. Out: what is configured, and a way to stop.
import type { DataDir } from '../../../shared/runtime/data-dir.js';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { Registry } from '../../../shared/runtime/metrics.js';
import type { OpenProjectsFile } from '../../../shared/runtime/projects-file.js';
import { mailServerOf, type ReporterConfig } from '../config.js';
import { ownAddress } from '../own-address.js';
import { readClock } from '../rollup/staging.js';
import { SCHEDULE_OFF, startSchedule } from '../schedule.js';
import { buildReport } from './build-report.js';
import type { ReportDefinition } from './definition.js';
import { createReportMetrics } from './report-metrics.js';
import { openReportsFile } from './reports-file.js';
import { daysNotRolledUp } from './rolled-up-days.js';
import { createRunner } from './runner.js';

export interface ReportsSurroundings {
  readonly config: ReporterConfig;
  readonly directory: Pick<DataDir, 'reports' | 'reportsFile'>;
  /** Where variables that targets name are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clickhouse: ClickHouse;
  readonly projects: Pick<OpenProjectsFile, 'current'>;
  /** Port of the page. */
  readonly port: () => number;
  readonly registry: Registry;
  readonly log: Logger;
  /** False: nothing is made and sent by this process. */
  readonly scheduled: boolean;
}

export interface Reports {
  /** Undefined while the reports file is not usable. */
  readonly definitions: () => readonly ReportDefinition[] | undefined;
  stop(): Promise<void>;
}

export async function openReports(surroundings: ReportsSurroundings): Promise<Reports> {
  const { config, directory, env, clickhouse, projects, port, registry, log, scheduled } = surroundings;
  const file = await openReportsFile(config.TACIT_REPORTS_FILE ?? directory.reportsFile, {
    wanted: config.TACIT_REPORTS_FILE !== undefined,
    projects: () => projects.current().map(({ id }) => id),
    log,
  });
  const runner = createRunner({
    clickhouse,
    definitions: () => file.current(),
    projects: () => projects.current(),
    build: buildReport,
    daysNotRolledUp: async (from, to) => await daysNotRolledUp(clickhouse, from, to),
    delivery: {
      env,
      mailServer: mailServerOf(config),
      now: () => Date.now(),
      reportsDirectory: directory.reports,
    },
    publicUrl: () => config.TACIT_PUBLIC_URL ?? ownAddress(config.TACIT_HOST, port()),
    metrics: createReportMetrics(registry),
    log,
    clock: readClock,
  });
  const schedule = startSchedule({
    name: 'reports',
    expression: scheduled ? config.TACIT_REPORT_CRON : SCHEDULE_OFF,
    run: async (signal) => await runner.run(signal),
    onError: (error) =>
      log.warn({ err: error }, 'a pass over the reports did not finish; the next one goes on with it'),
  });
  return {
    definitions: () => file.current(),
    stop: async () => {
      file.close();
      await schedule.stop();
    },
  };
}
