// Entry point of the reporter: reads the environment, opens projects and ClickHouse, schedules the roll-up, listens, stops in order.
import { createServer } from 'node:http';
import { openClickHouse } from '../../infra/local/open-clickhouse.js';
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { systemClock } from '../../shared/runtime/clock.js';
import { readConfig } from '../../shared/runtime/config.js';
import { ensureDataDir } from '../../shared/runtime/data-dir.js';
import { runService, type RunningService } from '../../shared/runtime/lifecycle.js';
import { closeServer, listen } from '../../shared/runtime/listen.js';
import { createLogger } from '../../shared/runtime/log.js';
import { openProjectsFile } from '../../shared/runtime/projects-file.js';
import { openAlerts } from './alerts/open-alerts.js';
import { createApp } from './app.js';
import { reporterConfigSchema } from './config.js';
import { createDailyLooks } from './comparisons/daily-looks.js';
import { createDailyWatch } from './drift/daily-watch.js';
import { createEraser } from './erasure/erase.js';
import { createReporterMetrics, type ReporterMetrics } from './metrics.js';
import { createRollup, type Rollup } from './rollup/run.js';
import { openReports } from './reports/open-reports.js';
import { SCHEDULE_OFF, startSchedule, type Schedule } from './schedule.js';
import { followSettings } from './settings-sync.js';

/** Open requests may take so long to end when the process stops, ms. */
const DRAIN_MS = 2000;
/** When persons who asked to be forgotten are looked for. */
const ERASE_CRON = '30 * * * * *';
/** A statement of a roll-up that is under way may take so long to end, ms. What is cut off is done again by the next start. */
const ROLLUP_STOP_MS = 4000;

const config = readConfig(reporterConfigSchema, process.env);
const log = createLogger('reporter', config.LOG_LEVEL);

async function start(): Promise<RunningService> {
  const directory = ensureDataDir(config.TACIT_DATA_DIR);
  const projects = await openProjectsFile(config.TACIT_PROJECTS_FILE ?? directory.projectsFile, {
    env: process.env,
    log,
  });
  const opened = await openClickHouse({ config, role: 'reporter', log });
  const { clickhouse } = opened;
  const metrics = createReporterMetrics();
  const scheduled = config.TACIT_ROLLUP_CRON !== SCHEDULE_OFF;
  const settings = followSettings({ clickhouse, projects, log });
  const rollup = createRollup({ clickhouse, metrics, log });
  const schedule = startRollups(rollup);
  const erasures = startErasures(clickhouse, metrics, scheduled);
  let port = config.TACIT_REPORTER_PORT;
  const around = { config, clickhouse, projects, log, scheduled, env: process.env, registry: metrics.registry };
  const alerts = openAlerts({ ...around, port: () => port });
  const reports = await openReports({ ...around, directory, port: () => port });
  const daily = createDailyLooks({
    clickhouse,
    projects: () => projects.current(),
    metrics,
    log,
    afterLooks: [createDailyWatch(clickhouse, log), alerts.afterLooks],
  });
  const looks = startSchedule({
    name: 'looks',
    expression: scheduled ? config.TACIT_COMPARISON_CRON : SCHEDULE_OFF,
    run: async (signal) => void (await daily.run(signal)),
    onError: (error) => log.warn({ err: error }, 'the daily look at comparisons did not finish; it tries again'),
  });
  let ready = true;
  const app = createApp({
    host: config.TACIT_HOST,
    clickhouse,
    projects: () => projects.current(),
    reports: reports.definitions,
    registry: metrics.registry,
    status: rollup.status,
    scheduled,
    clock: systemClock,
    log,
    ready: () => ready,
  });
  const server = createServer(app);
  port = await listen(server, config.TACIT_HOST, config.TACIT_REPORTER_PORT);
  return {
    ready: { port },
    failed: opened.failed,
    stopSteps: [
      { name: 'not ready', timeoutMs: 100, run: async () => void (ready = false) },
      { name: 'drain requests', timeoutMs: DRAIN_MS + 500, run: async () => await closeServer(server, DRAIN_MS) },
      {
        name: 'stop the schedules',
        timeoutMs: ROLLUP_STOP_MS,
        run: async () =>
          void (await Promise.all([schedule, erasures, looks, alerts, reports].map(async (each) => await each.stop()))),
      },
      { name: 'close the settings', timeoutMs: 1000, run: async () => await settings.stop() },
      { name: 'close the projects file', timeoutMs: 100, run: async () => projects.close() },
      { name: 'close ClickHouse', timeoutMs: 5000, run: async () => await opened.close() },
    ],
  };
}

function startRollups(rollup: Rollup): Schedule {
  return startSchedule({
    name: 'roll-up',
    expression: config.TACIT_ROLLUP_CRON,
    run: async (signal) => await rollup.run(signal),
    onError: (error) => log.warn({ err: error }, 'the roll-up could not look for changes; it tries again'),
  });
}

/** Looks for persons who asked to be forgotten. */
function startErasures(clickhouse: ClickHouse, metrics: ReporterMetrics, scheduled: boolean): Schedule {
  const eraser = createEraser({ clickhouse, metrics, log });
  return startSchedule({
    name: 'erasure',
    expression: scheduled ? ERASE_CRON : SCHEDULE_OFF,
    run: async (signal) => await eraser.run(signal),
    onError: (error) =>
      log.warn({ err: error }, 'a pass over the erasures did not finish; the next one goes on with it'),
  });
}

await runService(log, start);
