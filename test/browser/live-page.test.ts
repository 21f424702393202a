// The overview in a real Chromium, from events to figures: light and dark, wide and narrow, fresh without a reload.
// Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { complaintsOf } from '../support/complaints.js';
import { eventually } from '../support/eventually.js';
import { blankEvent, ndjson } from '../support/random-events.js';
import { seededRandom } from '../support/random.js';
import { READ_TOKEN, startReporter, testProject, type TestReporter } from '../support/reporter.js';
import { eventuallyRolledUp } from '../support/rolled-up.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
const GENERATIONS = 600;
/** Document, style, script and icon, as they are. */
const FIRST_VIEW_BYTES_MAX = 200_000;

let server: TestClickHouse;
let reporter: TestReporter;
let chromium: Chromium;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await startTestClickHouse();
  await server.writer.insertBlock('events', [ndjson(demoEvents())]);
  const minute = Math.floor(Date.now() / 60_000) * 60;
  await server.writer.insertBlock('drops', [
    ndjson([{ project_id: 'demo', reason: 'token_expired', drop_id: randomUUID(), minute, n: 3 }]),
  ]);
  reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [
      testProject('demo', { name: 'Demo product', settings: { windowS: 120, latenessS: 60 } }),
      testProject('traffic', { name: 'Synthetic traffic' }),
    ],
  });
  await rolledUp(`project_id = 'demo' AND level = 'project' AND mature > 0`);
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium.close();
  await reporter.stop();
  await server.stop();
});
beforeEach(async () => {
  page = await chromium.context.newPage();
  complaints = complaintsOf(page);
  page.on('request', (request) => {
    if (!request.url().startsWith(reporter.url)) complaints.push(`asked ${request.url()}`);
  });
});
afterEach(async () => {
  await page.close();
});

/** A small product: two prompts, two versions of prompt and model, people with habits; up to 40 minutes ago. */
function demoEvents(): EventRow[] {
  const random = seededRandom(7);
  const now = Date.now();
  return Array.from({ length: GENERATIONS }, (_, n) => {
    const at = now - random.below(40 * 60_000);
    const version = random.pick(['7', '8']);
    const event = (type: EventRow['event_type'], afterMs: number, rest: Partial<EventRow> = {}): EventRow =>
      blankEvent({
        project_id: 'demo',
        generation_id: `g${n}`,
        generated_at: at,
        event_id: randomUUID(),
        event_type: type,
        occurred_at: at + afterMs,
        received_at: at + afterMs + 200,
        ...dimensions,
        ...rest,
      });
    const dimensions: Partial<EventRow> = {
      prompt_id: random.pick(['summarise', 'reply-draft']),
      prompt_version: version,
      model: 'aurora',
      model_version: random.pick(['2026-08', '2026-10']),
      surface: 'web',
      user_kind: random.chance(0.9) ? 'user' : 'session',
      user_key: String(1 + random.below(60)),
      trusted: 1,
    };
    const rows = [event('generated', 0)];
    if (random.chance(0.97)) rows.push(event('shown', 800, { shows: 1 }));
    const chance = random.next();
    if (chance < (version === '8' ? 0.45 : 0.35))
      rows.push(event('copy', 9000, { decides: 'accept', decision_value: 1 }));
    else if (chance < 0.6) rows.push(event('edit', 20_000, { decides: 'edit', decision_value: 0.7 }));
    else if (chance < 0.72) rows.push(event('reject', 6000, { decides: 'reject' }));
    return rows;
  }).flat();
}

/** Waits until the window of a month has such a row. */
async function rolledUp(row: string): Promise<void> {
  await eventuallyRolledUp(
    server.reporter,
    async () => await server.reporter.query(`SELECT 1 FROM rate_windows WHERE window_days = 28 AND ${row}`),
    (rows) => rows.length > 0,
  );
}

const open = async (query = 'project=demo') => await page.goto(`${reporter.url}/?token=${READ_TOKEN}&${query}`);

