// The comparisons of the live page in a real Chromium: every verdict with its interval drawn, light and dark, wide and narrow;
// and the same by API. Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startChromium, type Chromium } from '../support/chromium.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { complaintsOf } from '../support/complaints.js';
import { ndjson } from '../support/random-events.js';
import { READ_TOKEN, startReporter, testProject, type TestReporter } from '../support/reporter.js';
import { logE } from '../support/verdict-oracle.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
const DAY_MS = 86_400_000;
const TODAY = Date.UTC(2026, 10, 24, 4, 10);
const HOSTILE = `<img src=x onerror="alert(1)">`;

let server: TestClickHouse;
let reporter: TestReporter;
let chromium: Chromium;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await startTestClickHouse();
  const states: [string, Record<string, unknown>, Record<string, unknown>?][] = [
    [
      'worse',
      { difference: -0.071, standard_error: 0.013, warnings: ['one_person'] },
      { difference: -0.09, standard_error: 0.016 },
    ],
    [
      'better',
      {
        prompt_id: 'reply-draft',
        name_a: 'arm control',
        name_b: 'arm concise',
        kind: 'experiment',
        difference: 0.062,
        standard_error: 0.011,
      },
    ],
    [
      'lower',
      {
        tier: 'T2',
        name_a: 'model aurora 2026-08',
        name_b: 'model aurora 2026-10',
        kind: 'model_version',
        difference: -0.055,
        standard_error: 0.01,
      },
    ],
    ['equal', { prompt_id: 'translate', difference: -0.004, standard_error: 0.009 }],
    [
      'open',
      {
        prompt_id: 'title',
        difference: 0.02,
        standard_error: 0.05,
        persons_a: 61,
        persons_b: 58,
        persons: 110,
        n_a: 190,
        n_b: 171,
      },
    ],
    [
      'gated',
      { prompt_id: HOSTILE, gates: ['too_few_persons', 'orphan_share'], difference: 0.03, standard_error: 0.08 },
    ],
    ['after', { prompt_id: 'rewrite', tier: 'T3', gates: ['before_after'], difference: 0, standard_error: 0.04 }],
  ];
  const named = states.map(([comparison_id, { prompt_id, name_a, name_b, kind }]) => ({
    project_id: 'demo',
    comparison_id,
    kind: kind ?? 'prompt_version',
    prompt_id: prompt_id ?? 'summarise',
    surface: 'web',
    a: { prompt_version: '7' },
    b: { prompt_version: '8' },
    name_a: name_a ?? 'version 7',
    name_b: name_b ?? 'version 8',
  }));
  await server.reporter.insertBlock('tacit.comparisons', [ndjson(named)]);
  const looks = states.flatMap(([comparison_id, today, before]) =>
    [today, ...(before === undefined ? [] : [before])].map((look, ago) =>
      lookRow(comparison_id, TODAY - 12 * ago * DAY_MS, look),
    ),
  );
  const course = Array.from({ length: 22 }, (_, ago) => 23 - ago)
    .filter((ago) => ago !== 12)
    .map((ago) =>
      lookRow('worse', TODAY - ago * DAY_MS, {
        difference: ago > 12 ? -0.02 - 0.002 * (23 - ago) : -0.08 + 0.0007 * (12 - ago),
        standard_error: ago > 12 ? 0.06 - 0.003 * (23 - ago) : 0.016 - 0.0002 * (12 - ago),
        gates: ago > 21 ? ['too_few_persons'] : [],
      }),
    );
  await server.reporter.insertBlock('tacit.comparison_looks', [ndjson([...looks, ...course])]);
  reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [testProject('demo', { name: 'Demo product' }), testProject('empty')],
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

function lookRow(
  comparison_id: string,
  look_at: number,
  { prompt_id: _p, name_a: _a, name_b: _b, kind: _k, ...look }: Record<string, unknown>,
) {
  const { difference, standard_error } = look as { difference: number; standard_error: number };
  return {
    project_id: 'demo',
    comparison_id,
    look_at,
    family: 'demo',
    tier: 'T1',
    n_a: 4100,
    n_b: 4012,
    persons_a: 660,
    persons_b: 652,
    persons: 1312,
    rate_a: 0.382,
    strata: 12,
    rate_b: 0.382 + difference,
    log_e: logE({ comparison_id, look_at, difference, standard_error }),
    tau: 0.05,
    alpha: 0.05,
    gates: [],
    from_day: '2026-11-01',
    to_day: '2026-11-20',
    metric_version: 'm-0123456789',
    figures: {
      too_few_persons_a: 41,
      too_few_persons_b: 12,
      orphan_share_a: 0.004,
      orphan_share_b: 0.031,
      heaviest_share: 0.27,
      without_heaviest: -0.058,
      design_effect: 1.6,
      pooled_difference: -0.064,
      effect_differs_p: 0.41,
      shown_rate_a: 0.991,
      shown_rate_b: 0.989,
      late_share_a: 0.004,
      late_share_b: 0.006,
      too_few_successes_a: 1566,
      too_few_successes_b: 1248,
    },
    ...look,
  };
}

