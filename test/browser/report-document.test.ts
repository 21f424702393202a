// A report as a page and as a mail in a real Chromium: what it asks of the network, of a narrow screen, of a screen reader and of
// paper. Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { reportHtml } from '../../services/reporter/reports/render/report-html.js';
import type { Report } from '../../services/reporter/reports/report.js';
import { axeViolations } from '../support/axe.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { HOSTILE_NAME, emptyReport, hostileReport, richReport, youngReport } from '../support/report-fixture.js';
import { makeTempDir } from '../support/temp-dir.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
const REPORTS: Readonly<Record<string, () => Report>> = {
  rich: richReport,
  empty: emptyReport,
  young: youngReport,
  hostile: hostileReport,
};

const folder = makeTempDir('report-document');
let chromium: Chromium;
let page: Page;
let requests: string[];
let complaints: string[];

beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium.close();
  folder.remove();
});
beforeEach(async () => {
  page = await chromium.context.newPage();
  requests = [];
  complaints = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
});
afterEach(async () => {
  await page.close();
});

async function open(report: string, media: 'page' | 'mail'): Promise<string> {
  const file = path.join(folder.dir, `${report}-${media}.html`);
  writeFileSync(file, reportHtml((REPORTS[report] ?? richReport)(), media));
  const address = pathToFileURL(file).href;
  await page.goto(address);
  return address;
}

async function keepPicture(name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `report-${name}.png`), fullPage: true });
}

const NARROW = { scheme: 'light', width: 390 } as const;
const CASES = (['page', 'mail'] as const).flatMap((media) => [
  ...Object.keys(REPORTS).map((report) => ({ report, media, ...NARROW })),
  { report: 'rich', media, scheme: 'light', width: 1200 } as const,
  { report: 'rich', media, scheme: 'dark', width: 1200 } as const,
  { report: 'rich', media, scheme: 'dark', width: 390 } as const,
  { report: 'hostile', media, scheme: 'dark', width: 1200 } as const,
]);

test.each(CASES)(
  'the $report report as a $media is whole, quiet and accessible in $scheme at $width pixels',
  async ({ report, media, scheme, width }) => {
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width, height: 900 });
    const address = await open(report, media);
    await keepPicture(`${report}-${media}-${scheme}-${width}`);
    const seen = await page.evaluate(() => ({
      overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
      language: document.documentElement.lang,
      headings: [...document.querySelectorAll('h1, h2')].length,
      ground: getComputedStyle(document.body).backgroundColor,
      text: getComputedStyle(document.body).color,
    }));
    expect(seen.overflow).toBeLessThanOrEqual(0);
    expect(seen.language).toBe('en');
    expect(seen.headings).toBe(13);
    const light = (colour: string) => Number(/\d+/.exec(colour)?.[0]) > 127;
    expect([light(seen.ground), light(seen.text)]).toEqual(scheme === 'light' ? [true, false] : [false, true]);
    expect(await axeViolations(page)).toEqual([]);
    expect(requests).toEqual([address]);
    expect(complaints).toEqual([]);
  },
);

test('charts fill their card, and no label of a deployment lies on another on a phone or a desk', async () => {
  for (const width of [360, 390, 1200]) {
    await page.setViewportSize({ width, height: 900 });
    await open('rich', 'page');
    const charts = await page.evaluate(() =>
      [...document.querySelectorAll('svg.chart-trend')].map((chart) => {
        const box = chart.getBoundingClientRect();
        const labels = [...chart.querySelectorAll('text')].map((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect();
          return { text: each.textContent.trim(), left, right, top, bottom };
        });
        return { left: box.left, right: box.right, labels, label: chart.getAttribute('aria-label') ?? '' };
      }),
    );
    expect(charts).toHaveLength(2);
    for (const { left, right, labels, label } of charts) {
      expect(right - left).toBeGreaterThan(0.75 * Math.min(width, 1000));
      expect(label).toMatch(/^Acceptance rate of .* by day\. 28 days from 19 Oct to 15 Nov\. First 44\.0\s% on/);
      for (const [index, one] of labels.entries()) {
        expect(one.left).toBeGreaterThanOrEqual(left - 1);
        expect(one.right).toBeLessThanOrEqual(right + 1);
        for (const other of labels.slice(index + 1)) {
          const apart =
            one.right <= other.left ||
            other.right <= one.left ||
            one.bottom <= other.top + 3 ||
            other.bottom <= one.top + 3;
          expect({ one: one.text, other: other.text, apart }).toEqual({
            one: one.text,
            other: other.text,
            apart: true,
          });
        }
      }
    }
  }
});

