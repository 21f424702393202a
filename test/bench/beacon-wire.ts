// What the beacon puts on the wire, and what a page has to load for it. In: a browser, the build. Out: bytes per event, requests, sizes.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { BenchBrowser } from './beacon-browser.js';
import { answers } from './beacon-browser.js';

const EVENTS = 200;
const DURING_MS = 2000;

export interface Wire {
  readonly rawBytesPerEvent: number;
  readonly gzipBytesPerEvent: number;
  readonly requests: number;
  readonly preflights: number;
}

interface Order {
  readonly n: number;
  readonly ms: number;
  readonly generations: number;
}

/** Runs in the page: as many copies as `n`, evenly by the clock, also where timers are late. */
async function copies({ n, ms, generations }: Order): Promise<void> {
  const { tacit } = window as unknown as { tacit: { copy(id: string, fields: object): void } };
  const started = performance.now();
  for (let i = 0; i < n;) {
    for (const due = Math.min(n, ((performance.now() - started) * n) / ms); i < due; i++)
      tacit.copy(`g${i % generations}`, { chars: 20 + i, of: 812, method: 'keyboard' });
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** 200 copies within two seconds, shared out among so many generations. */
export async function wire(browser: BenchBrowser, generations: number): Promise<Wire> {
  const { collector } = browser;
  const opened = await browser.open(answers(generations, 'An answer.'), true);
  const { page } = opened;
  try {
    // what the page's opening makes is posted before
    await page.waitForTimeout(2500);
    collector.batches.length = 0;
    collector.preflights = 0;
    await page.evaluate(copies, { n: EVENTS, ms: DURING_MS, generations });
    const copied = (): number =>
      collector.batches.flatMap(({ events }) => events).filter(({ type }) => type === 'copy').length;
    while (copied() < EVENTS) await page.waitForTimeout(100);
    const bodies = collector.batches.map(({ body }) => Buffer.from(body));
    const events = collector.batches.reduce((sum, batch) => sum + batch.events.length, 0);
    const sum = (sizes: number[]): number => sizes.reduce((all, size) => all + size, 0);
    return {
      rawBytesPerEvent: sum(bodies.map(({ length }) => length)) / events,
      gzipBytesPerEvent: sum(bodies.map((body) => gzipSync(body).length)) / events,
      requests: (bodies.length * EVENTS) / events,
      preflights: collector.preflights,
    };
  } finally {
    await opened.close();
  }
}

export interface Size {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly brotliBytes: number;
}

/** Of every file that the build has made for pages, by name. */
export function sizes(): Record<string, Size> {
  const file = path.join(projectRoot, 'services', 'beacon', 'dist', 'manifest.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Size>;
}