const open = async (query = 'project=demo') =>
  await page.goto(`${reporter.url}/comparison?token=${READ_TOKEN}&${query}`);

async function keepPicture(name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `comparisons-${name}.png`), fullPage: true });
}

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 390],
  ['dark', 390],
] as const)('comparisons read well in %s at %d pixels', async (scheme, width) => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await open();
  await keepPicture(`${scheme}-${width}`);
  const seen = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    verdicts: [...document.querySelectorAll('.comparison .verdict')].map((each) => each.textContent),
    bars: [...document.querySelectorAll('svg.difference')].map((each) =>
      Math.round(each.getBoundingClientRect().width),
    ),
    labels: [...document.querySelectorAll('svg.difference')].map((each) => each.getAttribute('aria-label') ?? ''),
    coloured: new Set(
      [...document.querySelectorAll('.comparison .verdict')].map((each) => getComputedStyle(each).color),
    ).size,
    styled: document.querySelectorAll('[style]').length,
  }));
  expect(seen.overflow).toBeLessThanOrEqual(0);
  expect(seen.verdicts).toEqual([
    'Worse',
    'Better',
    'Lower, not randomised',
    'No large drop',
    'Not enough evidence yet',
    'Cannot compare',
    'Before and after',
  ]);
  // what cannot be compared has no difference to be seen
  expect(seen.bars.length).toBe(5);
  for (const bar of seen.bars) expect(bar).toBeGreaterThan(200);
  for (const label of seen.labels) expect(label).toMatch(/^Difference .* interval .* to .* points/);
  expect(seen.coloured).toBe(3);
  expect(seen.styled).toBe(0);
  expect(complaints).toEqual([]);
});

test('each comparison stands with its persons, n, as-of time and metric version, and names stay text', async () => {
  await open();
  const cards = await page.locator('.comparison').allTextContents();
  expect(cards.length).toBe(7);
  for (const card of cards) {
    expect(card).toMatch(/n = [\d,]+,\s+[\d,]+ persons/);
    expect(card).toMatch(/as of\s+24 Nov 04:10:00 UTC/);
    expect(card).toContain('m-0123456789');
  }
  expect(cards[0]).toContain('Worse since 12 Nov.');
  expect(cards[0]).toContain('One person carries 27.0 % of the weight');
  expect(cards[4]).toMatch(/about [\d,]+ more persons are needed/);
  expect(cards[5]).toContain('41 persons for version 7 and 12 for version 8, 30 each are needed');
  expect(cards[5]).toContain(HOSTILE);
  expect(cards[6]).toContain('the drift watch says whether the rate has fallen');
});

test('a prompt narrows the comparisons, and an empty project says why there are none', async () => {
  await open('project=demo&prompt=translate');
  expect(await page.locator('.comparison .verdict').allTextContents()).toEqual(['No large drop']);
  await open('project=empty');
  expect(await page.locator('#comparisons').textContent()).toContain('Nothing to compare yet.');
  await keepPicture('empty');
});

test.each([
  ['light', 1200],
  ['dark', 1200],
  ['light', 390],
  ['dark', 390],
] as const)('one comparison reads well in %s at %d pixels', async (scheme, width) => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await open('project=demo&id=worse');
  await keepPicture(`one-${scheme}-${width}`);
  const seen = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    headings: [...document.querySelectorAll('h1, h2')].map((each) => each.textContent?.trim()),
    chart: document.querySelector('svg.difference-chart')?.getBoundingClientRect().width ?? 0,
    styled: document.querySelectorAll('[style]').length,
  }));
  expect(seen.overflow).toBeLessThanOrEqual(0);
  expect(seen.headings).toEqual([
    'summarise: version 8 against version 7',
    'Worse',
    'Both sides',
    'How it developed',
    'What it rests on',
    'What was checked',
  ]);
  expect(seen.chart).toBeGreaterThan(280);
  expect(seen.styled).toBe(0);
  expect(complaints).toEqual([]);
});

