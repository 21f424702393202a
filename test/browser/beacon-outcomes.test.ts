// What becomes of generations that nobody acts on, in a real browser: passed over, left, typed on, timed out, lost in a
// crash; each is said once. Against a collector that records.
import { expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach, ready, scriptTag } from '../support/beacon-page.js';

let it: BeaconPage;

beaconPageForEach((page) => (it = page));

/** Every hint, also those that were posted twice: generation and reason. */
function hints(): string[] {
  const events = it.collector.batches.flatMap((batch) => batch.events);
  const said = new Set(
    events.filter(({ type }) => type === 'ignore').map(({ id, g, reason }) => `${g} ${String(reason)} ${id}`),
  );
  return [...said].map((hint) => hint.replace(/ \S+$/, '')).sort();
}

const flush = (page: Page): Promise<void> => page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.flush());

/** Puts an element into a list and streams a text into its generation. */
const STREAM = `async function stream(html, list, text) {
  list.insertAdjacentHTML('beforeend', html);
  const to = list.lastElementChild.querySelector('[data-tacit-generation]') ?? list.lastElementChild;
  for (let end = 8; end < text.length + 8; end += 8) {
    to.textContent = text.slice(0, end);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}`;

test('the next answer of a chat passes over the one before, and nothing else does', async () => {
  await it.open(`<div id="chat"><div><p data-tacit-generation="g1">${TEXT}</p></div></div>
    <ul><li id="card1"><p data-tacit-generation="c1">${TEXT}</p></li><li id="card2"></li></ul>
    <script>${STREAM}</script>`);
  await it.received('shown', 2);
  // The text before must have ended before the next begins.
  await it.page.waitForTimeout(2500);
  await it.page.evaluate(async (text) => {
    const { stream } = window as unknown as { stream: (html: string, to: Element, text: string) => Promise<void> };
    const at = (selector: string): Element => document.querySelector(selector) as Element;
    at('#chat').insertAdjacentHTML('beforeend', '<div><p>And then?</p></div>');
    await Promise.all([
      stream('<p data-tacit-generation="c2"></p>', at('#card2'), text),
      stream('<div><p data-tacit-generation="g2"></p></div>', at('#chat'), text),
    ]);
  }, TEXT);
  await expect.poll(hints, { timeout: 15_000 }).toEqual(['g1 superseded']);
  await it.received('shown', 4);
  await it.page.waitForTimeout(1500);
  await flush(it.page);
  expect(hints()).toEqual(['g1 superseded']);
});

for (const api of ['the Navigation API', 'the history, where there is none'])
  test(`another address leaves what it takes away, and keeps what stands: by ${api}`, async () => {
    if (!api.includes('API'))
      await it.page.addInitScript('Object.defineProperty(window, "navigation", { value: undefined })');
    await it.page.clock.install();
    await it.open(`<div id="view"><p data-tacit-generation="g1">${TEXT}</p></div>
      <p data-tacit-generation="aside">aside</p>`);
    await it.received('shown', 2);
    await it.page.evaluate(() => history.pushState({}, '', '?turn=2'));
    await it.page.clock.runFor(10_000);
    await flush(it.page);
    expect(hints()).toEqual([]);
    await it.page.evaluate(() => {
      history.pushState({}, '', '/settings');
      document.querySelector('#view')?.replaceChildren('Settings');
    });
    await it.page.clock.runFor(3000);
    await expect.poll(hints, { timeout: 15_000 }).toEqual(['g1 left']);
    await it.page.clock.runFor(20_000);
    await flush(it.page);
    expect(hints()).toEqual(['g1 left']);
    const wrapped = (): Promise<boolean> => it.page.evaluate(() => Object.hasOwn(history, 'pushState'));
    expect(await wrapped()).toBe(!api.includes('API'));
    await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.stop());
    expect(await wrapped()).toBe(false);
  });

test('nothing for ten minutes is a hint, once', async () => {
  await it.page.clock.install();
  await it.open(`<p data-tacit-generation="g1">${TEXT}</p><p data-tacit-generation="g2">taken</p>`);
  await it.received('shown', 2);
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.accept('g2'));
  // A request under way would be given up by the leap in time, and tried again much later.
  await flush(it.page);
  await it.page.clock.fastForward(300_000);
  await it.page.clock.runFor(1000);
  await flush(it.page);
  expect(hints()).toEqual([]);
  await it.page.clock.fastForward(300_000);
  await it.page.clock.runFor(3000);
  await expect.poll(hints, { timeout: 15_000 }).toEqual(['g1 timeout']);
});

