// The page of a prompt in a real Chromium, over a month of rolled-up days: light and dark, wide and narrow, what it says and where it
// leads. Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startChromium, type Chromium } from '../support/chromium.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { complaintsOf } from '../support/complaints.js';
import { insertFigures } from '../support/figure-data.js';
import { ndjson } from '../support/random-events.js';
import { READ_TOKEN, startReporter, testProject, type TestReporter } from '../support/reporter.js';
import { logE } from '../support/verdict-oracle.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
const DAY_MS = 86_400_000;
const NOW = Date.now();
const dayAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString().slice(0, 10);
const HOSTILE = `<img src=x onerror="alert(1)">`;

let server: TestClickHouse;
let reporter: TestReporter;
let chromium: Chromium;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await startTestClickHouse();
  await insertFigures(server, { prompts: ['summarise', 'reply-draft', HOSTILE], days: 30, lastDay: dayAgo(0) });
  await insertFigures(server, { project: 'unnamed', prompts: ['', 'summarise'], days: 3, lastDay: dayAgo(0) });
  await insertComparison();
  reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [testProject('demo', { name: 'Demo product' }), testProject('unnamed'), testProject('empty')],
    env: { TACIT_ROLLUP_CRON: 'off' },
  });
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
});
afterEach(async () => {
  await page.close();
});

async function insertComparison(): Promise<void> {
  const comparison_id = 'c1';
  const names = {
    kind: 'prompt_version',
    prompt_id: 'summarise',
    surface: 'web',
    name_a: 'version 7',
    name_b: 'version 8',
  };
  await server.reporter.insertBlock('tacit.comparisons', [ndjson([{ project_id: 'demo', comparison_id, ...names }])]);
  const look = { difference: -0.08, standard_error: 0.01 };
  const look_at = NOW - DAY_MS;
  await server.reporter.insertBlock('tacit.comparison_looks', [
    ndjson([
      {
        ...{ project_id: 'demo', comparison_id, look_at, family: 'demo', tier: 'T1', ...look },
        ...{ n_a: 4100, n_b: 4012, persons_a: 660, persons_b: 652, persons: 1312, rate_a: 0.38, rate_b: 0.3 },
        ...{ log_e: logE({ comparison_id, look_at, ...look }), tau: 0.05, alpha: 0.05, gates: [], figures: {} },
        ...{ from_day: dayAgo(20), to_day: dayAgo(4), metric_version: 'm-1' },
      },
    ]),
  ]);
}

const open = async (query = 'project=demo&prompt=summarise', of = '/prompt') =>
  await page.goto(`${reporter.url}${of}?token=${READ_TOKEN}&${query}`);

async function keepPicture(name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `prompt-page-${name}.png`), fullPage: true });
}

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 390],
  ['dark', 390],
] as const)('the page of a prompt reads well in %s at %d pixels', async (scheme, width) => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await open();
  await keepPicture(`${scheme}-${width}`);
  const seen = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    headings: [...document.querySelectorAll('h1, h2')].map((heading) => heading.textContent),
    cards: [...document.querySelectorAll('.cards h3')].map((heading) => heading.textContent),
    chart: document.querySelector('.chart-trend')?.getBoundingClientRect().width ?? 0,
    styled: [...document.querySelectorAll('[style]:not([style=""])')].map((element) => element.outerHTML.slice(0, 200)),
  }));
  expect(seen.overflow).toBeLessThanOrEqual(0);
  expect(seen.headings).toEqual([
    'summarise',
    'What people take',
    'By version and model',
    'Day by day, and what went live',
    'Did it get better or worse?',
    'Has it fallen?',
    'Why and how',
  ]);
  expect(seen.cards).toEqual([
    'Why it is rejected',
    'Why it is ignored',
    'How much is changed',
    'How much is kept',
    'How long people take',
    'What people say',
  ]);
  expect(seen.chart).toBeGreaterThan(280);
  expect(seen.styled).toEqual([]);
  await open('project=demo', '/');
  await keepPicture(`overview-${scheme}-${width}`);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
  expect(complaints).toEqual([]);
});

test('it says what went live, what is worse with its persons, and leads to the comparison', async () => {
  await open();
  expect(await page.locator('.chart-trend').getAttribute('aria-label')).toContain('version 8');
  const finding = page.locator('#comparisons li');
  expect(await finding.textContent()).toMatch(
    /Worse[\s\S]*Version 8 is accepted less often than version 7[\s\S]*1,312 persons/,
  );
  await finding.locator('a').click();
  await page.waitForURL(/\/comparison\?project=demo&id=c1/);
  await open('project=demo', '/');
  expect(await page.locator('#findings li').first().textContent()).toMatch(/Worse[\s\S]*summarise:/);
});

test('a model narrows the versions alone, and the page says so', async () => {
  await open('project=demo&prompt=summarise&model=nova');
  expect(await page.locator('#versions').textContent()).toContain('No version of this model in this period.');
  expect(await page.locator('#versions-title + .lede').textContent()).toContain('Narrowed to nova');
  expect(await page.locator('#figures .figure').count()).toBe(1);
  expect(await page.locator('select[name=model] option').allTextContents()).toEqual(['All models', 'aurora', 'nova']);
});

test('without a prompt there are the prompts to choose from; names stay text', async () => {
  await open('project=demo');
  expect((await page.locator('#figures th a').allTextContents()).sort()).toEqual([HOSTILE, 'reply-draft', 'summarise']);
  await page.locator('#figures th a', { hasText: 'img' }).click();
  await page.waitForURL(/prompt=%3Cimg/);
  expect(await page.locator('h1').textContent()).toBe(HOSTILE);
  expect(complaints).toEqual([]);
});

test('answers without a prompt are listed with what to do, and lead nowhere', async () => {
  for (const address of ['/', '/prompt']) {
    await open('project=unnamed', address);
    const row = page.locator(`${address === '/' ? '#prompts' : '#figures'} tbody tr`).first();
    expect(await row.locator('th').innerText()).toMatch(
      /^Without a prompt\s+Has no page of its own\. Set data-tacit-prompt, or sign with a promptId/,
    );
    expect(await row.locator('.figure').innerText()).toMatch(/^\d+\.\d %$/);
    expect(await row.locator('a').count()).toBe(0);
  }
  // an address with an empty prompt is that of all prompts
  await open('project=unnamed&prompt=');
  expect(await page.locator('h1').textContent()).toBe('Prompts');
});

test.each([
  ['today', 'rate_days'],
  ['7d', 'rate_windows'],
  ['365d', 'rate_levels'],
])('the period %s is read from %s', async (period, table) => {
  await open(`project=demo&prompt=summarise&period=${period}`);
  expect(await page.locator('#sql-prompt-rates code').textContent()).toContain(`FROM ${table}`);
  expect(await page.locator('#figures .figure').textContent()).toMatch(/^\d+\.\d %$/);
});

test('an unknown prompt and an empty project are said in words', async () => {
  await open('project=demo&prompt=nothing');
  expect(await page.locator('#figures').textContent()).toContain('Nothing matches.');
  await open('project=empty');
  expect(await page.locator('#figures').textContent()).toContain('No events yet.');
  await keepPicture('empty');
});
