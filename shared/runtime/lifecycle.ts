// Start and stop of a service process: signals, the supervisor's channel, bounded steps, one exit code.
import type { Logger } from './log.js';
import { StartError } from './errors.js';

/** One step of a graceful stop: what it does, how long it may take, ms. Steps run in their order. */
export interface StopStep {
  readonly name: string;
  readonly timeoutMs: number;
  run(): Promise<void>;
}

export interface RunningService {
  /** In order: not ready, stop intake, drain, flush, close. */
  readonly stopSteps: readonly StopStep[];
  /** Settles when the service cannot go on; rejects with the reason. */
  readonly failed?: Promise<never>;
  /** What its supervisor wants to know, such as the port it got. */
  readonly ready: Record<string, unknown>;
}

/** Message by which a child tells its supervisor that it is ready. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly [key: string]: unknown;
}

/** Message by which a child tells its supervisor that starting it again, with everything as it is, will not help. */
export interface RefusedMessage {
  readonly type: 'refused';
  readonly why: string;
}

/**
 * Runs a service until a signal, the end of its supervisor, or a failure; then stops it step by step and exits.
 * Under a supervisor (an IPC channel is there) SIGINT is left to the supervisor, since Ctrl-C reaches every process at once.
 */
export async function runService(log: Logger, start: () => Promise<RunningService>): Promise<never> {
  const supervised = process.send !== undefined;
  const stopAsked = new Promise<string>((resolve) => {
    process.on('SIGTERM', () => resolve('SIGTERM'));
    process.on('SIGINT', () => {
      if (!supervised) resolve('SIGINT');
    });
    if (supervised) process.once('disconnect', () => resolve('disconnect'));
    if (supervised && !process.connected) resolve('disconnect');
  });
  let service: RunningService | undefined;
  try {
    // a start may wait for what never comes; there is nothing to stop in order yet, and what it holds ends with the process
    service = await Promise.race([start(), stopAsked.then(() => undefined)]);
  } catch (error) {
    reportFatal(log, error);
    if (error instanceof StartError) await tellSupervisor({ type: 'refused', why: error.message });
    return process.exit(1);
  }
  if (service === undefined) return process.exit(0);
  await tellSupervisor({ type: 'ready', ...service.ready });
  log.info(service.ready, 'ready');
  let exitCode = 0;
  try {
    const why = await Promise.race([stopAsked, ...(service.failed === undefined ? [] : [service.failed])]);
    log.info({ why }, 'stopping');
  } catch (error) {
    reportFatal(log, error);
    exitCode = 1;
  }
  if (!(await stopInOrder(log, service.stopSteps))) exitCode = 1;
  log.info('stopped');
  return process.exit(exitCode);
}

/** Runs the steps in order, each within its bound; answers whether all ended well. A step that fails does not stop the rest. */
export async function stopInOrder(log: Logger, steps: readonly StopStep[]): Promise<boolean> {
  let clean = true;
  for (const step of steps) {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done within ${step.timeoutMs} ms`)), step.timeoutMs);
    });
    try {
      await Promise.race([step.run(), bound]);
    } catch (error) {
      clean = false;
      log.warn({ step: step.name, err: error }, 'a step of the stop did not end well');
    } finally {
      clearTimeout(timer);
    }
  }
  return clean;
}

/** Resolves when the message is on its way; there may be no supervisor. */
async function tellSupervisor(message: ReadyMessage | RefusedMessage): Promise<void> {
  if (process.send === undefined || !process.connected) return;
  await new Promise<void>((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

function reportFatal(log: Logger, error: unknown): void {
  if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
  else log.fatal({ err: error }, 'the service cannot go on');
}
