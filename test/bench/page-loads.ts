// Loads of every page from a real reporter, each three times: by a reporter that has not read any of it, again a moment later, and from the
// floor. In: a filled server, pages. Out: times by page, bytes, and what the first load's statements have cost.
// A reporter is started anew for each round, so that nothing of the product is kept; the pages of a small project warm it up before.
import { startReporter, testProject, READ_TOKEN, type TestReporter } from '../support/reporter.js';
import type { TestClickHouse } from '../support/clickhouse.js';
import { cpuSeconds, peakMemoryBytes } from './measure.js';
import { startWorker } from './orders.js';
import type { PageFloorOrder } from './page-floor.js';
import { queryCosts, serverClock, type QueryCost } from './query-costs.js';

export interface PageAsked {
  readonly name: string;
  /** What it may cost: `custom` counts the persons of its days when it is asked. */
  readonly kind: 'window' | 'custom';
  readonly path: (project: string, round: number) => string;
}

export interface PageTimes {
  readonly page: PageAsked;
  /** ms, one per round. */
  readonly first: readonly number[];
  readonly again: readonly number[];
  readonly floor: readonly number[];
  readonly bytes: number;
  /** Of all first loads. */
  readonly costs: readonly QueryCost[];
}

export interface Loads {
  /** Pages that answered anything but 200, and what; they were not measured any further. */
  readonly failed: readonly string[];
  readonly pages: readonly PageTimes[];
  readonly reporterPeakBytes: number;
  /** CPU of the reporter for a first load of a page, ms, averaged over all. */
  readonly reporterCpuMs: number;
}

const SMALL = 'small-1';
const WARM_UP_ROUNDS = 2;
const LOG_LEVEL = 'error';

export async function loadPages(
  clickhouse: TestClickHouse,
  projects: readonly string[],
  pages: readonly PageAsked[],
  rounds: number,
): Promise<Loads> {
  const worker = await startWorker<PageFloorOrder, { url: string }>('page-floor');
  const { url: floorUrl } = await worker.ask({ connection: clickhouse.connections.reporter });
  const times = pages.map((page): Taken => ({ page, first: [], again: [], floor: [], bytes: 0, spans: [] }));
  let reporterPeakBytes = 0;
  const failed = new Map<string, number>();
  let cpu = 0;
  const started = await serverClock(clickhouse.migrator);
  try {
    for (let round = 0; round < rounds; round += 1) {
      const reporter = await start(clickhouse, projects);
      try {
        for (let i = 0; i < WARM_UP_ROUNDS; i += 1)
          for (const { path } of pages) await load(`${reporter.url}${path(SMALL, round + i)}`);
        for (const taken of rotated(times, round)) {
          if (failed.has(taken.page.name)) continue;
          const url = `${reporter.url}${taken.page.path(projects[0] ?? '', round)}`;
          const before = cpuSeconds(reporter.pid);
          const from = await serverClock(clickhouse.migrator);
          const first = await load(url);
          if (first.status !== 200) {
            failed.set(taken.page.name, first.status);
            continue;
          }
          taken.spans.push([from, await serverClock(clickhouse.migrator)]);
          cpu += cpuSeconds(reporter.pid) - before;
          taken.first.push(first.ms);
          taken.again.push((await load(url)).ms);
          taken.bytes = first.bytes;
          taken.floor.push((await load(`${floorUrl}/?bytes=${first.bytes}`)).ms);
        }
        reporterPeakBytes = Math.max(reporterPeakBytes, peakMemoryBytes(reporter.pid));
      } finally {
        await reporter.stop();
      }
    }
  } finally {
    await worker.stop();
  }
  const costs = await queryCosts(clickhouse.migrator, started, await serverClock(clickhouse.migrator));
  return {
    failed: [...failed].map(([name, status]) => `${name}: answers ${status}`),
    pages: times
      .filter(({ page }) => !failed.has(page.name))
      .map(({ spans, ...rest }) => ({ ...rest, costs: costs.filter(({ at }) => isWithin(at, spans)) })),
    reporterPeakBytes,
    reporterCpuMs: (cpu * 1000) / (rounds * pages.length),
  };
}

type Span = readonly [string, string];
interface Taken {
  readonly page: PageAsked;
  readonly first: number[];
  readonly again: number[];
  readonly floor: number[];
  readonly spans: Span[];
  bytes: number;
}

function isWithin(at: string, spans: readonly Span[]): boolean {
  const instant = BigInt(at);
  return spans.some(([from, to]) => instant >= BigInt(from) && instant <= BigInt(to));
}

/** Each page comes first in its turn. */
function rotated<T>(items: readonly T[], by: number): T[] {
  const at = by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

async function start(clickhouse: TestClickHouse, projects: readonly string[]): Promise<TestReporter> {
  return await startReporter({
    connection: clickhouse.connections.reporter,
    projects: projects.map((id) => testProject(id)),
    env: { TACIT_ROLLUP_CRON: 'off', LOG_LEVEL },
  });
}

async function load(url: string): Promise<{ ms: number; bytes: number; status: number }> {
  const startedAt = performance.now();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${READ_TOKEN}` }, redirect: 'manual' });
  const body = await answer.arrayBuffer();
  return { ms: performance.now() - startedAt, bytes: body.byteLength, status: answer.status };
}
