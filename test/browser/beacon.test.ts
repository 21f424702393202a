// The beacon in a real browser, in a page on an origin of its own, against a collector that records what it gets.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Chromium } from '../support/chromium.js';
import { startChromium } from '../support/chromium.js';
import type { PageServer, RecordedEvent, RecordingCollector } from '../support/recording-collector.js';
import { accepted, startPageServer, startRecordingCollector } from '../support/recording-collector.js';

const TEXT = 'Fourteen purple walruses juggle quietly behind the observatory each Wednesday evening.';

let chromium: Chromium;
let collector: RecordingCollector;
let server: PageServer;
let page: Page;

beforeAll(async () => {
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium.close();
});
beforeEach(async () => {
  collector = await startRecordingCollector();
  server = await startPageServer();
  page = await chromium.context.newPage();
});
afterEach(async () => {
  await page.close();
  await collector.close();
  await server.close();
});

function html(body: string, attributes = 'data-tacit-consent="granted"'): string {
  return `<!doctype html><body>${body}
    <script async src="${collector.url}/tacit/v1.js" data-tacit-key="pk_test0001"
      data-tacit-endpoint="${collector.url}" ${attributes}></script>`;
}

async function open(body: string, attributes?: string): Promise<void> {
  server.pages.set('/', html(body, attributes));
  await page.goto(`${server.url}/`);
  await page.waitForFunction(() => 'tacit' in window && 'stats' in (window.tacit as object));
}

/** Waits until an event of that type has been acknowledged. */
async function received(type: string, n = 1): Promise<RecordedEvent[]> {
  await expect.poll(() => collector.events().filter((event) => event.type === type).length, { timeout: 8000 }).toBe(n);
  return collector.events().filter((event) => event.type === type);
}

test('a generation in a page is generated, and shown after 750 ms in sight', async () => {
  await open(`<p data-tacit-generation="g1" data-tacit-prompt="summarise" data-tacit-prompt-version="7"
    data-tacit-model="m" data-tacit-model-version="2" data-tacit-generated-at="1767225590000">${TEXT}</p>`);
  const [generated] = await received('generated');
  const [shown] = await received('shown');
  expect(generated).toMatchObject({ g: 'g1' });
  expect(shown?.['visibleMs']).toBeGreaterThanOrEqual(750);
  expect(shown?.['forced']).toBeUndefined();
  expect(collector.batches[0]?.generations['g1']).toEqual({
    promptId: 'summarise',
    promptVersion: '7',
    model: 'm',
    modelVersion: '2',
    generatedAt: 1767225590000,
  });
  expect(collector.preflights).toBe(0);
});

test('a copied selection counts the characters of the generation only, and forces shown', async () => {
  await open(`<p id="mine">My own question</p><p data-tacit-generation="g1">${TEXT}</p>`);
  await page.evaluate(() => {
    const range = document.createRange();
    range.setStart((document.querySelector('#mine') as Element).firstChild as Node, 3);
    range.setEnd((document.querySelector('[data-tacit-generation]') as Element).firstChild as Node, 24);
    getSelection()?.addRange(range);
  });
  await page.keyboard.press('Control+c');
  const [copy] = await received('copy');
  const [shown] = await received('shown');
  expect(copy).toMatchObject({ g: 'g1', chars: 24, of: TEXT.length, method: 'keyboard' });
  expect(shown).toMatchObject({ forced: true });
  expect((shown?.t ?? 0) <= (copy?.t ?? 0)).toBe(true);
});

test('what a copy button writes is recognised', async () => {
  await open(`<div data-tacit-generation="g1"><p>${TEXT}</p>
    <button onclick="navigator.clipboard.writeText(this.previousElementSibling.textContent)">Copy</button></div>`);
  await chromium.context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
  await page.click('button');
  const [copy] = await received('copy');
  expect(copy).toMatchObject({ g: 'g1', chars: TEXT.length, method: 'button' });
});

test('an event waits while the collector is unavailable and arrives once it is back', async () => {
  collector.reply = () => ({ status: 503 });
  await open(`<p data-tacit-generation="g1">${TEXT}</p>`);
  await expect.poll(() => collector.batches.length, { timeout: 8000 }).toBeGreaterThan(1);
  collector.reply = accepted;
  await received('shown');
});
