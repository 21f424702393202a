// All pages for everybody: axe finds nothing, the keyboard reaches everything, addresses hold what was chosen, nothing is asked of
// another host, tokens and host names are guarded. Set TACIT_SCREENSHOTS to a folder to keep pictures.
import { mkdirSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.js';
import { startPagesStage, type PagesStage } from '../support/pages-stage.js';
import { READ_TOKEN } from '../support/reporter.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
/** What a page and all that it loads may weigh at the first view, bytes. */
const FIRST_VIEW_BYTES_MAX = 200_000;
/** Steps of a walk by keyboard: more than any page has places to go. */
const STEPS_MAX = 300;

const PAGES: Readonly<Record<string, string>> = {
  overview: '/?project=demo',
  'overview-empty': '/?project=empty',
  prompt: '/prompt?project=demo&prompt=summarise',
  'prompt-unknown': '/prompt?project=demo&prompt=none',
  prompts: '/prompt?project=demo',
  'prompts-empty': '/prompt?project=empty',
  comparisons: '/comparison?project=demo',
  'comparisons-empty': '/comparison?project=empty',
  comparison: '/comparison?project=demo&id=worse',
  'comparison-gated': '/comparison?project=demo&id=open',
  'comparison-unknown': '/comparison?project=demo&id=none',
  quality: '/quality?project=demo&period=7d',
  'quality-empty': '/quality?project=empty&period=7d',
  reports: '/reports?project=demo',
  'reports-empty': '/reports?project=empty',
  'message-project': '/?project=none',
  'message-address': '/quality?project=demo&period=century',
  'message-nothing': '/nothing',
  'message-report': '/reports/demo/weekly/2020-11-16T06:00:00Z.html',
};

let stage: PagesStage;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  stage = await startPagesStage();
});
afterAll(async () => {
  await stage.stop();
});
beforeEach(async () => {
  page = await stage.chromium.context.newPage();
  complaints = [];
  page.on('console', (message) => {
    // a page that is not found is said by the browser too
    if (['error', 'warning'].includes(message.type()) && !/status of 40[04]/.test(message.text()))
      complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith(stage.reporter.url)) complaints.push(`asked ${request.url()}`);
  });
  await page.goto(`${stage.reporter.url}/?token=${READ_TOKEN}&project=demo`);
});
afterEach(async () => {
  await page.close();
});

const open = async (address: string) => await page.goto(stage.reporter.url + address);

async function keepPicture(name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `page-${name}.png`), fullPage: true });
}

const LOOKS = [
  ['light', 1200],
  ['dark', 1200],
  ['light', 390],
  ['dark', 390],
] as const;

test.each(Object.entries(PAGES))(
  'axe finds nothing on %s, light and dark, wide and narrow, and it fits',
  async (name, address) => {
    await open(address);
    expect(await page.evaluate(() => document.querySelectorAll('[style]').length)).toBe(0);
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    for (const [scheme, width] of LOOKS) {
      const look = `${scheme} at ${width} pixels`;
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 900 });
      await keepPicture(`${name}-${scheme}-${width}`);
      expect(await axeViolations(page), look).toEqual([]);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(over, look).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  },
);

test('axe finds nothing on the page that asks a stranger for a token, and it fits', async () => {
  const context = await stage.chromium.browser.newContext();
  const stranger = await context.newPage();
  for (const address of ['/', '/quality', '/reports', '/?token=wrong']) {
    expect((await stranger.goto(stage.reporter.url + address))?.status()).toBe(401);
    for (const [colorScheme, width] of LOOKS) {
      await stranger.emulateMedia({ colorScheme });
      await stranger.setViewportSize({ width, height: 900 });
      expect(await axeViolations(stranger)).toEqual([]);
      expect(
        await stranger.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
      ).toBeLessThanOrEqual(0);
    }
  }
  await context.close();
});

test('every page has a title of its own and one main heading, and its headings leave out no level', async () => {
  const titles: string[] = [];
  for (const name of ['overview', 'prompt', 'comparisons', 'comparison', 'quality', 'reports']) {
    await open(PAGES[name] ?? '');
    titles.push(await page.title());
    const levels = await page
      .locator('h1, h2, h3, h4')
      .evaluateAll((all) => all.map((each) => Number(each.tagName[1])));
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0), name).toBeLessThanOrEqual(1);
  }
  expect(new Set(titles).size).toBe(titles.length);
});

/** What has the focus, its outline included. */
function focused(): { readonly place: number; readonly words: string; readonly outlined: boolean } | undefined {
  const places = [
    ...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), summary, [tabindex="0"]'),
  ];
  const active = document.activeElement;
  if (active === null || active === document.body || active === document.documentElement) return undefined;
  const { outlineStyle, outlineWidth } = getComputedStyle(active);
  return {
    place: places.indexOf(active),
    words: `${active.tagName} ${(active.textContent ?? '').trim().slice(0, 40)}`,
    outlined: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2,
  };
}

/** Places that can be reached: not hidden, not within something closed. */
function reachable(): number[] {
  const places = [
    ...document.querySelectorAll('a[href], button, select, input:not([type=hidden]), summary, [tabindex="0"]'),
  ];
  return places.flatMap((place, at) => (place.checkVisibility({ visibilityProperty: true }) ? [at] : []));
}

