// Watches a collector under load. In: its process. Out: the longest time without an accepted event, how long the machine itself
// stood still meanwhile, and the collector's largest memory.
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { sleep } from '../../shared/runtime/retry.js';
import type { ServiceProcess } from './service-process.js';
import { makeTempDir } from './temp-dir.js';

const SAMPLE_MS = 100;
/** The longest time in which nothing is accepted, beyond what the machine itself stood still. */
const PAUSE_MAX_MS = 1_000;
/** What the collector's process may take, MB. */
const MEMORY_MAX_MB = 300;
const PROBE_BYTES = 64 * 1024;

export interface Accepting {
  readonly longestPauseMs: number;
  /** The same without the time in which the collector had work and no processor was free for it. */
  readonly longestOwnPauseMs: number;
  /** The longest time in which this process came to no turn, or a small write of its own to no end. */
  readonly machineStallMs: number;
  readonly memoryMaxMb: number;
}

export interface AcceptWatch {
  stop(): Promise<Accepting>;
}

/** For the line of a scenario. */
export function acceptingText({ longestPauseMs, longestOwnPauseMs, machineStallMs, memoryMaxMb }: Accepting): string {
  return `longest pause ${longestPauseMs} ms (its own ${longestOwnPauseMs} ms, machine ${machineStallMs} ms), ${memoryMaxMb} MB`;
}

/** What is wrong with how the collector took requests; empty when nothing is. */
export function acceptingFaults({ longestOwnPauseMs, machineStallMs, memoryMaxMb }: Accepting): string[] {
  return [
    ...(longestOwnPauseMs < PAUSE_MAX_MS + machineStallMs ? [] : [`nothing was accepted for ${longestOwnPauseMs} ms`]),
    ...(memoryMaxMb < MEMORY_MAX_MB ? [] : [`the collector took ${memoryMaxMb} MB`]),
  ];
}

/** The sum of a metric's samples whose line contains `part`. */
export async function readMetric(collector: ServiceProcess, part: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${String(collector.ready['port'])}/metrics`);
  const lines = (await response.text()).split('\n').filter((line) => !line.startsWith('#') && line.includes(part));
  if (lines.length === 0) throw new Error(`no metric ${part}`);
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

export function watchAccepting(collector: ServiceProcess): AcceptWatch {
  const stop = new AbortController();
  const accepting = watchAccepted(collector, stop.signal);
  const machine = watchMachine(stop.signal);
  for (const watching of [accepting, machine]) watching.catch(() => undefined);
  return {
    stop: async () => {
      stop.abort();
      const [{ longestPauseMs, longestOwnPauseMs, memoryMaxMb }, machineStallMs] = await Promise.all([
        accepting,
        machine,
      ]);
      return {
        longestPauseMs: Math.round(longestPauseMs),
        longestOwnPauseMs: Math.round(longestOwnPauseMs),
        machineStallMs: Math.round(machineStallMs),
        memoryMaxMb: Math.round(memoryMaxMb),
      };
    },
  };
}

async function watchAccepted(collector: ServiceProcess, stop: AbortSignal) {
  let longestPauseMs = 0;
  let longestOwnPauseMs = 0;
  let memoryMaxMb = 0;
  let last = await readMetric(collector, 'events_total{outcome="accepted"}');
  let since = performance.now();
  let waitedSince = waitedForCpuMs(collector.pid);
  while (!stop.aborted) {
    await sleep(SAMPLE_MS, stop);
    const now = await readMetric(collector, 'events_total{outcome="accepted"}');
    const waitedMs = waitedForCpuMs(collector.pid);
    const pauseMs = performance.now() - since;
    longestPauseMs = Math.max(longestPauseMs, pauseMs);
    longestOwnPauseMs = Math.max(longestOwnPauseMs, pauseMs - (waitedMs - waitedSince));
    if (now !== last) {
      since = performance.now();
      waitedSince = waitedMs;
    }
    last = now;
    const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${collector.pid}/status`, 'utf8'))?.[1];
    memoryMaxMb = Math.max(memoryMaxMb, Number(resident ?? 0) / 1024);
  }
  return { longestPauseMs, longestOwnPauseMs, memoryMaxMb };
}

/** How long a process's main thread could have run and did not, ms: the second number of the kernel's `schedstat`, in ns. */
function waitedForCpuMs(pid: number): number {
  const [, waitedNs] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ');
  return Number(waitedNs) / 1e6;
}

/** A collector can be no faster than a process that only writes a block to disk, and does so again: the floor of a pause. */
async function watchMachine(stop: AbortSignal): Promise<number> {
  const folder = makeTempDir('machine-watch');
  const file = await open(path.join(folder.dir, 'probe'), 'w');
  const block = Buffer.alloc(PROBE_BYTES);
  let longestMs = 0;
  try {
    while (!stop.aborted) {
      const began = performance.now();
      await sleep(SAMPLE_MS, stop);
      await file.write(block, 0, block.length, 0);
      await file.datasync();
      longestMs = Math.max(longestMs, performance.now() - began - SAMPLE_MS);
    }
  } finally {
    await file.close();
    folder.remove();
  }
  return longestMs;
}
