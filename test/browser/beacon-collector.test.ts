// The beacon and the real collector, in a process of its own: a signed generation in a page, what a person does with it,
// and the rows that end in the collector's log. Across origins, as in a product.
import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { generationIdOf, signGeneration } from '../../services/beacon/server.js';
import type { EventRow } from '../../shared/contract/rows.js';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { projectRoot } from '../../shared/runtime/project-root.js';
import type { StreamReader } from '../../shared/runtime/stream.js';
import { isUnreadable } from '../../shared/runtime/stream.js';
import { TEXT, ready } from '../support/beacon-page.js';
import type { Chromium } from '../support/chromium.js';
import { startChromium } from '../support/chromium.js';
import type { PageServer } from '../support/recording-collector.js';
import { startPageServer } from '../support/recording-collector.js';

const KEY = 'pk_browser_0123456789';
const SECRET = 'signing-secret-of-the-browser-test';

let folder: string;
let chromium: Chromium;
let server: PageServer;
let collector: ChildProcess;
let url: string;
let reader: StreamReader;
let page: Page;
const rows: EventRow[] = [];
const drops: unknown[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'tacit-beacon-'));
  chromium = await startChromium();
  server = await startPageServer();
  const project = {
    id: 'shop',
    hashKey: { value: 'hash-key-of-the-browser-test' },
    writeKeys: [{ key: KEY, origins: [server.url] }],
    signingSecrets: [{ value: SECRET }],
    requireToken: true,
  };
  await writeFile(path.join(folder, 'projects.json'), JSON.stringify({ version: 1, projects: [project] }));
  await startCollector('0');
  reader = await openDiskLogReader({ directory: path.join(folder, 'disk-log') });
  page = await chromium.context.newPage();
});

afterAll(async () => {
  await reader.close();
  collector.disconnect();
  await new Promise((resolve) => collector.once('exit', resolve));
  await server.close();
  await chromium.close();
  await rm(folder, { recursive: true, force: true });
});

async function startCollector(port: string): Promise<void> {
  collector = fork(path.join(projectRoot, 'dist', 'services', 'collector', 'main.js'), {
    env: { ...process.env, TACIT_DATA_DIR: folder, TACIT_COLLECTOR_PORT: port, LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  url = await new Promise<string>((resolve, reject) => {
    collector.once('message', (message) => resolve(`http://127.0.0.1:${(message as { port: number }).port}`));
    collector.once('exit', () => reject(new Error('the collector did not start')));
  });
}

/** Reads the log until there are `n` rows of that type of event. */
async function stored(type: string, n = 1): Promise<EventRow[]> {
  const until = performance.now() + 20_000;
  for (;;) {
    const found = rows.filter((row) => row.event_type === type);
    if (found.length >= n || performance.now() > until) return found;
    const batch = await reader.read(1 << 20, 500);
    for (const item of batch?.items ?? []) {
      if (isUnreadable(item)) throw new Error(item.reason);
      for (const line of item.body.toString('utf8').trim().split('\n'))
        (item.table === 'events' ? rows : drops).push(JSON.parse(line) as EventRow);
    }
  }
}

test('what a person does with signed generations ends as trusted rows', async () => {
  const token = signGeneration(
    { promptId: 'reply', promptVersion: '3', model: 'm', modelVersion: '2026-10', user: 'ann' },
    SECRET,
  );
  const id = generationIdOf(token);
  server.pages.set(
    '/',
    `<!doctype html><body>
    <div data-tacit-generation="${id}" data-tacit-token="${token}"><p id="text">${TEXT}</p>
      <button id="copy" data-tacit-copy onclick="navigator.clipboard.writeText(text.textContent)">Copy</button>
      <button id="no" data-tacit-action="reject">No</button></div>
    <textarea id="draft" rows="4" cols="60" data-tacit-generation="unsigned">${TEXT}</textarea>
    <script async src="${url}/tacit/v1.js" data-tacit-key="${KEY}" data-tacit-endpoint="${url}"
      data-tacit-consent="granted" data-tacit-user="bob"></script>`,
  );
  await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await page.goto(`${server.url}/`);
  await ready(page);
  const [generated] = await stored('generated');
  const [shown] = await stored('shown');
  await page.click('#copy');
  const [copy] = await stored('copy');
  await page.click('#no');
  const [reject] = await stored('reject');

  const dimensions = {
    project_id: 'shop',
    generation_id: id,
    prompt_id: 'reply',
    prompt_version: '3',
    model: 'm',
    model_version: '2026-10',
    trusted: 1,
    user_kind: 'user',
    surface: 'web',
  };
  expect(generated).toMatchObject(dimensions);
  expect(shown).toMatchObject({ ...dimensions, shows: 1 });
  expect(copy).toMatchObject({ ...dimensions, decides: 'accept', chars: TEXT.length, total_chars: TEXT.length });
  expect(reject).toMatchObject({ ...dimensions, decides: 'reject', reason: 'dismissed' });
});

test('what the collector drops for want of a token leaves the queue, with its reason', async () => {
  await expect
    .poll(async () => await page.evaluate(() => (window as unknown as { tacit: { stats(): unknown } }).tacit.stats()), {
      timeout: 8000,
    })
    .toMatchObject({ queued: 0 });
  const stats = await page.evaluate(() =>
    (window as unknown as { tacit: { stats(): Record<string, number> } }).tacit.stats(),
  );
  // Without a token nothing says when it was generated, either: which of the two is named is the collector's affair.
  const dropped = (stats['dropped.token_required'] ?? 0) + (stats['dropped.missing_generated_at'] ?? 0);
  expect(dropped).toBeGreaterThanOrEqual(1);
  expect(rows.every((row) => row.generation_id !== 'unsigned')).toBe(true);
});

test('a killed collector loses nothing: the page sends what waits to the next one', async () => {
  const port = new URL(url).port;
  const before = (await stored('copy')).length;
  const exited = new Promise((resolve) => collector.once('exit', resolve));
  collector.kill('SIGKILL');
  await exited;
  await page.click('#copy');
  await page.waitForTimeout(1500);
  await startCollector(port);
  expect((await stored('copy', before + 1)).length).toBe(before + 1);
});
