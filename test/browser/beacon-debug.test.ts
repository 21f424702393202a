// The debug overlay in a real browser: what it shows, what it leaves alone, and that nobody gets it who did not ask for it.
import { expect, test } from 'vitest';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach, scriptTag } from '../support/beacon-page.js';
import { accepted } from '../support/recording-collector.js';

const WAIT = { timeout: 20_000 };
const DEBUG = 'data-tacit-debug data-tacit-consent="granted"';
const G1 = `<p id="g1" data-tacit-generation="g1">${TEXT}</p>`;

let it: BeaconPage;

beaconPageForEach((page) => (it = page));

/** All that the overlay says; empty when there is none. */
async function said(): Promise<string> {
  return await it.page.evaluate(() => document.querySelector('tacit-debug')?.shadowRoot?.textContent ?? '');
}

async function says(...texts: string[]): Promise<void> {
  for (const text of texts) await expect.poll(said, WAIT).toContain(text);
}

async function copyAll(selector: string): Promise<void> {
  await it.page.evaluate((selector) => {
    getSelection()?.selectAllChildren(document.querySelector(selector) as Element);
  }, selector);
  await it.page.keyboard.press('Control+c');
}

test('the overlay shows each generation with what was seen of it, what was sent and what was dropped, and no text', async () => {
  it.collector.reply = (batch) => {
    const rates = batch.events.filter(({ type }) => type === 'rate');
    const dropped = rates.map(({ id }) => ({ id, reason: 'invalid_field' }));
    return { status: 202, body: JSON.stringify({ accepted: batch.events.length - dropped.length, dropped }) };
  };
  await it.open(
    `<p id="long" data-tacit-generation="0193a5b0-1111-7abc-8def-000000000001">${TEXT}</p>
    <p data-tacit-generation="g2"><button data-tacit-action="thumbs-up">up</button>
    <button id="no" data-tacit-action="reject">no</button></p>`,
    DEBUG,
  );
  await says('0193…00000001', 'generated → sent', 'shown visibleMs=', ', still is · shown');
  await copyAll('#long');
  await it.page.click('[data-tacit-action=thumbs-up]');
  await it.page.click('#no');
  await says(`copy chars=${TEXT.length} of=${TEXT.length} method=keyboard → sent`, 'accepted');
  await says('rate value=1 → dropped: invalid_field', 'reject reason=dismissed → sent', 'g2 rejected');
  await says('granted: the queue is kept on the device', it.collector.url, 'dropped.invalid_field 1');
  const all = await said();
  const runs = Array.from({ length: TEXT.length - 7 }, (_, i) => TEXT.slice(i, i + 8));
  expect(runs.filter((run) => all.includes(run))).toEqual([]);
});

test('an action before its time shows as forced', async () => {
  await it.open(
    `<button data-tacit-action="reject" data-tacit-generation="g1">no</button>
    <div style="height:3000px"></div>${G1}`,
    DEBUG,
  );
  await it.page.click('button');
  await says('shown (forced)', 'forced=true → sent', 'g1 rejected');
});

test('what waits shows as queued with the last answer, and as sent once it is', async () => {
  it.collector.reply = () => ({ status: 503, headers: { 'retry-after': '1' } });
  await it.open(G1, DEBUG);
  await says('generated → queued', '503 after');
  it.collector.reply = accepted;
  await says('generated → sent', ' accepted, 0 dropped');
});

test('it says why nothing is recorded: consent denied, or Global Privacy Control', async () => {
  await it.open(G1, 'data-tacit-debug data-tacit-consent="denied"');
  await says('denied: nothing is recorded');
  await it.open(G1, DEBUG);
  await says('generated → ');
  await it.page.evaluate(() =>
    (window as unknown as { tacit: { consent(state: string): void } }).tacit.consent('denied'),
  );
  await says('denied: nothing is recorded');
  await it.page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });
  });
  await it.open(G1, DEBUG);
  await says('this browser sends Global Privacy Control');
  expect(await said()).not.toContain('generated');
});

