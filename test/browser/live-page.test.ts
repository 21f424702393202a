// The live page in a real Chromium: light and dark, wide and narrow, fresh without a reload.
// Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { eventually } from '../support/eventually.js';
import { blankEvent, ndjson } from '../support/random-events.js';
import { seededRandom } from '../support/random.js';
import { READ_TOKEN, startReporter, testProject, type TestReporter } from '../support/reporter.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
const GENERATIONS = 600;

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
  await eventually(
    async () => await server.reporter.query<{ n: string }>(`SELECT sum(mature) AS n FROM rates`),
    ([row]) => Number(row?.n) > 0,
    60_000,
  );
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium.close();
  await reporter.stop();
  await server.stop();
});
beforeEach(async () => {
  page = await chromium.context.newPage();
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
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
  expect(seen.headings).toEqual(['Demo product', 'What people take', 'Has anything fallen?']);
  expect(complaints).toEqual([]);
});

test('the address loses its token at once', async () => {
  await open();
  expect(page.url()).toBe(`${reporter.url}/?project=demo`);
});

test('every rate stands beside its interval, n, persons, as-of time and metric version', async () => {
  await open();
  const rows = await page.locator('.card table:not(.events) tbody tr').allTextContents();
  expect(rows.length).toBe(8);
  for (const row of rows) {
    expect(row).toMatch(/\d+\.\d %\s+\d+\.\d % – \d+\.\d %/);
    expect(row).toMatch(/n = \d+/);
    expect(row).toMatch(/\d+ persons/);
    expect(row).toMatch(/as of\s+\d+ [A-Z][a-z]+ \d\d:\d\d:\d\d UTC/);
    expect(row).toMatch(/metric m-[0-9a-f]{10}/);
  }
  expect(await page.locator('.lede').first().textContent()).toContain('In this demo an action counts for 2 minutes');
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
  await page.locator('h3', { hasText: 'translate' }).waitFor({ timeout: 60_000 });
  expect(await page.getAttribute('body', 'data-mark')).toBe('the same document');
  const age = page.locator('#freshness [data-at]').first();
  const first = await age.textContent();
  await eventually(
    async () => await age.textContent(),
    (text) => text !== first && /^\d+ s ago$/.test(text ?? ''),
  );
  expect(complaints).toEqual([]);
});

test('choosing a prompt narrows the page to it, choosing a project opens all of that one', async () => {
  await page.goto(`${reporter.url}/prompt?token=${READ_TOKEN}&project=demo`);
  await page.selectOption('select[name=prompt]', 'summarise');
  await page.waitForURL(/prompt=summarise/);
  expect(await page.locator('#figures h3').allTextContents()).toEqual(['summarise']);
  expect(await page.inputValue('select[name=project]')).toBe('demo');
  await page.selectOption('select[name=project]', 'traffic');
  await page.waitForURL(/project=traffic/);
  await keepPicture('empty');
  await page.locator('nav a').first().click();
  expect(await page.locator('#figures').textContent()).toContain('No events yet.');
});

test('without a script everything is there, with a button to choose', async () => {
  const context = await chromium.browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${reporter.url}/prompt?token=${READ_TOKEN}&project=demo`);
  expect(await plain.locator('.figure').count()).toBeGreaterThanOrEqual(8);
  await plain.selectOption('select[name=prompt]', 'summarise');
  await plain.locator('.filters:not(.days) button').click();
  await plain.waitForURL(/prompt=summarise/);
  expect(await plain.locator('#figures h3').allTextContents()).toEqual(['summarise']);
  await context.close();
});

test('without a token the page says how to get in', async () => {
  const context = await chromium.browser.newContext();
  const stranger = await context.newPage();
  await stranger.goto(reporter.url);
  expect(await stranger.locator('h1').textContent()).toBe('A read token is needed');
  await context.close();
});
