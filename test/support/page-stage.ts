// Pages of a product before a whole instance: what a person does in a real Chromium is read back from ClickHouse, and
// every body that left the browser is kept. In: pages. Out: stored rows and bodies.
import path from 'node:path';
import type { Page } from 'playwright-core';
import { setOrigins } from '../../scripts/projects/edit.js';
import { readProjects, writeProjects } from '../../scripts/projects/file.js';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { EventRow } from '../../shared/contract/rows.js';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { startChromium, type Chromium } from './chromium.js';
import { eventually } from './eventually.js';
import { startInstance, type Instance } from './instance.js';
import { startPageServer, type PageServer } from './recording-collector.js';

/** How long a row may take from the page into ClickHouse, ms. */
const STORED_MS = 60_000;

export type StoredEvent = Pick<EventRow, 'event_type' | 'reason' | 'chars' | 'total_chars' | 'label' | 'decides'> & {
  generation_id: string;
};

export interface PageStage {
  readonly instance: Instance;
  readonly chromium: Chromium;
  readonly server: PageServer;
  /** Asks as the analyst of the project. */
  readonly analyst: ClickHouse;
  /** Everything that was posted by a page. */
  readonly bodies: string[];
  /** Errors that no page has caught. */
  readonly errors: string[];
  /** Shows `body` with the script tag before it in a new tab, and waits until the beacon runs. */
  open(body: string): Promise<Page>;
  /** Events of these generations, in the order in which they happened. */
  rows(generations: readonly string[]): Promise<StoredEvent[]>;
  /** Ends a page's journey: waits until all that it has recorded is stored. */
  settle(page: Page, generation: string): Promise<void>;
  close(): Promise<void>;
}

/** Lets the pages send with the demo's key; the running collector takes it over. */
async function admit(instance: Instance, origin: string): Promise<void> {
  const file = path.join(instance.dataDir, 'projects.json');
  const projects = await readProjects(file);
  if (projects === undefined) throw new Error('there is no projects file');
  await writeProjects(file, setOrigins(projects, 'demo', [origin]));
  const headers = { origin, 'access-control-request-method': 'POST' };
  await eventually(
    async () => (await fetch(`${instance.run.collector}/v1/events`, { method: 'OPTIONS', headers })).status,
    (status) => status === 204,
  );
}

export async function openPageStage(): Promise<PageStage> {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const instance = await startInstance();
    ends.push(async () => await instance.dispose());
    const server = await startPageServer();
    ends.push(async () => await server.close());
    await admit(instance, server.url);
    const { url, database, analyst: account } = instance.run.clickhouse;
    if (account === null) throw new Error('the instance has no analyst');
    const analyst = createClickHouse({ url, database, ...account });
    ends.push(async () => await analyst.close());
    const chromium = await startChromium();
    ends.push(async () => await chromium.close());
    await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    return { ...stageOf(instance, server, analyst, chromium), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Run in the page: the part that is loaded with the first generation has come. The same module again has run when it has. */
const LATER_PART_RUNS = `(async () => {
  const part = performance.getEntriesByType('resource').find(({ name }) => name.includes('/tacit/v1.reader'));
  return part !== undefined && Boolean(await import(part.name));
})()`;

function stageOf(
  instance: Instance,
  server: PageServer,
  analyst: ClickHouse,
  chromium: Chromium,
): Omit<PageStage, 'close'> {
  const bodies: string[] = [];
  const errors: string[] = [];
  const tag = `<script src="${instance.run.collector}/tacit/v1.js" data-tacit-consent="granted"
    data-tacit-key="${instance.run.project?.writeKey}" data-tacit-endpoint="${instance.run.collector}"></script>`;
  chromium.context.on('request', (request) => bodies.push(request.postData() ?? ''));

  const rows = async (generations: readonly string[]): Promise<StoredEvent[]> =>
    await analyst.query<StoredEvent>(
      `SELECT generation_id, event_type, reason, chars, total_chars, label, decides FROM events FINAL
       WHERE has({generations: Array(String)}, generation_id) ORDER BY occurred_at, event_id`,
      { generations },
    );

  return {
    instance,
    chromium,
    server,
    analyst,
    bodies,
    errors,
    rows,
    async open(body) {
      const page = await chromium.context.newPage();
      page.on('pageerror', (error) => errors.push(String(error)));
      const address = `/${server.pages.size}`;
      server.pages.set(
        address,
        `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>${tag}${body}`,
      );
      await page.goto(`${server.url}${address}`);
      await page.waitForFunction(LATER_PART_RUNS);
      return page;
    },
    async settle(page, generation) {
      const label = crypto.randomUUID();
      await page.evaluate(
        ({ generation, label }) => (window as unknown as { tacit: Tacit }).tacit.rate(generation, 1, label),
        { generation, label },
      );
      await eventually(
        async () => await rows([generation]),
        (found) => found.some((row) => row.label === label),
        STORED_MS,
      );
    },
  };
}

/** Runs of 8 characters of `texts` that stand in one of the bodies. */
export function leakedInto(bodies: readonly string[], texts: readonly string[]): string[] {
  const all = bodies.join('\n');
  const runs = texts.flatMap((text) => Array.from({ length: text.length - 7 }, (_, i) => text.slice(i, i + 8)));
  return runs.filter((run) => all.includes(run));
}
