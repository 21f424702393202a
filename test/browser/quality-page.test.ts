// The page on data quality in a real Chromium: what arrives, what is refused and why, what cannot be stored, and that each figure is
// the same on the page, as a file and by its SQL. Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { EventRow } from '../../shared/contract/rows.js';
import { axeViolations } from '../support/axe.js';
import { startChromium, type Chromium } from '../support/chromium.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { complaintsOf } from '../support/complaints.js';
import { insertFigures } from '../support/figure-data.js';
import { blankEvent, ndjson } from '../support/random-events.js';
import { READ_TOKEN, startReporter, testProject, type TestReporter } from '../support/reporter.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];
const DAY_MS = 86_400_000;
const NOW = Date.now();
const TODAY = new Date(NOW).toISOString().slice(0, 10);
const DROPS = { opted_out: 1412, token_expired: 3, a_newer_reason: 2, too_many_attributes: 1 };

let server: TestClickHouse;
let reporter: TestReporter;
let chromium: Chromium;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  server = await startTestClickHouse({ projects: ['demo'] });
  await insertFigures(server, { prompts: ['summarise', 'reply-draft'], days: 30, lastDay: TODAY });
  await insertArrivals();
  await insertDeliveries();
  reporter = await startReporter({
    connection: server.connections.reporter,
    projects: [
      testProject('demo', {
        name: 'Demo product',
        alerts: { targets: [{ kind: 'email', name: 'lead', to: 'a@b.example' }] },
      }),
      testProject('empty', { name: 'Nothing yet' }),
    ],
    env: { TACIT_ROLLUP_CRON: 'off', TACIT_ALERT_CRON: 'off', TACIT_REPORT_CRON: 'off', TACIT_COMPARISON_CRON: 'off' },
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
  expect(complaints).toEqual([]);
  await page.close();
});

function event(ago: number, differences: Partial<EventRow>): EventRow {
  const at = NOW - ago;
  return blankEvent({
    ...{ project_id: 'demo', generation_id: `g${ago}`, generated_at: at, event_id: randomUUID(), event_type: 'shown' },
    ...{ occurred_at: at, received_at: at, prompt_id: 'summarise', prompt_version: '7', model: 'aurora' },
    ...{ model_version: '2026-10', user_kind: 'user', user_key: '1', trusted: 1 },
    ...differences,
  });
}

/** Twenty events, of which the page shows the newest twelve; one beyond its two hours; events refused; events not stored. */
async function insertArrivals(): Promise<void> {
  const recent = Array.from({ length: 20 }, (_, n) => event(60_000 * (n + 1), n % 2 === 0 ? {} : { trusted: 0 }));
  await server.writer.insertBlock('events', [ndjson([...recent, event(3 * 3_600_000, { prompt_id: 'older' })])]);
  const minute = Math.floor(NOW / 60_000) * 60;
  const drop = (reason: string, n: number, at = minute) => ({
    project_id: 'demo',
    reason,
    drop_id: randomUUID(),
    minute: at,
    n,
  });
  const drops = Object.entries(DROPS).map(([reason, n]) => drop(reason, n));
  await server.writer.insertBlock('drops', [ndjson([...drops, drop('token_expired', 500, minute - 25 * 3600)])]);
  const letter = (n: number, project_id: string) => ({
    ...{ target: 'events', position: `log:1:${n}:0`, project_id, reason: 'rejected_row', detail: 'no number' },
    ...{ row: `{"n":${n}}`, first_seen: NOW, last_seen: NOW },
  });
  await server.writer.insertBlock('dead_letters', [
    ndjson([1, 2, 3].map((n) => letter(n, n === 3 ? 'other' : 'demo'))),
  ]);
}

async function insertDeliveries(): Promise<void> {
  const alert = { project_id: 'demo', alert_id: 'a1', target: 'email:lead', attempt: 1, owner: 'test', content: '' };
  await server.reporter.insertBlock('alert_deliveries', [
    ndjson([{ ...alert, status: 'failed', detail: 'answered 550' }]),
  ]);
  const report = {
    project_id: 'demo',
    report_id: 'weekly',
    slot: Math.floor(NOW / DAY_MS) * 86_400,
    edition: 1,
    attempt: 1,
  };
  await server.reporter.insertBlock('tacit.report_runs', [
    ndjson([{ ...report, target: 'file:files', status: 'sent', owner: 'test', detail: '' }]),
  ]);
}

