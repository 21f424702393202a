// The archive of reports and stored reports: who may read them, what they are answered as, that they are the same each time, and how
// they look in a real Chromium. Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeViolations } from '../support/axe.js';
import { startPagesStage, type PagesStage } from '../support/pages-stage.js';
import { READ_TOKEN } from '../support/reporter.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];

let stage: PagesStage;
beforeAll(async () => {
  stage = await startPagesStage();
});
afterAll(async () => {
  await stage.stop();
});

const get = async (address: string, token = READ_TOKEN) =>
  await fetch(stage.reporter.url + address, {
    headers: token === '' ? {} : { authorization: `Bearer ${token}` },
    redirect: 'manual',
  });

describe('a stored report', () => {
  test.each([
    ['html', 'text/html; charset=utf-8', 'inline'],
    ['md', 'text/markdown; charset=utf-8', 'attachment'],
    ['json', 'application/json; charset=utf-8', 'inline'],
  ])('as %s has its type and a name, and is the same each time', async (format, type, disposition) => {
    const [first, second] = [await get(`${stage.report}.${format}`), await get(`${stage.report}.${format}`)];
    expect(first.status).toBe(200);
    expect(first.headers.get('content-type')).toBe(type);
    expect(first.headers.get('content-disposition')).toMatch(
      new RegExp(`^${disposition}; filename="weekly-\\d{4}-\\d\\d-\\d\\dT\\d{6}Z\\.${format}"$`),
    );
    const text = await first.text();
    expect(text.length).toBeGreaterThan(500);
    expect(await second.text()).toBe(text);
  });

  test('is its newest edition, and each edition by its number', async () => {
    const edition = async (query: string) =>
      ((await (await get(`${stage.report}.json${query}`)).json()) as { edition: number }).edition;
    expect([await edition(''), await edition('?edition=1'), await edition('?edition=2')]).toEqual([2, 1, 2]);
    expect((await get(`${stage.report}.html?edition=3`)).status).toBe(404);
  });

  test('as a page lets in its own style sheet by its hash and nothing else, least of all a script', async () => {
    const answer = await get(`${stage.report}.html`);
    const policy = answer.headers.get('content-security-policy') ?? '';
    const text = await answer.text();
    const styles = [...text.matchAll(/<style[^>]*>([\s\S]*?)<\/style>/g)].map(([, style = '']) => style);
    expect(styles.length).toBeGreaterThan(0);
    for (const style of styles) expect(policy).toContain(createHash('sha256').update(style).digest('base64'));
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|script-src|https?:/);
    expect(text).not.toMatch(/<script|<link|<iframe|\sstyle="|\son[a-z]+="|src="http/i);
  });

  test.each([
    ['another project', '/reports/foreign/weekly/2026-11-16T06:00:00Z.html', 404],
    ['a project that is not there', '/reports/none/weekly/2026-11-16T06:00:00Z.html', 404],
    ['a slot that never was', '/reports/demo/weekly/2020-11-16T06:00:00Z.html', 404],
    ['a report that is not there', '/reports/demo/monthly/2026-11-16T06:00:00Z.json', 404],
    ['a day that does not exist', '/reports/demo/weekly/2026-11-31T06:00:00Z.html', 400],
    ['a time without a zone', '/reports/demo/weekly/2026-11-16T06:00:00.html', 400],
    ['another format', '/reports/demo/weekly/2026-11-16T06:00:00Z.pdf', 400],
    ['an edition that is none', '/reports/demo/weekly/2026-11-16T06:00:00Z.html?edition=0', 400],
    ['an edition beyond the last', '/reports/demo/weekly/2026-11-16T06:00:00Z.html?edition=65536', 400],
    ['two editions', '/reports/demo/weekly/2026-11-16T06:00:00Z.html?edition=1&edition=2', 400],
    ['a way out', '/reports/demo/weekly/..%2f..%2fsecret.html', 400],
  ])('of %s is refused in words', async (_, address, status) => {
    const answer = await get(address);
    expect(answer.status).toBe(status);
    expect(await answer.text()).toMatch(/<h1>(No such report|This address cannot be read)<\/h1>/);
  });

  test('needs a token, and a link with one keeps it and cleans the address', async () => {
    expect((await get(`${stage.report}.html`, '')).status).toBe(401);
    expect((await get(`${stage.report}.html`, 'wrong')).status).toBe(401);
    const link = await get(`${stage.report}.html?token=${READ_TOKEN}&edition=1`, '');
    expect(link.status).toBe(303);
    expect(link.headers.get('location')).toBe(`${stage.report}.html?edition=1`);
  });

  test('has a published format', async () => {
    const answer = await get('/api/report.schema.json', '');
    expect(answer.headers.get('content-type')).toMatch(/^application\/schema\+json/);
    expect(await answer.json()).toMatchObject({ title: 'Tacit report', type: 'object' });
  });

  test.each([
    ['light', 1200],
    ['dark', 390],
  ] as const)('reads well in %s at %d pixels, and axe finds nothing', async (colorScheme, width) => {
    const page = await stage.chromium.context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => void complaints.push(message.text()));
    page.on('request', (request) => {
      if (!request.url().startsWith(stage.reporter.url)) complaints.push(`asked ${request.url()}`);
    });
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    await page.goto(`${stage.reporter.url}${stage.report}.html?token=${READ_TOKEN}`);
    if (SCREENSHOTS !== undefined) {
      mkdirSync(SCREENSHOTS, { recursive: true });
      await page.screenshot({ path: path.join(SCREENSHOTS, `stored-${colorScheme}-${width}.png`), fullPage: true });
    }
    expect(await axeViolations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
    expect(complaints).toEqual([]);
    await page.close();
  });
});

describe('the archive', () => {
  test('lists reports with their editions, and where each was delivered', async () => {
    const page = await stage.chromium.context.newPage();
    await page.goto(`${stage.reporter.url}/reports?token=${READ_TOKEN}&project=demo`);
    const text = (await page.locator('#archive').innerText()).replace(/\s+/g, ' ');
    expect(text).toContain('Weekly quality report weekly');
    expect(text).toMatch(/Edition 2 .*computed again.* Edition 1 /);
    expect(text).toMatch(/files file delivered \d+ s ago/);
    expect(text).toContain('refused for good: answered 410');
    await page
      .getByRole('link', { name: /^Page of Weekly/ })
      .last()
      .click();
    await page.waitForURL(/\.html\?edition=1$/);
    expect(await page.locator('h1').count()).toBe(1);
    await page.close();
  });

  test('without any report says when the next is due and how to make one', async () => {
    const text = await (await get('/reports?project=empty')).text();
    expect(text).toContain('No report yet.');
    expect(text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')).toMatch(
      /Daily quality report: next due [A-Z][a-z]{2} \d+ [A-Z]/,
    );
    expect(text).toContain('npm run report -- --report daily --project empty');
  });
});
