// A whole running instance, a front before its collector, pages on origins of their own and a real Chromium: what the
// delivery tests need. In: nothing. Out: runs, each with its own generation, path to the collector and browser storage.
import { createSecretKey } from 'node:crypto';
import path from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { setOrigins } from '../../scripts/projects/edit.js';
import { readProjects, writeProjects } from '../../scripts/projects/file.js';
import { newGenerationId } from '../../services/beacon/server.js';
import type { Tacit } from '../../services/beacon/web/api.js';
import { personOf } from '../../services/collector/person.js';
import { createClickHouse } from '../../shared/runtime/clickhouse.js';
import type { Chromium } from './chromium.js';
import { startChromium } from './chromium.js';
import type { DeliveryFront, Lane } from './delivery-front.js';
import { startDeliveryFront } from './delivery-front.js';
import type { Run, Scenario } from './delivery-table.js';
import { DeliveryTable } from './delivery-table.js';
import { eventually } from './eventually.js';
import type { Instance } from './instance.js';
import { startInstance } from './instance.js';
import type { PageServer } from './recording-collector.js';
import { startPageServer } from './recording-collector.js';

/** How often each scenario is played. */
export const RUNS = Number(process.env['TACIT_DELIVERY_RUNS'] ?? 10);

export type WithTacit = Window & { tacit: Tacit };

/** A name that is no secure context, as a product on plain http: it has no Web Locks. */
export const PLAIN_HOST = 'plain.test';

export interface Played extends Run {
  readonly lane: Lane;
  readonly context: BrowserContext;
  /** Path of its page. */
  readonly path: string;
  type: Run['type'];
  sent: number;
  /** Opens its page in a new tab, with these attributes on the script tag and this in the head. */
  open(options?: PageOptions): Promise<Page>;
  /** Records `n` more ratings in one task of the page. */
  act(page: Page, n?: number): Promise<void>;
  /** Its actions in posts that the collector acknowledged, copies included. */
  acknowledged(): number;
}

export interface PageOptions {
  readonly attributes?: string;
  readonly head?: string;
  readonly body?: string;
  /** Host of the page, `127.0.0.1` by default. */
  readonly host?: string;
}

export interface DeliveryStage {
  readonly instance: Instance;
  readonly front: DeliveryFront;
  readonly pages: PageServer;
  readonly chromium: Chromium;
  readonly table: DeliveryTable;
  /** A run in a browser context of its own, or in the one given. */
  run(scenario: string, context?: BrowserContext): Promise<Played>;
  /** What the collector stores instead of this user's id. */
  userKey(user: string): Promise<string>;
  /** Waits until all is stored, and adds the scenario to the table. */
  stored(name: string, runs: readonly Played[], figure: string): Promise<void>;
  close(): Promise<void>;
}

async function userKey(instance: Instance, user: string): Promise<string> {
  const projects = await readProjects(path.join(instance.dataDir, 'projects.json'));
  const key = projects?.projects.find(({ id }) => id === instance.run.project?.id)?.hashKey;
  if (key === undefined || !('value' in key)) throw new Error('the demo project has no hash key');
  return personOf('user', user, createSecretKey(Buffer.from(key.value))).key;
}

/** Lets pages of any origin send with the demo's key; the running collector takes it over. */
async function admitAll(instance: Instance): Promise<void> {
  const file = path.join(instance.dataDir, 'projects.json');
  const projects = await readProjects(file);
  if (projects === undefined) throw new Error('there is no projects file');
  await writeProjects(file, setOrigins(projects, 'demo', ['*']));
  const headers = { origin: 'http://somewhere.test', 'access-control-request-method': 'POST' };
  await eventually(
    async () => (await fetch(`${instance.run.collector}/v1/events`, { method: 'OPTIONS', headers })).status,
    (status) => status === 204,
  );
}