const open = async (query = 'project=demo') => await page.goto(`${reporter.url}/quality?token=${READ_TOKEN}&${query}`);
const words = async (selector: string) => (await page.locator(selector).innerText()).replace(/\s+/g, ' ');

test.each([
  ['demo', 'light', 1200],
  ['demo', 'dark', 1200],
  ['demo', 'light', 390],
  ['demo', 'dark', 390],
  ['empty', 'light', 1200],
  ['empty', 'dark', 1200],
  ['empty', 'light', 390],
  ['empty', 'dark', 390],
] as const)('of %s it reads well in %s at %d pixels, and axe finds nothing', async (project, scheme, width) => {
  await page.emulateMedia({ colorScheme: scheme });
  await page.setViewportSize({ width, height: 900 });
  await open(`project=${project}`);
  if (SCREENSHOTS !== undefined) {
    mkdirSync(SCREENSHOTS, { recursive: true });
    const file = path.join(SCREENSHOTS, `quality-page-${project}-${scheme}-${width}.png`);
    await page.screenshot({ path: file, fullPage: true });
  }
  expect(await page.locator('h1, h2').allTextContents()).toEqual([
    'Data quality',
    'Is it working?',
    'Last events',
    'What was refused',
    'Can the figures be trusted?',
    'Day by day',
    'Do alerts and reports arrive?',
  ]);
  const seen = await page.evaluate(() => {
    const lines = (words: Node) => {
      const range = document.createRange();
      range.selectNodeContents(words);
      return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size;
    };
    return {
      over: document.documentElement.scrollWidth - window.innerWidth,
      cut: [...document.querySelectorAll('td, th, dd, p')].filter(
        (each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1,
      ).length,
      // times, kinds of events and names of columns, which a narrow column would break within the word
      broken: [...document.querySelectorAll('.recent td:nth-child(-n + 2), .recent th')].filter(
        (cell) => lines(cell.firstChild ?? cell) > 1,
      ).length,
      charts: document.querySelectorAll('.share-chart').length,
    };
  });
  expect(seen).toMatchObject({ cut: 0, broken: 0, charts: project === 'demo' ? 7 : 0 });
  expect(seen.over).toBeLessThanOrEqual(0);
  expect(await axeViolations(page)).toEqual([]);
});

test('the last events received stand newest first, and one that arrives appears by itself', async () => {
  await open();
  const rows = page.locator('.recent tbody tr');
  expect(await rows.count()).toBe(12);
  const cells = async (at: number) => (await rows.nth(at).locator('td').allTextContents()).map((text) => text.trim());
  const received = (ago: number) => new Date(NOW - ago).toISOString().slice(11, 19);
  expect(await cells(0)).toEqual([received(60_000), 'shown', 'summarise 7', 'aurora 2026-10', 'yes']);
  expect(await cells(1)).toEqual([received(120_000), 'shown', 'summarise 7', 'aurora 2026-10', 'no']);
  expect(await words('#recent')).not.toContain('older');
  await page.evaluate(() => document.body.setAttribute('data-mark', 'the same document'));
  await server.writer.insertBlock('events', [ndjson([event(1000, { event_type: 'copy', prompt_id: 'just-now' })])]);
  await expect
    .poll(async () => await cells(0))
    .toEqual([received(1000), 'copy', 'just-now 7', 'aurora 2026-10', 'yes']);
  expect(await page.evaluate(() => document.body.getAttribute('data-mark'))).toBe('the same document');
});

test('freshness says when the newest event was stored, until when figures were judged, and that the roll-up is off', async () => {
  await open();
  const [row] = await server.reporter.query<{ at: string }>(
    `SELECT toUnixTimestamp64Milli(max(last_ingested_at)) AS at FROM dirty_days WHERE project_id = 'demo'`,
  );
  const stored = Number(row?.at);
  expect(Date.parse((await page.locator('#fresh time').first().getAttribute('datetime')) ?? '')).toBe(stored);
  const told = /Newest event stored .* UTC, (\d+) s ago/.exec(await words('#fresh'));
  expect(Math.abs(Number(told?.[1]) - (Date.now() - stored) / 1000)).toBeLessThan(10);
  expect(await words('#fresh')).toMatch(/Figures judged as of \d{4}-\d\d-\d\d 03:00:00 UTC/);
  expect(await words('#fresh')).toContain('Off: figures stand still until a reporter runs it.');
  await open('project=empty');
  expect(await words('#fresh')).toMatch(
    /Newest event stored Never\. Figures judged as of No figures in this period yet\./,
  );
});

test('refused events stand by reason, most first, each with what to do; those of yesterday are left out', async () => {
  await open();
  const rows = await page.locator('.drops tbody tr').allInnerTexts();
  const seen = rows.map((row) => /([a-z]+(?:_[a-z]+)+)\s+([\d,]+)/.exec(row)?.slice(1));
  expect(seen).toEqual([
    ['opted_out', '1,412'],
    ['token_expired', '3'],
    ['a_newer_reason', '2'],
    ['too_many_attributes', '1'],
  ]);
  expect(await words('.drops thead')).toContain('of 1,418 refused');
  expect(rows[1]).toMatch(/Token has expired[^]*Sign with a later "exp"/);
  expect(rows[2]).toMatch(/^a_newer_reason\s+2\s+This version does not know the reason\.$/);
  await open('project=empty');
  expect(await words('#drops')).toContain('No event was refused in the last 24 hours.');
});

test('what an analyst cannot read has neither a file nor SQL, and the page says so', async () => {
  await open();
  expect(await words('#drops .warning')).toBe(
    '2 events of the last 24 hours could not be stored. Nothing is lost: they are kept as they came, with the reason, in the table dead_letters.',
  );
  expect(await words('#drops')).toContain('an analyst cannot read it: there is neither a file nor SQL of this count.');
  expect(await words('#fresh .note')).toContain('there is neither a file of it nor SQL');
  expect(await words('#delivered .note')).toMatch(
    /^Reports: .* an analyst cannot read it, and there is neither a file nor SQL\.$/,
  );
  expect(await words('#delivered')).toMatch(
    /lead email does not take alerts: answered 550.* weekly to files file last \d+ s ago 1 report/,
  );
  const sql = (await page.locator('.figure-tools code').allTextContents()).join('\n');
  for (const table of ['dead_letters', 'dirty_days', 'report_runs']) {
    expect(sql).not.toContain(table);
    await expect(server.analyst('demo').query(`SELECT count() FROM ${table}`)).rejects.toThrow(/privileges/);
  }
  await open('project=empty');
  expect(await words('#drops')).toContain('Every event that was taken in the last 24 hours could be stored.');
});

test('the period stands in the address, and narrows the shares and the days', async () => {
  await open();
  await page.selectOption('select[name=period]', '7d');
  await page.waitForURL(`${reporter.url}/quality?project=demo&period=7d`);
  const from = new Date(Date.parse(TODAY) - 6 * DAY_MS).toISOString().slice(0, 10);
  expect(await words('#shares-title + .lede')).toContain(`Answers made from ${from} to ${TODAY} (UTC).`);
  const shown = async () => Number(/of ([\d,]+) shown answers/.exec(await words('#shares'))?.[1]?.replaceAll(',', ''));
  const ofWeek = await shown();
  await page.reload();
  expect(await page.inputValue('select[name=period]')).toBe('7d');
  expect(await shown()).toBe(ofWeek);
  await page.goto(`${reporter.url}/quality?project=demo&from=${from}&to=${TODAY}`);
  expect(await shown()).toBeLessThan(ofWeek);
  expect(await page.inputValue('select[name=period]')).toBe(`${from}..${TODAY}`);
});

test.each([
  ['#drops', 'drops', Object.entries(DROPS).map(([reason, events]) => [reason, String(events)])],
  [
    '#delivered',
    'alert-targets',
    [['demo', 'email:lead', 'failed', 'answered 550', expect.stringMatching(/^\d{13}$/), '0', '0']],
  ],
] as const)(
  'in %s the file of %s holds the rows, and its SQL gives them to the analyst as it is shown',
  async (section, id, rows) => {
    await open();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`${section} a[href^="/figures/${id}.csv"]`).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^tacit-${id}-demo-\\d{4}-\\d\\d-\\d\\d\\.csv$`));
    const lines = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(lines.slice(1).map((line) => line.split(','))).toEqual(rows);
    await page.locator(`#sql-${id} summary`).click();
    const sql = await page.locator(`#sql-${id} code`).innerText();
    const answered = await server.analyst('demo').query<Record<string, unknown>>(sql);
    expect(answered.map((row) => Object.values(row).map(String))).toEqual(rows);
    expect(Object.keys(answered[0] ?? {})).toEqual(lines[0]?.split(','));
  },
);
