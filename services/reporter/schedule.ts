// Runs a task by a cron expression, never twice at once. The only file that knows the cron library.
// In: an expression or `off`, a task. Out: a schedule that can be stopped. A task that fails is reported, and the schedule goes on.
import { createTask, validateDetailed } from 'node-cron';

/** Expression of a schedule that never runs. */
export const SCHEDULE_OFF = 'off';

export interface Schedule {
  /** Runs no more; resolves when the run that is under way has ended (it is told to by its signal). */
  stop(): Promise<void>;
}

export interface ScheduledTask {
  readonly name: string;
  readonly expression: string;
  run(signal: AbortSignal): Promise<void>;
  onError(error: unknown): void;
}

/** What is wrong with an expression, or undefined. Six fields (seconds first) or five; UTC. */
export function cronProblem(expression: string): string | undefined {
  if (expression === SCHEDULE_OFF) return undefined;
  const { valid, errors } = validateDetailed(expression);
  if (valid) return undefined;
  const fields = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return `must be "${SCHEDULE_OFF}" or a cron expression such as "*/5 * * * * *" (${fields})`;
}

/** Starts the schedule. A moment that comes while the task still runs is passed over. */
export function startSchedule(task: ScheduledTask): Schedule {
  if (task.expression === SCHEDULE_OFF) return { stop: async () => undefined };
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  const cron = createTask(
    task.expression,
    async () => {
      running = task.run(stopped.signal).catch((error: unknown) => task.onError(error));
      await running;
    },
    { name: task.name, timezone: 'UTC', noOverlap: true, suppressMissedWarning: true, logger: silent },
  );
  void cron.start();
  return {
    stop: async () => {
      stopped.abort();
      await cron.destroy();
      await running;
    },
  };
}

/** The library's own words (an overlap, a late moment) say nothing that the service's figures do not. */
const silent = { info: ignore, warn: ignore, error: ignore, debug: ignore };

function ignore(): void {
  // nothing to say
}
