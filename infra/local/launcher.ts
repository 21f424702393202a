// Starts and stops one embedded ClickHouse server as a child process with its own HTTP port on the loopback.
// In: a directory with its configuration, a port. Out: the port it got, its end. Must never outlive this process.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { StartError, WeatherError } from '../../shared/runtime/errors.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import { sleep } from '../../shared/runtime/retry.js';
import { engineLibrary } from './engine-package.js';

const START_TIMEOUT_MS = 60_000;
/** How long a graceful stop may take before the child is killed, ms. Connections that are kept alive hold it up. */
export const STOP_GRACE_MS = 3_000;
const OUTPUT_KEPT_CHARS = 16_384;

export interface EmbeddedServer {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  readonly startMs: number;
  /** Settles when the process has ended, however that came. */
  readonly ended: Promise<ServerEnd>;
  /** Asks it to leave, and kills it when it does not within `graceMs`. */
  stop(graceMs?: number): Promise<ServerEnd>;
  kill(): Promise<ServerEnd>;
}

export interface ServerEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Last lines that it printed. */
  readonly output: string;
}

export interface LaunchOptions {
  /** Holds `config.xml`, `users.xml`; the data goes to `store/` in it. */
  readonly directory: string;
  /** 0 for any free one. */
  readonly port: number;
}

/** Resolves when the server answers on its port. Rejects with StartError when this machine cannot run it, else with WeatherError. */
export async function launchServer({ directory, port }: LaunchOptions): Promise<EmbeddedServer> {
  const startedAt = performance.now();
  const library = engineLibrary();
  const store = path.join(directory, 'store');
  prepareStore(store);
  for (const name of readdirSync(directory)) if (name.startsWith('.ready-')) rmSync(path.join(directory, name));
  const readyFile = path.join(directory, `.ready-${randomUUID()}`);
  // detached: the engine's own shutdown signals its whole process group, which must not be ours
  const child = spawn(process.execPath, commandLine(directory, store, port, readyFile), {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    cwd: directory,
    env: { CLICKHOUSE_LIBRARY: library, TZ: 'UTC' },
  });
  const ended = watchEnd(child);
  const ready = await waitReady(child, ended, readyFile, startedAt);
  return {
    pid: child.pid ?? 0,
    port: ready,
    url: `http://127.0.0.1:${ready}`,
    startMs: Math.round(performance.now() - startedAt),
    ended: ended.promise,
    stop: async (graceMs = STOP_GRACE_MS) => {
      child.stdin?.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      try {
        return await ended.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    kill: async () => {
      child.kill('SIGKILL');
      return await ended.promise;
    },
  };
}

/** Without this file the engine keeps its own tables in memory, and its query log breaks at the second start. */
function prepareStore(store: string): void {
  mkdirSync(path.join(store, 'metadata'), { recursive: true, mode: 0o700 });
  const system = path.join(store, 'metadata', 'system.sql');
  if (!existsSync(system)) writeFileSync(system, `ATTACH DATABASE _ UUID '${randomUUID()}'\nENGINE = Atomic\n`);
}

function commandLine(directory: string, store: string, port: number, readyFile: string): string[] {
  // The file is both the sign of readiness and the port: an answer to a ping could be another program's.
  const boot = `SYSTEM START LISTEN HTTP; SELECT getServerPort('http_port') INTO OUTFILE '${path.basename(readyFile)}' FORMAT TSV;`;
  return [
    path.join(projectRoot, 'infra', 'local', 'child.cjs'),
    `--path=${store}`,
    `--config-file=${path.join(directory, 'config.xml')}`,
    '--listen_host=127.0.0.1',
    `--http_port=${port}`,
    '--implicit_select=0',
    `--logger.log=${path.join(directory, 'server.log')}`,
    '--log-level=warning',
    '--query',
    boot,
  ];
}

interface End {
  readonly promise: Promise<ServerEnd>;
  output(): string;
  done(): boolean;
}

function watchEnd(child: ChildProcess): End {
  let output = '';
  let done = false;
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => (output = (output + bytes.toString()).slice(-OUTPUT_KEPT_CHARS)));
  child.stdin?.on('error', () => undefined);
  const promise = new Promise<ServerEnd>((resolve) => {
    const end = (code: number | null, signal: NodeJS.Signals | null) => {
      done = true;
      resolve({ code, signal, output });
    };
    child.once('error', () => end(null, null));
    child.once('exit', end);
  });
  return { promise, output: () => output, done: () => done };
}

async function waitReady(child: ChildProcess, end: End, readyFile: string, startedAt: number): Promise<number> {
  try {
    for (;;) {
      const port = existsSync(readyFile) ? Number(readFileSync(readyFile, 'utf8').trim()) : 0;
      if (port > 0) return port;
      if (end.done()) throw startFailure(end.output());
      // a start-up statement that failed leaves the engine at its prompt
      if (/DB::Exception/.test(end.output())) throw startFailure(end.output());
      if (performance.now() - startedAt > START_TIMEOUT_MS)
        throw startFailure(`not ready after ${START_TIMEOUT_MS} ms`);
      await sleep(10);
    }
  } catch (error) {
    child.kill('SIGKILL');
    await end.promise;
    throw error;
  } finally {
    rmSync(readyFile, { force: true });
  }
}

/** What a failed start means, from what the process printed: for a person where this machine cannot run it, else weather. */
export function startFailure(output: string): Error {
  const terminal = /TACIT: (.*)/.exec(output);
  if (terminal !== null)
    return new StartError(`The embedded ClickHouse needs /dev/ptmx (${terminal[1]}): mount it, or set CLICKHOUSE_URL.`);
  const said = /DB::(?:Net)?Exception: ([^\n]*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
  return new WeatherError('clickhouse_start', `the embedded ClickHouse did not start: ${said.slice(0, 500)}`, {
    retriable: true,
  });
}
