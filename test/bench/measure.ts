// Reads what processes have used, and condenses repetitions. In: process ids, lists of numbers. Out: CPU seconds, bytes, medians.
import { readFileSync } from 'node:fs';

/** Median and range of several repetitions. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly n: number;
}

/** Ticks of /proc/<pid>/stat in a second: the same on every Linux that Node runs on. */
const TICKS_PER_S = 100;

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) throw new Error('nothing was measured');
  return { median: quantile(sorted, 0.5), min, max, n: sorted.length };
}

/** Of sorted values; between two of them it is interpolated. */
export function quantile(sorted: readonly number[], q: number): number {
  const at = (sorted.length - 1) * q;
  const [below, above] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  if (below === undefined || above === undefined) throw new Error('nothing was measured');
  return below + (above - below) * (at - Math.floor(at));
}

/** Ratio of each repetition to the floor's repetition beside it, so that a load that comes and goes weighs on both. */
export function ratiosOf(product: readonly number[], floor: readonly number[]): Spread {
  return spreadOf(product.map((value, i) => value / (floor[i] ?? Number.NaN)));
}

/** User and system time of a stat line, all threads, living and ended, seconds. */
export function cpuOfStat(stat: string): number {
  // The name stands in parentheses and may hold anything; fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
}

/** CPU seconds that these processes have used so far, together. */
export function cpuSeconds(...pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + cpuOfStat(readFileSync(`/proc/${pid}/stat`, 'utf8')), 0);
}

/** Most memory a process has held at once, bytes. */
export function peakMemoryBytes(pid: number): number {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * 1024;
}

/** Seconds that `work` took. */
export async function timed(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

export interface Used {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs `work` and answers how long it took and what these processes used meanwhile. */
export async function using(pids: readonly number[], work: () => Promise<void>): Promise<Used> {
  const [cpu, started] = [cpuSeconds(...pids), performance.now()];
  await work();
  return { seconds: (performance.now() - started) / 1000, cpuSeconds: cpuSeconds(...pids) - cpu };
}
