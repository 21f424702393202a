// The sink's process: wires the stream to ClickHouse and runs until it is told to stop.
// In: the environment. Out: one process. Must hold no rule of its own.
import { openClickHouse } from '../../infra/local/open-clickhouse.js';
import { systemClock } from '../../shared/runtime/clock.js';
import { StartError } from '../../shared/runtime/errors.js';
import { runService, type RunningService } from '../../shared/runtime/lifecycle.js';
import { closeServer, listen } from '../../shared/runtime/listen.js';
import { createLogger, type Logger } from '../../shared/runtime/log.js';
import { readSinkConfig, type SinkConfig } from './config.js';
import { consume } from './consume.js';
import { createHealthServer } from './health.js';
import { createInsert } from './insert.js';
import { STOP_INSERT_MS } from './limits.js';
import { createSinkMetrics } from './metrics.js';
import { openStream } from './open-stream.js';
import { Waiting, WAIT_REASONS } from './waiting.js';

const CLOSE_MS = 2_000;

async function startSink(config: SinkConfig, log: Logger): Promise<RunningService> {
  const { reader, failed } = await openStream(config, log);
  const opened = await openClickHouse({ config, role: 'writer', log });
  const { clickhouse } = opened;
  const stop = new AbortController();
  const cut = new AbortController();
  const clock = systemClock;
  const waiting = new Waiting({ log, clock, stop: stop.signal });
  const metrics = createSinkMetrics(async () => await reader.backlog(), waiting);
  const insert = createInsert({
    send: async (table, chunks) => await clickhouse.insertBlock(table, chunks),
    waiting,
    metrics,
    clock,
    cut: cut.signal,
  });
  const ended = consume({ reader, insert, waiting, metrics, log, clock, stop: stop.signal });

  const server = createHealthServer(metrics.registry, async () => {
    const waitingFor = WAIT_REASONS.filter((reason) => waiting.isWaitingFor(reason));
    return { ready: !stop.signal.aborted && waitingFor.length === 0 && (await clickhouse.ping()), waitingFor };
  });
  const port =
    config.TACIT_SINK_PORT === undefined ? undefined : await listen(server, config.TACIT_HOST, config.TACIT_SINK_PORT);

  return {
    ready: port === undefined ? {} : { port },
    failed: Promise.race([opened.failed, failed, ended.then(async () => await new Promise<never>(() => undefined))]),
    stopSteps: [
      {
        name: 'finish the insert under way',
        timeoutMs: STOP_INSERT_MS + CLOSE_MS,
        run: async () => {
          stop.abort();
          const timer = setTimeout(() => cut.abort(), STOP_INSERT_MS);
          await ended.finally(() => clearTimeout(timer));
        },
      },
      { name: 'close the stream', timeoutMs: CLOSE_MS, run: async () => await reader.close() },
      { name: 'close ClickHouse', timeoutMs: CLOSE_MS, run: async () => await opened.close() },
      {
        name: 'close the server',
        timeoutMs: CLOSE_MS,
        run: async () => {
          if (port !== undefined) await closeServer(server, 500);
        },
      },
    ],
  };
}

try {
  const config = readSinkConfig(process.env);
  const log = createLogger('sink', config.LOG_LEVEL);
  await runService(log, async () => await startSink(config, log));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
