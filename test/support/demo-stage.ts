// A whole instance with its demo product, a real Chromium before it and an analyst behind it. In: how the instance is started.
// Out: a page, and the moves a person makes on it. Must leave neither process nor folder behind after close().
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { readProjects, writeProjects } from '../../scripts/projects/file.js';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { startChromium, type Chromium } from './chromium.js';
import { complaintsOf } from './complaints.js';
import { eventually } from './eventually.js';
import { startInstance, type Instance, type InstanceOptions } from './instance.js';

/** Long enough to act, short enough to wait for. */
const WINDOW_S = 25;
const LATENESS_S = 5;
/** After so long the outcome of what was just shown must be final and rolled up, ms. */
export const DECIDED_MS = (WINDOW_S + LATENESS_S + 40) * 1000;

/** One tab of the browser. */
export class DemoPage {
  readonly page: Page;
  /** Errors and warnings of the page. */
  readonly complaints: string[];

  constructor(page: Page) {
    this.page = page;
    this.complaints = complaintsOf(page);
  }

  /** Asks for a canned item and waits until its text stands; answers the card and the generation's id. */
  async ask(item: string): Promise<{ card: Locator; id: string }> {
    const before = await this.page.locator('article').count();
    await this.page.locator(`[data-item="${item}"]`).click();
    const card = this.page.locator('article').nth(before);
    return { card, id: await this.written(card) };
  }

  async written(card: Locator): Promise<string> {
    await card.locator('.text[data-tacit-generation], textarea[data-tacit-generation]').waitFor();
    await eventually(
      () => card.getAttribute('aria-busy'),
      (busy) => busy === 'false',
    );
    const root = card.locator('.text, textarea');
    await this.page.waitForTimeout(900); // seen for at least V
    return (await root.getAttribute('data-tacit-generation')) ?? '';
  }

  async press(card: Locator, name: string | RegExp): Promise<void> {
    await card.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).click();
  }
}

export interface DemoStage {
  readonly instance: Instance;
  readonly analyst: ClickHouse;
  readonly chromium: Chromium;
  /** Opens the demo page in a tab of its own; `query` is `?debug` or `?slow`. */
  visit(query?: string): Promise<DemoPage>;
  close(): Promise<void>;
}

export async function openDemoStage(options: InstanceOptions = {}): Promise<DemoStage> {
  const instance = await startInstance(options);
  const { url, database, analyst: account } = instance.run.clickhouse;
  if (account === null) throw new Error('the instance has no analyst');
  const analyst = createClickHouse({ url, database, ...account });
  let chromium: Chromium | undefined;
  const close = async (): Promise<void> => {
    await chromium?.close();
    await analyst.close();
    await instance.dispose();
  };
  try {
    await shortenWindow(instance, analyst);
    const started = (chromium = await startChromium());
    await started.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const visit = async (query = ''): Promise<DemoPage> => {
      const tab = new DemoPage(await started.context.newPage());
      await tab.page.goto(`${instance.run.demo ?? ''}/${query}`);
      await tab.page.locator('[data-item]').first().waitFor();
      return tab;
    };
    return { instance, analyst, chromium: started, visit, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The demo's window of two minutes becomes one that a test can wait for; the running services take it over. */
async function shortenWindow(instance: Instance, analyst: ClickHouse): Promise<void> {
  const file = path.join(instance.dataDir, 'projects.json');
  const projects = await readProjects(file);
  if (projects === undefined) throw new Error('there is no projects file');
  const changed = projects.projects.map((project) =>
    project.id === 'demo'
      ? { ...project, settings: { ...project.settings, windowS: WINDOW_S, latenessS: LATENESS_S } }
      : project,
  );
  await writeProjects(file, { ...projects, projects: changed });
  await eventually(
    async () =>
      await analyst.query<{ w: number }>(`SELECT window_s AS w FROM metric_settings FINAL WHERE surface = ''`),
    (rows) => rows.length === 1 && rows[0]?.w === WINDOW_S,
  );
}