async function keepPicture(name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `live-page-${name}.png`), fullPage: true });
}

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 390],
  ['dark', 390],
] as const)('the page reads well in %s at %d pixels', async (scheme, width) => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await open();
  await keepPicture(`${scheme}-${width}`);
  const seen = await page.evaluate(() => {
    const box = (selector: string) => document.querySelector(selector)?.getBoundingClientRect();
    const [, red = '', green = '', blue = ''] =
      /(\d+), (\d+), (\d+)/.exec(getComputedStyle(document.body).backgroundColor) ?? [];
    return {
      overflow: document.documentElement.scrollWidth - window.innerWidth,
      light: Number(red) + Number(green) + Number(blue) > 3 * 128,
      bar: box('.rate .bar')?.width ?? 0,
      mix: box('.so-far .mix')?.width ?? 0,
      unlabelled: [...document.querySelectorAll('select')].filter((select) => select.labels.length === 0).length,
      headings: [...document.querySelectorAll('h1, h2')].map((heading) => heading.textContent),
    };
  });
  expect(seen.overflow).toBeLessThanOrEqual(0);
  expect(seen.light).toBe(scheme === 'light');
  expect(seen.bar).toBeGreaterThan(100);
  expect(seen.mix).toBeGreaterThan(100);
  expect(seen.unlabelled).toBe(0);
  expect(seen.headings).toEqual([
    'Demo product',
    'What is worse, or has fallen?',
    'What people take',
    'Day by day',
    'Prompts',
    'Versions and models',
    'Most rejected prompts',
  ]);
  expect(complaints).toEqual([]);
});

test('the address loses its token at once', async () => {
  await open();
  expect(page.url()).toBe(`${reporter.url}/?project=demo`);
});

test('every rate stands beside its interval, n, persons, as-of time and metric version', async () => {
  await open();
  const rows = await page.locator('.rates tbody tr').allTextContents();
  // the project, two prompts, two versions x two model versions of each
  expect(rows.length).toBe(1 + 2 + 8);
  for (const row of rows) {
    expect(row).toMatch(/\d+\.\d %\s+\d+\.\d % – \d+\.\d %/);
    expect(row).toMatch(/n = \d+/);
    expect(row).toMatch(/\d+ persons/);
    expect(row).toMatch(/as of\s+\d+ [A-Z][a-z]+ \d\d:\d\d:\d\d UTC/);
    expect(row).toMatch(/metric m-[0-9a-f]{10}/);
  }
  expect(await page.locator('#figures-title + .lede').textContent()).toContain(
    'In this demo an action counts for 2 minutes',
  );
});

test('new figures come into the open page by themselves, and ages grow', async () => {
  await open();
  await page.evaluate(() => document.body.setAttribute('data-mark', 'the same document'));
  const at = Date.now();
  await server.writer.insertBlock('events', [
    ndjson([
      blankEvent({
        project_id: 'demo',
        generation_id: 'new',
        generated_at: at,
        event_id: randomUUID(),
        event_type: 'shown',
        shows: 1,
        occurred_at: at,
        received_at: at,
        prompt_id: 'translate',
        prompt_version: '1',
        model: 'aurora',
      }),
    ]),
  ]);
  await rolledUp(`prompt_id = 'translate'`);
  await page.locator('#prompts a', { hasText: 'translate' }).waitFor({ timeout: 90_000 });
  expect(await page.getAttribute('body', 'data-mark')).toBe('the same document');
  const age = page.locator('#freshness [data-at]').first();
  const first = await age.textContent();
  await eventually(
    async () => await age.textContent(),
    (text) => text !== first && /^\d+ s ago$/.test(text ?? ''),
  );
  expect(complaints).toEqual([]);
});

test('a prompt leads to its own page, choosing a project opens all of that one', async () => {
  await open();
  await page.locator('#prompts a', { hasText: 'summarise' }).click();
  await page.waitForURL(/\/prompt\?.*prompt=summarise/);
  expect(await page.locator('h1').textContent()).toBe('summarise');
  expect(await page.inputValue('select[name=project]')).toBe('demo');
  await page.selectOption('select[name=project]', 'traffic');
  await page.waitForURL(/project=traffic/);
  expect(page.url()).not.toContain('summarise');
  await page.locator('nav a').first().click();
  await page.waitForURL(/\/\?project=traffic/);
  await keepPicture('empty');
  expect(await page.locator('#figures').textContent()).toContain('No events yet.');
});

