// Which tasks of a page ran the beacon, and how long each kept the processor: by the browser's own trace, so that a machine on which
// others work too does not lengthen them. In: a page. Out: milliseconds of CPU.
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Start and length by the clock, and length by the thread's CPU, microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly data?: { readonly url?: string } };
}

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline'];

/** CPU of each task that ran a script of the beacon, ms, whatever else the task did. */
export function beaconTasks(events: readonly TraceEvent[]): number[] {
  const calls = events.filter(({ args }) => args?.data?.url?.includes('/tacit/') === true);
  const holds = (task: TraceEvent): boolean =>
    calls.some(
      ({ pid, tid, ts }) =>
        pid === task.pid && tid === task.tid && ts >= task.ts && ts <= task.ts + (task.dur ?? Number.NaN),
    );
  return events.filter((event) => event.name === 'RunTask' && holds(event)).map(({ tdur = 0 }) => tdur / 1000);
}

/** Traces `page` while `work` runs; answers what `beaconTasks` finds. */
export async function tracedTasks(browser: Browser, page: Page, work: () => Promise<void>): Promise<number[]> {
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  const { traceEvents } = JSON.parse(String(await browser.stopTracing())) as { traceEvents: TraceEvent[] };
  return beaconTasks(traceEvents);
}