test.each(['overview', 'prompt', 'comparisons', 'comparison', 'quality', 'reports'])(
  'the keyboard reaches everything on %s, in the order of the page, and it is seen where one is',
  async (name) => {
    await open(PAGES[name] ?? '');
    const wanted = await page.evaluate(reachable);
    const walked: number[] = [];
    for (let step = 0; step < STEPS_MAX; step += 1) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(focused);
      if (at === undefined || at.place < (walked.at(-1) ?? -1)) break;
      expect(at.outlined, at.words).toBe(true);
      // a field for a day has several parts, each a step
      if (at.place !== walked.at(-1)) walked.push(at.place);
    }
    expect(walked).toEqual(wanted);
  },
);

test('the skip link leads past the navigation, and Enter opens and closes what is folded', async () => {
  await open(PAGES['comparison'] ?? '');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the content');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  const folded = page.locator('#history details').first();
  await folded.locator('summary').focus();
  await page.keyboard.press('Enter');
  expect(await folded.evaluate((details) => (details as HTMLDetailsElement).open)).toBe(true);
  await page.keyboard.press('Enter');
  expect(await folded.evaluate((details) => (details as HTMLDetailsElement).open)).toBe(false);
});

test('nothing moves, least of all for those who asked for that', async () => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const address of Object.values(PAGES)) {
    await open(address);
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((each) => {
          const { animationName, transitionDuration, scrollBehavior } = getComputedStyle(each);
          return animationName !== 'none' || parseFloat(transitionDuration) > 0 || scrollBehavior === 'smooth';
        }).length,
    );
    expect(moving, address).toBe(0);
  }
});

test('what was chosen stands in the address: the same page comes after a reload, and back and forward', async () => {
  await open('/quality?project=demo');
  const span = async () => await page.locator('#shares-title ~ .lede').textContent();
  const first = await span();
  await page.selectOption('select[name=period]', '7d');
  await page.waitForURL(/period=7d/);
  const chosen = await span();
  expect(chosen).not.toBe(first);
  await page.reload();
  expect(await span()).toBe(chosen);
  expect(await page.inputValue('select[name=period]')).toBe('7d');
  await page.selectOption('select[name=project]', 'empty');
  await page.waitForURL(/project=empty/);
  expect(page.url()).toContain('period=7d');
  // what the browser kept comes without a load of its own, and then once more, fresh
  const loaded = page.waitForEvent('load');
  await page.goBack({ waitUntil: 'commit' });
  await loaded;
  expect(page.url()).toContain('project=demo');
  expect(await page.inputValue('select[name=project]')).toBe('demo');
  expect(await span()).toBe(chosen);
  const again = page.waitForEvent('load');
  await page.goForward({ waitUntil: 'commit' });
  await again;
  expect(page.url()).toContain('project=empty');
  expect(await page.locator('#shares').textContent()).toContain('Nothing is known of answers');
  expect(complaints).toEqual([]);
});

test('a page weighs little at the first view', async () => {
  for (const [name, address] of Object.entries(PAGES)) {
    // a page of its own: what another one still loads would be counted, or be gone before it is
    const visited = await stage.chromium.context.newPage();
    const sizes: Promise<number>[] = [];
    visited.on('response', (response) => {
      // one that leads elsewhere has no body
      if (response.status() < 300 || response.status() >= 400) sizes.push(response.body().then(({ length }) => length));
    });
    await visited.goto(stage.reporter.url + address, { waitUntil: 'networkidle' });
    const all = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(all, name).toBeGreaterThan(0);
    expect(all, name).toBeLessThan(FIRST_VIEW_BYTES_MAX);
    await visited.close();
  }
});

describe('who may see', () => {
  test('a link keeps its token in a cookie that no script and no other site gets, and loses it from the address', async () => {
    const context = await stage.chromium.browser.newContext();
    const visitor = await context.newPage();
    await visitor.goto(`${stage.reporter.url}/quality?token=${READ_TOKEN}&project=demo`);
    expect(visitor.url()).toBe(`${stage.reporter.url}/quality?project=demo`);
    const cookies = await context.cookies();
    expect(
      cookies.map(({ name, value, httpOnly, sameSite, path: of }) => [name, value, httpOnly, sameSite, of]),
    ).toEqual([['tacit_read', READ_TOKEN, true, 'Lax', '/']]);
    expect(await visitor.evaluate(() => document.cookie)).toBe('');
    await context.close();
  });

  test.each(['/', '/prompt', '/comparison', '/quality', '/reports', '/figures/rates.csv', '/assets/page.css'])(
    '%s is not answered under a foreign host name',
    async (address) => {
      const { port } = new URL(stage.reporter.url);
      const answer = await new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        const headers = { host: `tacit.example:${port}`, authorization: `Bearer ${READ_TOKEN}` };
        http
          .get({ host: '127.0.0.1', port, path: address, headers }, (response) => {
            let body = '';
            response.on('data', (chunk: Buffer) => (body += chunk.toString()));
            response.on('end', () => resolve({ status: response.statusCode, body }));
          })
          .on('error', reject);
      });
      expect(answer.status).toBe(421);
      expect(answer.body).not.toContain('Demo product');
    },
  );
});
