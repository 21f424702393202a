// The processes of this machine, from /proc. In: a process id. Out: what runs below it.
import { readdirSync, readFileSync } from 'node:fs';

/** Command line of a Kafka node itself, not of the shell that watches over it. */
export const KAFKA_NODE = /^\S*java .*kafka\.Kafka /;

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** All processes below this one, or those whose command line is a wanted one. */
export function childrenOf(root: number, wanted = /^/): number[] {
  const parents = new Map<number, number>();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, 'utf8');
      parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
    } catch {
      // it ended meanwhile
    }
  }
  const found: number[] = [];
  for (let queue = [root]; queue.length > 0;) {
    const parent = queue.pop();
    for (const [pid, ppid] of parents) {
      if (ppid !== parent) continue;
      found.push(pid);
      queue.push(pid);
    }
  }
  return found.filter((pid) => wanted.test(commandLine(pid)));
}
