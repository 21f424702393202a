// Built entry points as processes of their own, to their end. In: a file below dist, arguments, the environment, options of Node.
// Out: the process, and how it ended with all that it wrote.
import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { projectRoot } from '../../shared/runtime/project-root.js';

export interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<{ code: number | null; signal: string | null; out: string; said: string }>;
}

export interface EntryOptions {
  readonly env: Readonly<Record<string, string>>;
  /** Of Node itself. */
  readonly execArgv?: readonly string[];
}

/** `entry` is a path below dist. */
export function runEntry(
  entry: readonly string[],
  args: readonly string[],
  { env, execArgv = [] }: EntryOptions,
): Running {
  const file = path.join(projectRoot, 'dist', ...entry);
  const child = spawn(process.execPath, [...execArgv, file, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, said] = ['', ''];
  child.stdout.on('data', (text) => (out += String(text)));
  child.stderr.on('data', (text) => (said += String(text)));
  const end = new Promise<Awaited<Running['end']>>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, out, said }));
  });
  return { child, end };
}
