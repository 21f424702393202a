// One supervised child process: starts it, hears that it is ready, starts it again when it dies, stops it within a bound.
// What it logs goes to a file; lines that need a person are also handed to the supervisor.
import { fork, type ChildProcess } from 'node:child_process';
import { createWriteStream, renameSync, statSync, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { ReadyMessage, RefusedMessage } from '../../shared/runtime/lifecycle.js';
import { sleep } from '../../shared/runtime/retry.js';
import { RestartBudget } from '../../shared/runtime/restarts.js';

/** A log file beyond this size is set aside as `.1` at the next start, bytes. */
export const LOG_FILE_BYTES_MAX = 16 * 1024 * 1024;

export interface ChildOptions {
  readonly name: string;
  /** Built entry point. */
  readonly file: string;
  readonly env: Record<string, string | undefined>;
  readonly logFile: string;
  /** A line for a person. */
  readonly say: (line: string) => void;
  /** Called once when it failed too often. */
  readonly gaveUp: (line: string) => void;
}

export class SupervisedChild {
  private readonly options: ChildOptions;
  private readonly budget = new RestartBudget();
  private process: ChildProcess | undefined;
  private stopping = false;
  private lastWords = '';

  constructor(options: ChildOptions) {
    this.options = options;
  }

  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Starts it and resolves when it says that it is ready; keeps it running from then on. */
  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.launch(resolve));
  }

  /** Asks it to stop; after `graceMs` it is ended. */
  async stop(graceMs: number): Promise<void> {
    this.stopping = true;
    const child = this.process;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.options.say(`${this.options.name} did not stop within ${graceMs / 1000} s and was ended.`);
      child.kill('SIGKILL');
    }, graceMs);
    await gone;
    clearTimeout(timer);
  }

  private launch(ready: () => void): void {
    if (this.stopping) return;
    const { name, file, env, logFile } = this.options;
    const log = openLog(logFile);
    const child = fork(file, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    this.process = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.hear(line, log));
    }
    let refused: string | undefined;
    child.on('message', (message) => {
      const said = message as ReadyMessage | RefusedMessage;
      if (said.type === 'ready') ready();
      else if (said.type === 'refused') refused = said.why;
    });
    child.once('error', (error) => (this.lastWords = error.message));
    child.once('close', (code, signal) => {
      log.end();
      if (this.stopping) return;
      const last = this.lastWords || `exit ${code ?? signal}`;
      if (refused !== undefined) {
        this.options.gaveUp(`${name} cannot start: ${refused}`);
        return;
      }
      const pause = this.budget.fail(performance.now());
      if (pause === undefined) {
        this.options.gaveUp(`${name} failed too often (last: ${last}); its log is ${logFile}`);
        return;
      }
      this.options.say(`${name} ended (${signal ?? code}); it is started again.`);
      void sleep(pause).then(() => this.launch(ready));
    });
  }

  private hear(line: string, log: WriteStream): void {
    log.write(`${line}\n`);
    const entry = parseLogLine(line);
    if (entry === undefined) {
      if (line.trim() !== '') this.lastWords = line;
      return;
    }
    if (entry.level < 50) return;
    this.lastWords = entry.sentence;
    this.options.say(`${this.options.name}: ${entry.sentence}`);
  }
}

/** Level and sentence of a structured log line, with its error's message; undefined for any other line. */
export function parseLogLine(line: string): { level: number; sentence: string } | undefined {
  try {
    const entry = JSON.parse(line) as { level?: unknown; msg?: unknown; err?: { message?: unknown } };
    if (typeof entry.level !== 'number' || typeof entry.msg !== 'string') return undefined;
    const cause = typeof entry.err?.message === 'string' ? `: ${entry.err.message}` : '';
    return { level: entry.level, sentence: `${entry.msg}${cause}` };
  } catch {
    return undefined;
  }
}

function openLog(file: string): WriteStream {
  try {
    if (statSync(file).size > LOG_FILE_BYTES_MAX) renameSync(file, `${file}.1`);
  } catch {
    // there is no log of an earlier run
  }
  return createWriteStream(file, { flags: 'a', mode: 0o600 });
}
