// A person at the demo product, in a real Chromium, on a whole instance: copies, edits, rejects, ignores, and the outcomes and
// rates are read back by SQL as an analyst does. What is ignored is ignored by really waiting, with a short window.
// Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { assign } from '../../scripts/demo/assignment.js';
import { readProjects, writeProjects } from '../../scripts/projects/file.js';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { eventually } from '../support/eventually.js';
import { startInstance, type Instance } from '../support/instance.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
/** Long enough to act, short enough to wait for. */
const WINDOW_S = 25;
const LATENESS_S = 5;

let instance: Instance;
let analyst: ClickHouse;
let chromium: Chromium;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  instance = await startInstance();
  const { url, database, analyst: account } = instance.run.clickhouse;
  if (account === null) throw new Error('the instance has no analyst');
  analyst = createClickHouse({ url, database, ...account });
  await shortenWindow();
  chromium = await startChromium();
  await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write']);
});

afterAll(async () => {
  await chromium?.close();
  await analyst?.close();
  await instance?.dispose();
});

beforeEach(async () => {
  complaints = [];
  page = await chromium.context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  await page.goto(instance.run.demo ?? '');
  await page.locator('[data-item]').first().waitFor();
});

/** The demo's window of two minutes becomes one that a test can wait for; the running services take it over. */
async function shortenWindow(): Promise<void> {
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

/** Asks for a canned item and waits until its text stands; answers the card and the generation's id. */
async function ask(item: string): Promise<{ card: Locator; id: string }> {
  const before = await page.locator('article').count();
  await page.locator(`[data-item="${item}"]`).click();
  const card = page.locator('article').nth(before);
  return { card, id: await written(card) };
}

async function written(card: Locator): Promise<string> {
  await card.locator('.text[data-tacit-generation], textarea[data-tacit-generation]').waitFor();
  await eventually(
    () => card.getAttribute('aria-busy'),
    (busy) => busy === 'false',
  );
  const root = card.locator('.text, textarea');
  await page.waitForTimeout(900); // seen for at least V
  return (await root.getAttribute('data-tacit-generation')) ?? '';
}

async function press(card: Locator, name: string | RegExp): Promise<void> {
  await card.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).click();
}

interface OutcomeRow {
  readonly generation_id: string;
  readonly outcome: string;
  readonly trusted: number;
}

async function outcomes(ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await analyst.query<OutcomeRow>(
    'SELECT generation_id, outcome, trusted FROM generation_outcomes WHERE has({ids:Array(String)}, generation_id)',
    { ids },
  );
  for (const { trusted } of rows) expect(trusted).toBe(1);
  return new Map(rows.map(({ generation_id, outcome }) => [generation_id, outcome]));
}

test('what a person does with an answer becomes its outcome, and the outcomes become rates', async () => {
  const expected = new Map<string, string>();

  const ignored = await ask('process-thread');
  expected.set(ignored.id, 'ignored');

  const copied = await ask('undo-commit');
  await press(copied.card, 'Copy');
  expected.set(copied.id, 'accepted');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain('git reset --soft HEAD~1');

  const selected = await ask('confidence-interval');
  await selected.card.locator('.text p').last().click({ clickCount: 3 });
  await page.keyboard.press('ControlOrMeta+c');
  expected.set(selected.id, 'accepted');

  const code = await ask('debounce');
  await code.card
    .getByRole('button', { name: /^Copy this/ })
    .first()
    .click();
  expected.set(code.id, 'accepted');

  const used = await ask('iso-date');
  await press(used.card, 'Use this');
  expected.set(used.id, 'accepted');

  const edited = await ask('late-parcel');
  await edited.card.locator('textarea').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\nYour parcel team');
  await press(edited.card, 'Send');
  expected.set(edited.id, 'edited');

  const regenerated = await ask('meeting-notes');
  await press(regenerated.card, 'Regenerate');
  await eventually(
    () => regenerated.card.locator('.text').getAttribute('data-tacit-generation'),
    (id) => id !== regenerated.id,
  );
  const second = await written(regenerated.card);
  await press(regenerated.card, 'Dismiss');
  expected.set(regenerated.id, 'rejected');
  expected.set(second, 'rejected');

  const waited = await eventually(
    () => outcomes([...expected.keys()]),
    (found) => found.size === expected.size && ![...found.values()].includes('unresolved'),
    (WINDOW_S + LATENESS_S + 40) * 1000,
  );
  expect(waited).toEqual(expected);
  expect(complaints).toEqual([]);

  const rates = await eventually(
    async () =>
      await analyst.query<Record<string, string>>(
        `SELECT prompt_id, sum(r.mature) AS mature, sum(r.mature_accepted) AS accepted, sum(r.mature_edited) AS edited,
           sum(r.mature_rejected) AS rejected, sum(r.ignored) AS ignored
         FROM rates AS r WHERE model = 'finch-small' GROUP BY prompt_id ORDER BY prompt_id`,
      ),
    (rows) => rows.reduce((sum, { mature }) => sum + Number(mature), 0) === expected.size,
    (WINDOW_S + LATENESS_S + 40) * 1000,
  );
  expect(rates).toEqual([
    { prompt_id: 'answer', mature: '7', accepted: '4', edited: '0', rejected: '2', ignored: '1' },
    { prompt_id: 'reply-draft', mature: '1', accepted: '0', edited: '1', rejected: '0', ignored: '0' },
  ]);
});

