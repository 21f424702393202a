// Watches a collector under load. In: its process. Out: the longest time without an accepted event, and its largest memory.
import { readFileSync } from 'node:fs';
import { sleep } from '../../shared/runtime/retry.js';
import type { ServiceProcess } from './service-process.js';

const SAMPLE_MS = 100;

export interface AcceptWatch {
  stop(): Promise<{ longestPauseMs: number; memoryMaxMb: number }>;
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
  let longestPauseMs = 0;
  let memoryMaxMb = 0;
  const watching = (async () => {
    let last = await readMetric(collector, 'events_total{outcome="accepted"}');
    let since = performance.now();
    while (!stop.signal.aborted) {
      await sleep(SAMPLE_MS, stop.signal);
      const now = await readMetric(collector, 'events_total{outcome="accepted"}');
      longestPauseMs = Math.max(longestPauseMs, performance.now() - since);
      if (now !== last) since = performance.now();
      last = now;
      const resident = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${collector.pid}/status`, 'utf8'))?.[1];
      memoryMaxMb = Math.max(memoryMaxMb, Number(resident ?? 0) / 1024);
    }
  })();
  watching.catch(() => undefined);
  return {
    stop: async () => {
      stop.abort();
      await watching;
      return { longestPauseMs: Math.round(longestPauseMs), memoryMaxMb: Math.round(memoryMaxMb) };
    },
  };
}