test('without a script everything is there, with a button to choose', async () => {
  const context = await chromium.browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${reporter.url}/?token=${READ_TOKEN}&project=demo`);
  expect(await plain.locator('.figure').count()).toBeGreaterThanOrEqual(11);
  expect(await plain.locator('#trend .chart-trend').count()).toBe(1);
  await plain.selectOption('select[name=period]', '7d');
  await plain.locator('.filters:not(.days) button').click();
  await plain.waitForURL(/period=7d/);
  expect(await plain.inputValue('select[name=period]')).toBe('7d');
  await plain.locator('.own-days summary').click();
  await plain.fill('input[name=from]', '2026-01-01');
  await plain.fill('input[name=to]', '2026-01-03');
  await plain.locator('.days button').click();
  await plain.waitForURL(/from=2026-01-01/);
  expect(await plain.locator('select[name=period] option:checked').textContent()).toBe('2026-01-01 to 2026-01-02');
  expect(await plain.locator('#figures').textContent()).toContain('No figures in this period yet.');
  await context.close();
});

test('the first view is under 200 KB and asks this host alone', async () => {
  const context = await chromium.browser.newContext();
  const first = await context.newPage();
  const answers: { url: string; bytes: Promise<number> }[] = [];
  first.on('response', (answer) => {
    const bytes = answer.body().then(
      (body) => body.length,
      () => 0,
    );
    answers.push({ url: answer.url(), bytes });
  });
  await first.goto(`${reporter.url}/?token=${READ_TOKEN}&project=demo`, { waitUntil: 'networkidle' });
  const sizes = await Promise.all(answers.map(async ({ bytes }) => await bytes));
  const icon = (await (await fetch(`${reporter.url}/assets/icon.svg`)).arrayBuffer()).byteLength;
  const sum = sizes.reduce((all, bytes) => all + bytes, icon);
  expect(answers.map(({ url }) => new URL(url).pathname)).toEqual(
    expect.arrayContaining(['/', '/assets/page.css', '/assets/live.js']),
  );
  for (const { url } of answers) expect(new URL(url).origin).toBe(reporter.url);
  expect(sum).toBeGreaterThan(10_000);
  expect(sum).toBeLessThan(FIRST_VIEW_BYTES_MAX);
  await context.close();
});

test('everything is reached by keyboard, and what has the focus is seen', async () => {
  await open();
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
  expect((await page.locator('.skip').boundingBox())?.y).toBeGreaterThanOrEqual(0);
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  const reached: string[] = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === null || element === document.body) return undefined;
      const { outlineStyle, outlineWidth } = getComputedStyle(element);
      return { name: element.textContent.trim().slice(0, 40), outline: `${outlineStyle} ${outlineWidth}` };
    });
    if (focus === undefined) break;
    reached.push(focus.name);
    expect(focus.outline, focus.name).toBe('solid 2px');
  }
  expect(reached).toEqual(expect.arrayContaining(['summarise', 'CSV', 'Other days']));
});

test('SQL that was opened stays open while figures are renewed', async () => {
  await open();
  await page.locator('#sql-project-totals summary').click();
  expect(await page.locator('#sql-project-totals code').textContent()).toContain(`FROM rate_windows AS r`);
  await page.evaluate(() => (document.activeElement as HTMLElement).blur());
  const renewed = page.waitForResponse((answer) => answer.url().includes('/api/live') && answer.ok());
  await page.evaluate(() => document.querySelector('#figures .figure')?.setAttribute('data-old', 'yes'));
  await renewed;
  await page.waitForFunction(() => document.querySelector('[data-old]') === null);
  expect(await page.locator('#sql-project-totals').getAttribute('open')).not.toBeNull();
});

test('without a token the page says how to get in', async () => {
  const context = await chromium.browser.newContext();
  const stranger = await context.newPage();
  await stranger.goto(reporter.url);
  expect(await stranger.locator('h1').textContent()).toBe('A read token is needed');
  await context.close();
});