/** The page of a run: nothing but the script tag, so that each generation is registered by the page's own call. */
function pageHtml(stage: Pick<DeliveryStage, 'front' | 'instance'>, lane: Lane, options: PageOptions): string {
  const { attributes = 'data-tacit-consent="granted"', head = '', body = '' } = options;
  return `<!doctype html><head>${head}</head><body>${body}
    <script async src="${stage.front.url}/tacit/v1.js" data-tacit-key="${stage.instance.run.project?.writeKey ?? ''}"
      data-tacit-endpoint="${lane.endpoint}" ${attributes}></script>`;
}

export async function openDeliveryStage(): Promise<DeliveryStage> {
  const ends: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  try {
    const instance = await startInstance({ env: { TACIT_ROLLUP_CRON: 'off' } });
    ends.push(async () => await instance.dispose());
    await admitAll(instance);
    const { url, database, analyst } = instance.run.clickhouse;
    if (analyst === null) throw new Error('the instance has no analyst');
    const clickhouse = createClickHouse({ url, database, ...analyst });
    ends.push(async () => await clickhouse.close());
    const front = await startDeliveryFront(instance.run.collector);
    ends.push(async () => await front.close());
    const pages = await startPageServer();
    ends.push(async () => await pages.close());
    const chromium = await startChromium(undefined, [`--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`]);
    ends.push(async () => await chromium.close());
    const table = new DeliveryTable(clickhouse);
    const parts = { instance, front, pages, chromium, table };
    let number = 0;
    return {
      ...parts,
      run: async (scenario, context) =>
        playedRun(parts, `${scenario}-${number++}`, context ?? (await chromium.browser.newContext())),
      userKey: async (user) => await userKey(instance, user),
      async stored(name, runs, figure) {
        await table.arrived(runs);
        const acknowledged = (): number => runs.reduce((sum, run) => sum + run.acknowledged(), 0);
        table.add({ name, runs, figure, acknowledged } satisfies Scenario);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function playedRun(
  stage: Pick<DeliveryStage, 'front' | 'instance' | 'pages'>,
  name: string,
  context: BrowserContext,
): Played {
  const lane = stage.front.lane(name);
  const generationId = newGenerationId();
  const run: Played = {
    lane,
    context,
    generationId,
    path: `/${name}`,
    type: 'rate',
    sent: 0,
    async open(options = {}) {
      stage.pages.pages.set(run.path, pageHtml(stage, lane, options));
      const page = await context.newPage();
      const { port } = new URL(stage.pages.url);
      await page.goto(`http://${options.host ?? '127.0.0.1'}:${port}${run.path}`);
      await started(page);
      return page;
    },
    async act(page, n = 1) {
      const first = run.sent;
      run.sent += n;
      await page.evaluate(
        ({ g, first, n }) => {
          for (let i = first; i < first + n; i++) (window as unknown as WithTacit).tacit.rate(g, i);
        },
        { g: generationId, first, n },
      );
    },
    acknowledged: () =>
      lane.posts
        .filter(({ status }) => status === 202)
        .reduce((sum, { events }) => sum + events.filter(({ type }) => type === run.type).length, 0),
  };
  return run;
}

/** Waits until the script has become the global `tacit`. */
export async function started(page: Page): Promise<void> {
  await page.waitForFunction(() => 'stats' in ((window as { tacit?: object }).tacit ?? {}));
}

/** Waits until the beacon's database is open; what was recorded before stays in memory until then. */
export async function storing(page: Page): Promise<void> {
  await page.evaluate(
    async () =>
      await new Promise((resolve, reject) => {
        const opening = indexedDB.open('tacit');
        opening.onsuccess = () => resolve(opening.result.close());
        opening.onerror = reject;
      }),
  );
}

/** Waits until the beacon's database has what was written before, which a page learns of a few ms later. */
export async function saved(page: Page): Promise<void> {
  await page.evaluate(
    async () =>
      await new Promise((resolve, reject) => {
        const opening = indexedDB.open('tacit');
        opening.onerror = reject;
        opening.onsuccess = () => {
          // A transaction that reads has its turn after the one that writes.
          const transaction = opening.result.transaction('tacit', 'readonly');
          transaction.onabort = reject;
          transaction.oncomplete = () => resolve(opening.result.close());
          transaction.objectStore('tacit').count();
        };
      }),
  );
}