test('the days of a chart can be opened as numbers with the keyboard alone', async () => {
  await open('rich', 'page');
  const summary = page.locator('summary').first();
  await summary.focus();
  await page.keyboard.press('Enter');
  const table = page.getByRole('table', { name: 'Acceptance rate of all prompts by day' });
  await expect.poll(async () => await table.isVisible()).toBe(true);
  expect(await table.getByRole('row').count()).toBe(29);
  expect(await table.getByRole('rowheader').first().textContent()).toBe('19 Oct 2026');
  expect(await axeViolations(page)).toEqual([]);
});

test('rows keep their headers where a narrow screen lays them out as blocks', async () => {
  await page.setViewportSize({ width: 390, height: 900 });
  await open('rich', 'page');
  const table = page.getByRole('table', { name: 'Acceptance by prompt version and model version' });
  expect(await table.getByRole('columnheader').allTextContents()).toEqual([
    'Version',
    'Acceptance rate',
    'Rests on',
    'Outcomes of the mature',
    'So far',
  ]);
  expect(await table.getByRole('rowheader').count()).toBe(7);
});

test('names that try to be markup are read as they are', async () => {
  for (const media of ['page', 'mail'] as const) {
    await open('hostile', media);
    const seen = await page.evaluate(() => ({
      title: document.title,
      heading: document.querySelector('h1')?.textContent ?? '',
      images: document.querySelectorAll('img, script, iframe, object, embed, form, link').length,
      handlers: [...document.querySelectorAll('*')].flatMap((each) =>
        [...each.attributes].filter(({ name }) => name.startsWith('on')),
      ).length,

      links: [...document.querySelectorAll('a')].filter(({ href }) => href.startsWith('javascript:')).length,
    }));
    const shown = HOSTILE_NAME.replace(/[\r\n\u0007]+/g, ' ').replace(/ +/g, ' ');
    expect(seen.heading.replace(/\s+/g, ' ')).toBe(shown);
    expect(seen.title).toContain('<img src=x');
    expect([seen.images, seen.handlers, seen.links]).toEqual([0, 0, 0]);
    expect(complaints).toEqual([]);
  }
});

test('on paper it is black on white, with the addresses of its links, on several pages', async () => {
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await open('rich', 'page');
  const seen = await page.evaluate(() => ({
    ground: getComputedStyle(document.body).backgroundColor,
    text: getComputedStyle(document.body).color,
    address: getComputedStyle(document.querySelector('main a') as Element, '::after').content,
    cut: [...document.querySelectorAll('tr')].every((row) => getComputedStyle(row).breakInside === 'avoid'),
  }));
  expect(seen).toMatchObject({ ground: 'rgb(255, 255, 255)', text: 'rgb(0, 0, 0)', cut: true });
  expect(seen.address).toContain('https://quality.example.com/');
  for (const report of Object.keys(REPORTS)) {
    await open(report, 'page');
    const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
    expect(sheets).toBeGreaterThan(0);
    if (SCREENSHOTS !== undefined) writeFileSync(path.join(SCREENSHOTS, `report-${report}.pdf`), pdf);
  }
});

test('a mail is at most 640 pixels wide and reads without its style sheet', async () => {
  await page.setViewportSize({ width: 1200, height: 900 });
  await open('rich', 'mail');
  const measure = async () =>
    await page.evaluate(() => ({
      width: Math.max(...[...document.querySelectorAll('h2')].map((each) => each.getBoundingClientRect().width)),
      bars: [...document.querySelectorAll('table[aria-hidden] td')].filter(
        (each) => each.getBoundingClientRect().width >= 1 && each.getBoundingClientRect().height >= 5,
      ).length,
      ground: getComputedStyle(document.querySelector('h2')?.closest('td') as Element).backgroundColor,
    }));
  const whole = await measure();
  expect(whole.width).toBeLessThanOrEqual(640);
  expect(whole.bars).toBeGreaterThan(50);
  await page.evaluate(() => document.querySelector('style')?.remove());
  expect(await measure()).toEqual(whole);
  expect(whole.ground).toBe('rgb(252, 252, 253)');
});
