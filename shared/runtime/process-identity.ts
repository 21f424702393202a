// Who a process is, so that another one can tell later whether it still runs: boot id, pid and the process's start time.
// A pid alone lies: it is reused after a while, and at once in a container that starts again.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessIdentity {
  /** Of the running kernel; empty where the system has none. */
  readonly bootId: string;
  readonly pid: number;
  /** Opaque: ticks since boot on Linux, a date elsewhere. Only compared for equality. */
  readonly startTime: string;
}

/** Position of `starttime` in /proc/<pid>/stat, counted from the field behind the command's closing bracket. */
const START_TIME_FIELD = 19;
/** A zombie holds nothing any more, whether its parent has looked or not. */
const DEAD_STATES = new Set(['Z', 'X', 'x']);

export async function currentProcess(): Promise<ProcessIdentity> {
  const startTime = await startTimeOf(process.pid);
  if (startTime === undefined) throw new Error('the start time of this process cannot be read');
  return { bootId: await currentBootId(), pid: process.pid, startTime };
}

/** Whether exactly that process still runs, not merely one with the same pid. */
export async function isProcessAlive(identity: ProcessIdentity): Promise<boolean> {
  if (identity.bootId !== (await currentBootId())) return false;
  return (await startTimeOf(identity.pid)) === identity.startTime;
}

async function currentBootId(): Promise<string> {
  if (process.platform !== 'linux') return '';
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim();
}

async function startTimeOf(pid: number): Promise<string | undefined> {
  return await (process.platform === 'linux' ? startTimeFromProc(pid) : startTimeFromPs(pid));
}

async function startTimeFromProc(pid: number): Promise<string | undefined> {
  let stat: string;
  try {
    stat = await readFile(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The command may hold spaces and brackets; the fields start behind its last closing one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return DEAD_STATES.has(fields[0] ?? '') ? undefined : fields[START_TIME_FIELD];
}

/** The start is an absolute date there, so it differs after another boot as well. */
async function startTimeFromPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)], {
      env: { PATH: '/bin:/usr/bin', LC_ALL: 'C', TZ: 'UTC' },
    });
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
