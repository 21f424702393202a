// Waits for a moment in which a process is provably in the middle of something, so that it can be killed just there.
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { sleep } from '../../shared/runtime/retry.js';

/** Numbers of the Linux x64 system calls that write or sync a file: write, pwrite64, writev, fsync, fdatasync, pwritev. */
const WRITING_CALLS = new Set(['1', '18', '20', '74', '75', '296']);

/** Whether a thread other than the main one (which runs the event loop) is inside a call that writes or syncs a file. */
export function isWriting(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some(
      (task) =>
        task !== String(pid) &&
        WRITING_CALLS.has(readFileSync(`/proc/${pid}/task/${task}/syscall`, 'utf8').split(' ')[0] ?? ''),
    );
  } catch {
    return false;
  }
}

export interface ProcessesQuery {
  readonly url: string;
  readonly user: string;
  readonly password: string;
}

/** How many statements of a ClickHouse user run now that write (all but SELECT). 0 when the server does not answer. */
export async function runningWrites(server: ProcessesQuery, user: string): Promise<number> {
  const sql = `SELECT count() FROM system.processes WHERE user = '${user}' AND NOT startsWith(trimLeft(query), 'SELECT')`;
  return await new Promise((resolve) => {
    const asked = request(
      server.url,
      { method: 'POST', auth: `${server.user}:${server.password}`, timeout: 1000, agent: false },
      (response) => {
        let text = '';
        response.on('data', (chunk) => (text += String(chunk)));
        response.once('end', () => resolve(response.statusCode === 200 ? Number(text) : 0));
        response.once('error', () => resolve(0));
      },
    );
    asked.once('error', () => resolve(0));
    asked.once('timeout', () => asked.destroy());
    asked.end(sql);
  });
}

/** Polls until it is so or the time is up; answers whether it was. */
export async function momentOf(isSo: () => boolean | Promise<boolean>, withinMs: number): Promise<boolean> {
  const until = performance.now() + withinMs;
  while (performance.now() < until) {
    if (await isSo()) return true;
    await sleep(1);
  }
  return false;
}
