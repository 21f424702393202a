// Pages with and without the beacon in one Chromium, and what the browser itself has measured of them. In: a page's HTML.
// Out: times, memory and long tasks. The page without is the floor: whatever its own script does, it does there too.
import type { CDPSession, Page } from 'playwright-core';
import { scriptTag } from '../support/beacon-page.js';
import type { Chromium } from '../support/chromium.js';
import { startChromium } from '../support/chromium.js';
import type { PageServer, RecordingCollector } from '../support/recording-collector.js';
import { startPageServer, startRecordingCollector } from '../support/recording-collector.js';
import { tracedTasks } from './beacon-trace.js';

/** Of the thread that runs the page, since its page was opened. Seconds and bytes. */
export interface PageMetrics {
  readonly taskSeconds: number;
  readonly scriptSeconds: number;
  readonly heapBytes: number;
}

export interface BenchPage {
  readonly page: Page;
  metrics(): Promise<PageMetrics>;
  /** Collects garbage first: what is left is held. */
  heldBytes(): Promise<number>;
  /** Lengths of the tasks over 50 ms by the clock so far, ms, whoever made them. */
  longTasks(): Promise<number[]>;
  close(): Promise<void>;
}

export interface BenchBrowser {
  readonly collector: RecordingCollector;
  /** Shows `html`, with the beacon behind it or without. */
  open(html: string, beacon: boolean): Promise<BenchPage>;
  /** Shows `html` with the beacon, does `work` there and answers the CPU of each task that ran the beacon, ms. */
  traced(html: string, work: (opened: BenchPage) => Promise<void>): Promise<number[]>;
  stop(): Promise<void>;
}

/** Runs in the page before anything else of it. */
function watchLongTasks(): void {
  const found: number[] = [];
  Object.assign(window, { longTasks: found });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) found.push(duration);
  }).observe({ type: 'longtask' });
}

async function metricsOf(session: CDPSession): Promise<PageMetrics> {
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string): number => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    taskSeconds: value('TaskDuration'),
    scriptSeconds: value('ScriptDuration'),
    heapBytes: value('JSHeapUsedSize'),
  };
}

async function openPage(chromium: Chromium, page: Page, url: string, beacon: boolean): Promise<BenchPage> {
  const session = await chromium.context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.addInitScript(watchLongTasks);
  await page.goto(url);
  if (beacon) await page.waitForFunction(() => 'stats' in ((window as { tacit?: object }).tacit ?? {}));
  await page.waitForLoadState('networkidle');
  const metrics = async (): Promise<PageMetrics> => await metricsOf(session);
  return {
    page,
    metrics,
    async heldBytes() {
      await session.send('HeapProfiler.collectGarbage');
      return (await metrics()).heapBytes;
    },
    longTasks: () => page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks),
    close: () => page.close(),
  };
}

export async function startBenchBrowser(): Promise<BenchBrowser> {
  const chromium = await startChromium();
  const collector = await startRecordingCollector();
  const server: PageServer = await startPageServer();
  let opened = 0;

  function place(html: string, beacon: boolean): string {
    const path = `/${opened++}`;
    server.pages.set(path, `<!doctype html><body>${html}${beacon ? scriptTag(collector) : ''}`);
    return server.url + path;
  }

  return {
    collector,
    open: async (html, beacon) =>
      await openPage(chromium, await chromium.context.newPage(), place(html, beacon), beacon),
    async traced(html, work) {
      const page = await chromium.context.newPage();
      try {
        return await tracedTasks(chromium.browser, page, async () => {
          await work(await openPage(chromium, page, place(html, true), true));
        });
      } finally {
        await page.close();
      }
    },
    async stop() {
      await chromium.close();
      await collector.close();
      await server.close();
    },
  };
}

/** So many answers of a few lines each, each with a copy button that the beacon knows nothing of. */
export function answers(n: number, text: string): string {
  return Array.from(
    { length: n },
    (_, i) => `<article data-tacit-generation="g${i}" data-tacit-prompt="p" data-tacit-prompt-version="1"
    data-tacit-model="m" data-tacit-model-version="1" data-tacit-generated-at="1767225590000"><p>${text}</p>
    <button class="copy">Copy</button></article>`,
  ).join('\n');
}
