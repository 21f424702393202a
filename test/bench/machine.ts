// Facts of the machine without which figures say nothing. Read once, when a run begins.
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';

export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly system: string;
  /** Of the last minute, when the run began: above the number of cores something else was running. */
  readonly loadAverage: number;
}

export function machine(): Machine {
  const cpuinfo = existsSync('/proc/cpuinfo') ? readFileSync('/proc/cpuinfo', 'utf8') : '';
  return {
    cores: os.availableParallelism(),
    cpu: /^model name\s*: (.+)$/m.exec(cpuinfo)?.[1] ?? os.cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(os.totalmem() / 1024 ** 3),
    node: process.versions.node,
    system: `${os.type()} ${os.release()}`,
    loadAverage: Math.round((os.loadavg()[0] ?? 0) * 10) / 10,
  };
}

export function machineText(facts: Machine): string {
  const { cores, cpu, memoryGiB, node, system, loadAverage } = facts;
  return `${cores} cores (${cpu}), ${memoryGiB} GiB, ${system}, Node ${node}, load average at start ${loadAverage}`;
}