test('another visitor is another person, and each sees the versions that were drawn for her', async () => {
  const before = await persons();
  const cells = new Map<string, string>();
  for (let number = 0; cells.size < 4; number += 1) {
    const visitor = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const { promptVersion, modelVersion } = assign(visitor, 'answer');
    cells.set(`answer · prompt version ${promptVersion} · finch-small ${modelVersion}`, visitor);
  }
  for (const [line, visitor] of cells) {
    await chromium.context.addCookies([
      { name: 'tacit_demo_visitor', value: visitor, url: instance.run.demo ?? '', httpOnly: true, sameSite: 'Lax' },
    ]);
    for (const item of ['undo-commit', 'debounce']) {
      const { card } = await ask(item);
      expect(await card.locator('.made-by').innerText()).toBe(line);
    }
  }
  const cookie = async () =>
    (await chromium.context.cookies()).find(({ name }) => name === 'tacit_demo_visitor')?.value;
  const last = await cookie();
  await Promise.all([page.waitForEvent('load'), page.locator('#new-visitor').click()]);
  await page.locator('[data-item]').first().waitFor();
  expect(await cookie()).not.toBe(last);
  await ask('undo-commit');
  await eventually(persons, (now) => now === before + 5, 60_000);
});

async function persons(): Promise<number> {
  const [row] = await analyst.query<{ n: string }>(
    `SELECT uniqExact(user_key) AS n FROM user_days WHERE user_kind = 'user'`,
  );
  return Number(row?.n);
}

test('the page is usable by keyboard, says how long an action counts, and leads to the live page', async () => {
  expect(await page.locator('.note h2').innerText()).toBe('In this demo an action counts for 2 minutes');
  await page.locator('#question').fill('How do I undo a commit?');
  await page.keyboard.press('Enter');
  await page.locator('article .made-by').waitFor();
  const names = await page
    .locator('button, input, textarea, a')
    .evaluateAll((all) =>
      all.map(
        (one) =>
          one.getAttribute('aria-label') ?? (one as HTMLInputElement).labels?.[0]?.textContent ?? one.textContent,
      ),
    );
  for (const name of names) expect(name.trim()).not.toBe('');
  const [live] = await Promise.all([
    chromium.context.waitForEvent('page'),
    page.getByRole('link', { name: /Live figures/ }).click(),
  ]);
  await live.waitForLoadState();
  expect(new URL(live.url()).origin).toBe(instance.run.reporter);
  expect(live.url()).not.toContain('token=');
  await live.close();
  expect(complaints).toEqual([]);
});

test('it fits wide and narrow screens, light and dark', async () => {
  await ask('undo-commit');
  await ask('export-bug');
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 850 });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const [ink, ground] = await page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.color, style.backgroundColor];
      });
      expect(ink).not.toBe(ground);
      if (SCREENSHOTS !== undefined) {
        mkdirSync(SCREENSHOTS, { recursive: true });
        await page.screenshot({ path: path.join(SCREENSHOTS, `demo-${colorScheme}-${width}.png`) });
      }
    }
  expect(complaints).toEqual([]);
});
