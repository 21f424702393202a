// A built service as a process of its own, as its supervisor starts it. In: its name and environment. Out: ways to wait for it,
// stop it and kill it. Must leave no process behind: every test stops what it starts.
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';

export interface ServiceProcess {
  readonly pid: number;
  /** What it told its supervisor, such as the port it got. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Lines it logged so far. */
  readonly log: readonly string[];
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
}

const START_MS = 30_000;

/** The build to start services from: this project's, unless a test of the tests says otherwise. */
const buildRoot = process.env['TACIT_TEST_BUILD'] ?? path.join(projectRoot, 'dist');

/** Starts `services/<name>/main.js` of a build with these variables alone and resolves when it is ready. */
export async function startService(
  name: string,
  env: Readonly<Record<string, string>>,
  build = buildRoot,
): Promise<ServiceProcess> {
  const file = path.join(build, 'services', name, 'main.js');
  const child = fork(file, [], { env: { ...env }, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream
      ?.setEncoding('utf8')
      .on('data', (text: string) => log.push(...text.split('\n').filter((line) => line !== '')));
  }
  const exit = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await firstReadyMessage(child, exit, log);
  return {
    pid: child.pid ?? 0,
    ready,
    log,
    stop: async () => {
      child.kill('SIGTERM');
      return await exit;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

async function firstReadyMessage(
  child: ChildProcess,
  exit: Promise<number | null>,
  log: readonly string[],
): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not ready within ${START_MS} ms:\n${log.join('\n')}`)), START_MS);
  });
  const message = new Promise<Record<string, unknown>>((resolve) => {
    child.on('message', (said) => {
      if (typeof said === 'object' && said !== null && 'type' in said && said.type === 'ready') resolve({ ...said });
    });
  });
  const gone = exit.then((code) => {
    throw new Error(`it ended with ${code} before it was ready:\n${log.join('\n')}`);
  });
  try {
    return await Promise.race([message, late, gone]);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
    gone.catch(() => undefined);
    late.catch(() => undefined);
  }
}
