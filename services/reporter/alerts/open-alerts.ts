// Puts the alerts of the reporter together: what finds events, what sends them, the schedule that tries again.
// In: configuration and projects. Out: what the daily job calls after its looks, and a way to stop.
import type { OpenProjectsFile } from '../../../shared/runtime/projects-file.js';
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import type { Registry } from '../../../shared/runtime/metrics.js';
import { mailServerOf, type ReporterConfig } from '../config.js';
import { ownAddress } from '../own-address.js';
import { SCHEDULE_OFF, startSchedule, type Schedule } from '../schedule.js';
import { createAlerter } from './alerter.js';
import { createAlertMetrics } from './metrics.js';
import { readEvents } from './read-events.js';

export interface AlertsSurroundings {
  readonly config: Pick<
    ReporterConfig,
    'TACIT_SMTP_URL' | 'TACIT_SMTP_FROM' | 'TACIT_ALERT_CRON' | 'TACIT_PUBLIC_URL' | 'TACIT_HOST'
  >;
  /** Where variables that targets name are looked up. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clickhouse: ClickHouse;
  readonly projects: Pick<OpenProjectsFile, 'current'>;
  /** Port of the page. */
  readonly port: () => number;
  readonly registry: Registry;
  readonly log: Logger;
  /** False: nothing is sent by this process. */
  readonly scheduled: boolean;
}

export interface Alerts {
  /** For the daily job, after its looks; bears being repeated. A failure is logged: it must not hold up the job. */
  readonly afterLooks: (projects: unknown, asOf: number, signal: AbortSignal) => Promise<void>;
  stop(): Promise<void>;
}

export function openAlerts(surroundings: AlertsSurroundings): Alerts {
  const { config, env, clickhouse, projects, port, registry, log, scheduled } = surroundings;
  const alerted = () => projects.current().filter(({ alerts }) => alerts.targets.length > 0);
  const alerter = createAlerter({
    clickhouse,
    projects: () => projects.current(),
    readEvents: async () =>
      await readEvents(clickhouse, alerted(), config.TACIT_PUBLIC_URL ?? ownAddress(config.TACIT_HOST, port())),
    delivery: {
      env,
      mailServer: mailServerOf(config),
      now: () => Date.now(),
    },
    metrics: createAlertMetrics(registry),
    log,
  });
  const onError = (error: unknown) =>
    log.warn({ err: error }, 'a pass over the alerts did not finish; the next one goes on with it');
  const retries: Schedule = startSchedule({
    name: 'alerts',
    expression: scheduled ? config.TACIT_ALERT_CRON : SCHEDULE_OFF,
    run: async (signal) => await alerter.retryAlerts(signal),
    onError,
  });
  return {
    afterLooks: async (_projects, _asOf, signal) => await alerter.sendAlerts(signal).catch(onError),
    stop: async () => await retries.stop(),
  };
}