test('one comparison says first what it found, then everything that it rests on', async () => {
  await open();
  await page.getByRole('link', { name: 'Version 8 against version 7' }).first().click();
  await page.waitForURL(/\/comparison\?project=demo&id=worse$/);
  const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  expect(text).toContain('Version 8 is accepted less often than version 7: −7.1 points');
  expect((await page.locator('.said').innerText()).match(/Worse since 12 Nov\./g)).toHaveLength(1);
  expect(text).toContain('One person carries 27.0 % of the weight');
  expect(text).toMatch(/Version 7 38\.2 % n = 4,100 660 persons Version 8 31\.1 % n = 4,012 652 persons/);
  expect(text).toMatch(/Interval −[\d.]+ to −[\d.]+ points at [\d.]+ %.* valid however often you look/);
  expect(text).toMatch(/Chance p < 0\.0001, the smallest of all looks so far/);
  expect(text).toMatch(/Evidence A fair bet on a difference would have multiplied its stake by/);
  expect(text).toMatch(/Family One of \d comparisons of this project watched together/);
  expect(text).toContain('Smallest drop that matters 5 points, fixed before the first look.');
  expect(text).toContain('Compared within 12 parts of the traffic');
  expect(text).toContain('no sign that the effect differs between parts (p = 0.41)');
  expect(text).toContain('−6.4 points between the plain rates.');
  expect(text).toContain('prompt_version = 7 against prompt_version = 8');
  expect(text).toContain('Randomised, at the same time: chance alone decided');
  expect(text).toContain('m-0123456789');
  expect(text).toContain('as of 2026-11-24 04:10:00 UTC');
  const label = await page.locator('svg.difference-chart').getAttribute('aria-label');
  expect(label).toMatch(
    /^Difference over 21 looks: from .* on 3 Nov, to −7\.1 points, .* on 24 Nov; Worse since 12 Nov/,
  );
  await page.getByText('23 looks as a table').click();
  expect(await page.locator('#history tbody tr').count()).toBe(23);
});

test('what cannot be compared shows no difference, and why', async () => {
  await open('project=demo&id=gated');
  const text = (await page.locator('main').innerText()).replace(/\s+/g, ' ');
  expect(text).toContain('41 persons for version 7 and 12 for version 8, 30 each are needed');
  expect(text).toContain('No look could estimate a difference so far.');
  expect(text).not.toMatch(/[+−]\d+\.\d points/);
  expect(await page.locator('#checks .failed').count()).toBe(2);
  await keepPicture('one-gated');
});

test('a comparison that is not known, or is of another project, is not found', async () => {
  for (const query of ['project=demo&id=nothing', 'project=empty&id=worse', `project=demo&id=${'x'.repeat(300)}`]) {
    expect((await open(query))?.status()).toBe(404);
    expect(await page.locator('h1').textContent()).toBe('No such comparison');
  }
  complaints.length = 0;
});

test('the API answers the same as JSON and as CSV', async () => {
  const get = async (query: string) =>
    await fetch(`${reporter.url}/api/comparisons?${query}`, { headers: { authorization: `Bearer ${READ_TOKEN}` } });
  const { comparisons, total } = (await (await get('project=demo')).json()) as {
    comparisons: Record<string, unknown>[];
    total: number;
  };
  expect([comparisons.length, total]).toEqual([7, 7]);
  expect(comparisons[0]).toMatchObject({
    comparisonId: 'worse',
    verdict: 'worse',
    flagged: true,
    flaggedSince: '2026-11-12',
    lookAt: '2026-11-24T04:10:00.000Z',
    persons: 1312,
    difference: -0.071,
    warnings: [{ code: 'one_person' }],
    sentence: expect.stringContaining('Version 8 is accepted less often than version 7: −7.1 points') as string,
  });
  expect(comparisons[5]).toMatchObject({
    verdict: 'cannot_compare',
    gates: [{ code: 'too_few_persons' }, { code: 'orphan_share' }],
  });
  const csv = await (await get('project=demo&format=csv')).text();
  expect(csv.split('\r\n').length).toBe(9);
  expect(csv).toMatch(/^comparison_id,kind,prompt_id,.*,gates,warnings,look_at,sentence\r\n/);
  expect(csv).toContain('too_few_persons orphan_share');
  expect((await get('project=demo&format=xml')).status).toBe(400);
  expect((await get('project=other')).status).toBe(404);
  expect((await fetch(`${reporter.url}/api/comparisons?project=demo`)).status).toBe(401);
});