test('it is used by keyboard, and each of its parts has a role and a name', async () => {
  await it.open(`<button>own</button>${G1}`, DEBUG);
  await says('generated');
  const panel = it.page.getByRole('region', { name: 'tacit debug' });
  const toggle = panel.getByRole('button', { name: /^tacit: 1 generation, / });
  const row = panel.getByRole('button', { name: /^g1 / });
  const stops = [
    it.page.getByRole('button', { name: 'own', exact: true }),
    toggle,
    panel.getByRole('button', { name: 'Move to the next corner' }),
    panel.getByRole('group', { name: 'What was seen and sent' }),
    row,
  ];
  for (const stop of stops) {
    await it.page.keyboard.press('Tab');
    expect(await stop.evaluate((element) => element.matches(':focus'))).toBe(true);
  }
  expect(await panel.getByRole('list', { name: 'Generations' }).count()).toBe(1);
  await it.page.keyboard.press('Enter');
  expect(await row.getAttribute('aria-expanded')).toBe('false');
  await it.page.keyboard.press('Escape');
  expect(await toggle.getAttribute('aria-expanded')).toBe('false');
  expect(await toggle.evaluate((element) => element.matches(':focus'))).toBe(true);
  expect(await row.count()).toBe(0);
  await it.page.keyboard.press('Enter');
  expect(await toggle.getAttribute('aria-expanded')).toBe('true');
  const before = await panel.boundingBox();
  await stops[2]?.click();
  const after = await panel.boundingBox();
  expect((after?.x ?? 0) < (before?.x ?? 0)).toBe(true);
});

test('it frames the element of the generation one points at, covers nothing else, and records nothing of itself', async () => {
  await it.open(`${G1}<button id="own" data-tacit-action="accept" data-tacit-generation="g1">use</button>`, DEBUG);
  await says('generated → sent');
  await it.page.locator('tacit-debug li button').hover();
  const frame = await it.page.locator('tacit-debug #mark').boundingBox();
  expect(frame).toEqual(await it.page.locator('#g1').boundingBox());
  await it.page.locator('tacit-debug header button').first().hover();
  expect(await it.page.locator('tacit-debug #mark').isVisible()).toBe(false);
  await copyAll('tacit-debug');
  await it.page.focus('tacit-debug header button');
  await it.page.keyboard.press('Escape');
  await it.page.click('#own');
  await it.received('accept');
  expect([...it.now('copy'), ...it.now('reject')]).toEqual([]);
});

test('a generation that lies wholly under it is shown all the same', async () => {
  await it.open(
    `<p data-tacit-generation="g1" style="position:fixed;right:30px;bottom:20px;width:200px;height:30px">${TEXT}</p>`,
    DEBUG,
  );
  const [shown] = await it.received('shown');
  expect(shown?.['visibleMs']).toBeGreaterThanOrEqual(750);
});

test('a strict Content-Security-Policy with Trusted Types lets it work and look as it should', async () => {
  await it.page.addInitScript(() => {
    const refused: string[] = ((window as unknown as { refused: string[] }).refused = []);
    addEventListener('securitypolicyviolation', (event) => refused.push(event.violatedDirective));
  });
  const { url } = it.collector;
  it.server.pages.set(
    '/strict',
    `<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src ${url};
    connect-src ${url}; require-trusted-types-for 'script'"><body>${G1}${scriptTag(it.collector, DEBUG)}`,
  );
  await it.page.goto(`${it.server.url}/strict`);
  await says('generated → sent');
  const look = await it.page.locator('tacit-debug section').evaluate((panel) => getComputedStyle(panel).position);
  expect(look).toBe('absolute');
  const refused = await it.page.evaluate(() => (window as unknown as { refused: string[] }).refused);
  // the browser itself asks for the page's icon
  expect(refused.filter((directive) => directive !== 'img-src')).toEqual([]);
});

test('who does not ask for it loads nothing of it, and a stopped beacon takes it along', async () => {
  const asked: string[] = [];
  it.page.on('request', (request) => asked.push(request.url()));
  await it.open(G1);
  await it.received('generated');
  expect(asked.filter((url) => url.includes('debug'))).toEqual([]);
  expect(await it.page.locator('tacit-debug').count()).toBe(0);
  it.server.pages.set(
    '/module',
    `<!doctype html><body>${G1}<script type="module">
      import { tacit } from '${it.collector.url}/tacit/v1.mjs';
      tacit.init({ key: 'pk_test0001', endpoint: '${it.collector.url}/', debug: true });
      window.stopIt = () => tacit.stop();
    </script>`,
  );
  await it.page.goto(`${it.server.url}/module`);
  await says('pending: in memory only', 'generated → sent');
  expect(asked.filter((url) => url.includes('debug')).length).toBe(1);
  const left = await it.page.evaluate(() => {
    (window as unknown as { stopIt(): void }).stopIt();
    return [
      String(Reflect.get(window, 'fetch')),
      String(Reflect.get(navigator, 'sendBeacon')),
      String(document.querySelector('tacit-debug')),
    ];
  });
  expect(left[0]).toContain('[native code]');
  expect(left[1]).toContain('[native code]');
  expect(left[2]).toBe('null');
});