const FIELD = `<textarea id="field">Dear</textarea><textarea id="other">x</textarea>
  <span id="s1" data-tacit-generation="s1" data-tacit-suggestion="field">Bob, thanks</span>`;

test('a suggestion is typed on by what disagrees with it in its own field, and refused by Escape', async () => {
  await it.open(FIELD);
  await it.received('shown');
  await it.page.type('#other', 'zz');
  await it.page.type('#field', 'Bob');
  await flush(it.page);
  expect(hints()).toEqual([]);
  await it.page.type('#field', 'x');
  await expect.poll(hints, { timeout: 15_000 }).toEqual(['s1 typed_on']);
  await it.page.evaluate(() => {
    document.body.insertAdjacentHTML(
      'beforeend',
      '<span data-tacit-generation="s2" data-tacit-suggestion="field">Eve</span><p data-tacit-generation="g">x</p>',
    );
  });
  await it.received('shown', 3);
  await it.page.focus('#other');
  await it.page.keyboard.press('Escape');
  await it.page.focus('#field');
  await it.page.evaluate(() => document.querySelector('#s1')?.remove());
  await it.page.keyboard.press('Escape');
  expect(await it.received('reject')).toMatchObject([{ g: 's2', reason: 'dismissed' }]);
  expect(hints()).toEqual(['s1 typed_on']);
});

test('a crashed page is closed by the next one of its browser, once, and only with consent', async () => {
  for (const [path, consent] of [
    ['/kept', 'granted'],
    ['/unkept', 'pending'],
  ] as const) {
    it.server.pages.set(
      path,
      `<!doctype html><p data-tacit-generation="open${path}">${TEXT}</p>
      <p data-tacit-generation="acted${path}">taken<button data-tacit-action="accept">use</button></p>
      ${scriptTag(it.collector, `data-tacit-consent="${consent}"`)}`,
    );
    const page = await it.page.context().newPage();
    await page.goto(it.server.url + path);
    await ready(page);
    await page.click('button');
    await expect.poll(() => it.now('shown').filter(({ g }) => g.endsWith(path)).length, { timeout: 15_000 }).toBe(2);
    if (consent === 'granted')
      await expect
        .poll(async () => await page.evaluate(async () => (await navigator.locks.query()).held?.length), {
          timeout: 15_000,
        })
        .toBe(1);
    await page.waitForTimeout(1000);
    const crash = await it.page.context().newCDPSession(page);
    await Promise.race([crash.send('Page.crash').catch(() => undefined), page.waitForEvent('crash')]);
    await page.close();
  }
  await it.open(`<p data-tacit-generation="next">${TEXT}</p>`);
  await expect.poll(hints, { timeout: 15_000 }).toEqual(['open/kept lost']);
  await it.open(`<p data-tacit-generation="last">${TEXT}</p>`);
  await expect.poll(() => it.now('shown').some(({ g }) => g === 'last'), { timeout: 15_000 }).toBe(true);
  await flush(it.page);
  expect(hints().filter((hint) => hint.endsWith('lost'))).toEqual(['open/kept lost']);
});

test('a page that comes back from the back/forward cache is another view, and its end is said once', async () => {
  it.server.pages.set('/next', '<!doctype html>next');
  await it.open(`<p data-tacit-generation="g1">${TEXT}</p><script>
    addEventListener('pageshow', (event) => (window.back = event.persisted));</script>`);
  await it.received('shown');
  await it.page.goto(`${it.server.url}/next`);
  await it.page.goBack({ waitUntil: 'commit' });
  expect(await it.page.evaluate('window.back')).toBe(true);
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.rate('g1', 1, 'back'));
  await it.received('rate');
  expect(hints()).toEqual([]);
  const sessions = new Set(it.collector.batches.map(({ sessionId }) => sessionId));
  expect(sessions.size).toBe(2);
  // It goes into the cache again; the next page of the browser says what has become of it.
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.generation('g2', {}));
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.shown('g2'));
  await it.page.waitForTimeout(1000);
  await it.open(`<p data-tacit-generation="next">${TEXT}</p>`);
  await expect.poll(hints, { timeout: 15_000 }).toEqual(['g2 left']);
});
