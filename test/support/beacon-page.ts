// A page with the beacon in a real browser, on an origin of its own, and the recording collector it talks to.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { startChromium, type Chromium } from './chromium.js';
import type { PageServer, RecordedEvent, RecordingCollector } from './recording-collector.js';
import { startPageServer, startRecordingCollector } from './recording-collector.js';

/** A text of a generation: no run of 8 of its characters may ever be posted. */
export const TEXT = 'Fourteen purple walruses juggle quietly behind the observatory each Wednesday evening.';

export interface BeaconPage {
  page: Page;
  collector: RecordingCollector;
  server: PageServer;
  /** Shows `body` with the script tag after it, and waits until the beacon runs. */
  open(body: string, attributes?: string): Promise<void>;
  /** The acknowledged events of one type, once there are `n`. */
  received(type: string, n?: number): Promise<RecordedEvent[]>;
  /** Events of one type in acknowledged batches, now. */
  now(type: string): RecordedEvent[];
  close(): Promise<void>;
}

export function scriptTag(collector: RecordingCollector, attributes = 'data-tacit-consent="granted"'): string {
  return `<script async src="${collector.url}/tacit/v1.js" data-tacit-key="pk_test0001"
    data-tacit-endpoint="${collector.url}" ${attributes}></script>`;
}

/** Waits until the script has become the global `tacit` and the part that is loaded later is there. */
export async function ready(page: Page): Promise<void> {
  await page.waitForFunction(() => 'stats' in ((window as { tacit?: object }).tacit ?? {}));
  await page.waitForLoadState('networkidle');
}

/**
 * Registers the hooks of a file of tests: one browser for all of them, and a page for each, which `take` gets before it.
 * No page may ever post a run of 8 characters of `texts`. With `clipboard` it may read and write the clipboard.
 */
export function beaconPageForEach(
  take: (it: BeaconPage) => void,
  { texts = [TEXT], clipboard = false }: { readonly texts?: readonly string[]; readonly clipboard?: boolean } = {},
): void {
  let chromium: Chromium;
  let it: BeaconPage;
  beforeAll(async () => {
    chromium = await startChromium();
  });
  afterAll(async () => {
    await chromium.close();
  });
  beforeEach(async () => {
    it = await startBeaconPage(chromium);
    if (clipboard)
      await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: it.server.url });
    take(it);
  });
  afterEach(async () => {
    expect(leaked(it.collector, texts)).toEqual([]);
    await it.close();
  });
}

export async function startBeaconPage(chromium: Chromium): Promise<BeaconPage> {
  const collector = await startRecordingCollector();
  const server = await startPageServer();
  const page = await chromium.context.newPage();
  const now = (type: string): RecordedEvent[] => collector.events().filter((event) => event.type === type);
  return {
    page,
    collector,
    server,
    async open(body, attributes) {
      server.pages.set('/', `<!doctype html><body>${body}${scriptTag(collector, attributes)}`);
      await page.goto(`${server.url}/`);
      await ready(page);
    },
    async received(type, n = 1) {
      await expect.poll(() => now(type).length, { timeout: 15_000, message: `${n} x ${type}` }).toBe(n);
      return now(type);
    },
    now,
    async close() {
      await page.close();
      await collector.close();
      await server.close();
    },
  };
}

/** Runs of 8 characters of `texts` that stand in a posted body, in any white space. */
export function leaked(collector: RecordingCollector, texts: readonly string[]): string[] {
  const bodies = collector.batches.map(({ body }) => body).join('\n');
  const runs = texts.flatMap((text) => Array.from({ length: text.length - 7 }, (_, i) => text.slice(i, i + 8)));
  return runs.filter((run) => bodies.includes(run));
}
