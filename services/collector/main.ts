// Entry point of the collector: reads the environment, opens projects and stream, listens, and stops in order.
import path from 'node:path';
import { systemClock } from '../../shared/runtime/clock.js';
import { readConfig } from '../../shared/runtime/config.js';
import { ensureDataDir } from '../../shared/runtime/data-dir.js';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { kafkaSettings } from '../../shared/runtime/kafka/config.js';
import { runService, type RunningService } from '../../shared/runtime/lifecycle.js';
import { closeServer, listen } from '../../shared/runtime/listen.js';
import { createLogger } from '../../shared/runtime/log.js';
import { openProjectsFile } from '../../shared/runtime/projects-file.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { createApp } from './app.js';
import { Appender } from './appender.js';
import { readAssets } from './assets.js';
import { collectorConfigSchema } from './config.js';
import { KeyRing } from './keys.js';
import { MemoryBudget } from './memory-budget.js';
import { CollectorMetrics } from './metrics.js';
import { FORWARD_STOP_MS, openForwarder } from './open-forwarder.js';
import { RateLimits } from './rate-limit.js';
import { BODY_TIMES } from './read-body.js';
import { createCollectorServer } from './server.js';

/** Bodies and rows that may be in memory at once, bytes. */
const HELD_BYTES_MAX = 64 * 1024 * 1024;
/** Open requests may take so long to end when the process stops, ms. */
const DRAIN_MS = 5000;

const config = readConfig(collectorConfigSchema, process.env);
const log = createLogger('collector', config.LOG_LEVEL);

async function start(): Promise<RunningService> {
  const directory = ensureDataDir(config.TACIT_DATA_DIR);
  const projects = await openProjectsFile(config.TACIT_PROJECTS_FILE ?? directory.projectsFile, {
    env: process.env,
    log,
  });
  const limits = new RateLimits(() => systemClock.monotonic());
  let keys = new KeyRing(projects.current(), limits);
  projects.onChange((changed) => {
    keys = new KeyRing(changed, limits);
  });
  const maxBytes = config.TACIT_LOG_BYTES_MAX;
  const writer = await openDiskLogWriter({ directory: directory.diskLog, log, ...(maxBytes && { maxBytes }) });
  const appender = new Appender(writer, log);
  const kafka = kafkaSettings(config);
  const forwarding = kafka && (await openForwarder({ settings: kafka, directory: directory.diskLog, log }));
  const budget = new MemoryBudget(HELD_BYTES_MAX);
  let accepting = true;
  const metrics = new CollectorMetrics({
    appended: appender.counts,
    heldBytes: () => budget.heldBytes,
    logBytes: () => {
      const { bytesWaiting, bytesMax, bytesFree } = writer.gauges;
      return { waiting: bytesWaiting, max: bytesMax, free: bytesFree };
    },
  });
  forwarding?.measure(metrics.registry);
  const app = createApp({
    keys: () => keys,
    appender,
    writer,
    budget,
    metrics,
    clock: systemClock,
    bodyTimes: BODY_TIMES,
    log,
    assets: await readAssets(path.join(projectRoot, 'services', 'beacon', 'dist')),
    accepting: () => accepting,
    forwardRefusal: () => forwarding?.refusal(),
  });
  const server = createCollectorServer(app, () => accepting);
  const port = await listen(server, config.TACIT_HOST, config.TACIT_COLLECTOR_PORT);
  return {
    ready: { port },
    ...(forwarding !== undefined && { failed: forwarding.failed }),
    stopSteps: [
      { name: 'not ready', timeoutMs: 100, run: async () => void (accepting = false) },
      { name: 'drain requests', timeoutMs: DRAIN_MS + 500, run: async () => await closeServer(server, DRAIN_MS) },
      { name: 'drain rows', timeoutMs: 2000, run: async () => await appender.drained() },
      ...(forwarding === undefined
        ? []
        : [{ name: 'forward what is left', timeoutMs: FORWARD_STOP_MS, run: async () => await forwarding.stop() }]),
      { name: 'close the log', timeoutMs: 2000, run: async () => await writer.close() },
      { name: 'close the projects file', timeoutMs: 100, run: async () => projects.close() },
    ],
  };
}

await runService(log, start);
