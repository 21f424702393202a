// How the beacon behaves as a guest: it never throws into the page, waits for consent, looks away where it is told to, and
// leaves nothing behind. In a real browser, on pages that make it hard.
import { beforeEach, expect, test } from 'vitest';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach, leaked, ready, scriptTag } from '../support/beacon-page.js';

type Host = Window & { tacit: Tacit };

const WAIT = { timeout: 20_000 };
const G1 = `<p id="g1" data-tacit-generation="g1">${TEXT}<button id="no" data-tacit-action="reject">no</button></p>`;

let it: BeaconPage;
let errors: string[];

beaconPageForEach((page) => (it = page));
beforeEach(() => {
  errors = [];
  it.page.on('pageerror', (error) => errors.push(String(error)));
});

/** Waits until everything that was recorded has been acknowledged. */
async function sent(): Promise<void> {
  await expect
    .poll(
      async () =>
        await it.page.evaluate(async () => {
          const { tacit } = window as unknown as Host;
          await tacit.flush();
          return tacit.stats()['queued'];
        }),
      WAIT,
    )
    .toBe(0);
}

const counts = async (): Promise<Record<string, number>> =>
  await it.page.evaluate(() => (window as unknown as Host).tacit.stats());

/** What a page can be like, as a script that runs in it first; and whether anything can be recorded there at all. */
const HOSTS: readonly (readonly [name: string, script: string, records: boolean])[] = [
  ['no IndexedDB', `Object.defineProperty(window, 'indexedDB', { value: undefined })`, true],
  [
    'an IndexedDB that throws',
    `IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }`,
    true,
  ],
  [
    'a localStorage that throws',
    `Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })`,
    true,
  ],
  [
    'no clipboard',
    `Object.defineProperty(window, 'Clipboard', { value: undefined });
     Object.defineProperty(navigator, 'clipboard', { value: undefined })`,
    true,
  ],
  ['no Web Locks', `Object.defineProperty(navigator, 'locks', { value: undefined })`, true],
  ['no sendBeacon', `Object.defineProperty(navigator, 'sendBeacon', { value: undefined })`, true],
  [
    'frozen prototypes',
    `[Clipboard, History, Navigator, EventTarget, Element, Node, Document, Array, Map, Promise].forEach((one) =>
       Object.freeze(one.prototype))`,
    true,
  ],
  [
    'prototypes with enumerable additions',
    `Object.prototype.extra = function () {}; Array.prototype.extra = function () {}; String.prototype.extra = 1`,
    true,
  ],
  [
    'a wrapped fetch, addEventListener and pushState',
    `const { fetch, addEventListener } = window; const { pushState } = history;
     window.fetch = function () { return fetch.apply(this, arguments) };
     window.addEventListener = function () { return addEventListener.apply(this, arguments) };
     history.pushState = function () { return pushState.apply(this, arguments) }`,
    true,
  ],
  ['no crypto', `Object.defineProperty(window, 'crypto', { value: undefined })`, false],
  ['no IntersectionObserver', `Object.defineProperty(window, 'IntersectionObserver', { value: undefined })`, false],
];

test.each(HOSTS)(
  'a page with %s gets no error, and its people are counted where that can be',
  async (_, script, records) => {
    await it.page.addInitScript(script);
    await it.open(
      `${G1}<textarea data-tacit-generation="g2">${TEXT}</textarea>
    <button id="own" onclick="this.textContent = 'done'">own</button>`,
    );
    await it.page.click('#no');
    await it.page.click('textarea');
    await it.page.keyboard.type('!');
    await it.page.click('#own');
    await it.page.evaluate(() => {
      const { tacit } = window as unknown as Host;
      tacit.generation('g3', { model: 'm' });
      tacit.identify('u');
      tacit.rate('g3', 1);
    });
    expect(await it.page.textContent('#own')).toBe('done');
    if (records) for (const type of ['reject', 'edit', 'rate']) await it.received(type);
    expect(errors).toEqual([]);
  },
);

test('it adds one global to the page, whose element of that name does not keep it away', async () => {
  await it.page.addInitScript(() => {
    (window as unknown as { before: string[] }).before = Object.getOwnPropertyNames(window);
  });
  await it.open(`<div id="tacit"></div>${G1}`);
  await it.page.click('#no');
  await it.received('reject');
  const added = await it.page.evaluate(() => {
    const { before } = window as unknown as { before: string[] };
    return Object.getOwnPropertyNames(window).filter((name) => !before.includes(name) && !/^(before|__)/.test(name));
  });
  expect(added).toEqual(['tacit']);
});

test('a sandboxed frame without an origin gets no error and is counted', async () => {
  const inner = `${G1}${scriptTag(it.collector)}`.replace(/"/g, '&quot;');
  it.server.pages.set(
    '/',
    `<!doctype html><body><iframe sandbox="allow-scripts" width="800" srcdoc="${inner}"></iframe>`,
  );
  await it.page.goto(`${it.server.url}/`);
  await it.page.frameLocator('iframe').locator('#no').click();
  await it.received('reject');
  expect(errors).toEqual([]);
});

/** What the device has been given to keep. */
async function kept(): Promise<{ databases: number; rows: number; keys: string[]; cookie: string }> {
  return await it.page.evaluate(async () => {
    const databases = await indexedDB.databases();
    let rows = 0;
    for (const { name } of databases) {
      rows += await new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name ?? '');
        opening.onerror = () => reject(new Error('no database'));
        opening.onsuccess = () => {
          const [store] = opening.result.objectStoreNames;
          if (store === undefined) return resolve(0);
          const counting = opening.result.transaction(store).objectStore(store).count();
          counting.onsuccess = () => {
            opening.result.close();
            resolve(counting.result);
          };
        };
      });
    }
    return { databases: databases.length, rows, keys: Object.keys(localStorage), cookie: document.cookie };
  });
}

test('before consent nothing is kept, with it the queue and a client id, and a refusal erases both', async () => {
  await it.open(G1, '');
  await it.page.click('#no');
  await it.received('reject');
  expect(await kept()).toEqual({ databases: 0, rows: 0, keys: [], cookie: '' });
  expect(it.collector.batches.some(({ clientId }) => clientId !== undefined)).toBe(false);
  it.collector.reply = () => ({ status: 503 });
  const consent = (state: string): Promise<void> =>
    it.page.evaluate((state) => (window as unknown as Host).tacit.consent(state as 'granted'), state);
  const rate = (): Promise<void> => it.page.evaluate(() => (window as unknown as Host).tacit.rate('g1', 1));
  await consent('granted');
  await rate();
  await expect.poll(async () => (await kept()).rows, WAIT).toBe(1);
  expect((await kept()).keys).toContain('tacit.client');
  const posted = (): typeof it.collector.batches =>
    it.collector.batches.filter(({ clientId }) => clientId !== undefined);
  await expect.poll(() => posted().length, WAIT).toBeGreaterThan(0);
  await consent('denied');
  await expect.poll(async () => (await kept()).rows, WAIT).toBe(0);
  expect((await kept()).keys).not.toContain('tacit.client');
  await rate();
  expect((await counts())['queued']).toBe(0);
});

test('Global Privacy Control is honoured unless the page says otherwise', async () => {
  await it.page.addInitScript(() => {
    Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true });
  });
  await it.open(G1);
  await it.page.click('#no');
  await it.page.evaluate(() => (window as unknown as Host).tacit.flush());
  expect(await counts()).toEqual({ queued: 0 });
  expect((await kept()).keys).toEqual([]);
  expect(it.collector.batches).toEqual([]);
  await it.open(G1, 'data-tacit-consent="granted" data-tacit-ignore-gpc');
  await it.page.click('#no');
  await it.received('reject');
});

test('what is marked private and password fields are never looked at', async () => {
  await it.open(`<div data-tacit-generation="g1"><p id="text">${TEXT}</p>
    <div data-tacit-no-capture><textarea id="private">${TEXT}</textarea>
      <button id="refuse" data-tacit-action="reject">no</button></div>
    <input id="password" type="password" value="correct horse battery"></div>
    <button id="own" data-tacit-action="accept" data-tacit-generation="g1">use</button>`);
  for (const id of ['private', 'password']) {
    await it.page.click(`#${id}`);
    await it.page.keyboard.press('Control+a');
    await it.page.keyboard.press('Control+c');
    await it.page.keyboard.type('something else');
  }
  await it.page.click('#own');
  await it.received('accept');
  await sent();
  expect(['copy', 'edit', 'reject'].flatMap((type) => it.now(type)).map(({ type }) => type)).toEqual([]);
  expect(leaked(it.collector, ['correct horse battery', 'something else'])).toEqual([]);
});

test('the back/forward cache keeps a page with the beacon and an open queue, which goes on there', async () => {
  it.server.pages.set('/other', '<!doctype html><body>other');
  await it.page.addInitScript(() => {
    addEventListener(
      'pageshow',
      ({ persisted }) => ((window as unknown as { persisted: boolean }).persisted = persisted),
    );
  });
  await it.open(G1);
  it.collector.reply = () => ({ status: 503 });
  await it.page.evaluate(() => (window as unknown as Host).tacit.rate('g1', 1));
  await it.page.goto(`${it.server.url}/other`);
  await it.page.goBack({ waitUntil: 'commit' });
  await expect
    .poll(() => it.page.evaluate(() => (window as unknown as { persisted: boolean }).persisted), WAIT)
    .toBe(true);
  it.collector.reply = ({ events }) => ({ status: 202, body: JSON.stringify({ accepted: events.length }) });
  await sent();
  expect(it.now('rate').length).toBe(1);
});

test('`stop` takes every hook out of the page: listeners, patched functions, observers, timers that post', async () => {
  await it.open(`${G1}<textarea data-tacit-generation="g2">${TEXT}</textarea>`);
  const session = await it.page.context().newCDPSession(it.page);
  const ours = new Set<string>();
  session.on('Debugger.scriptParsed', ({ scriptId, url }) => url.includes('/tacit/') && ours.add(scriptId));
  await session.send('Debugger.enable');
  /** Types that the beacon's own scripts listen to. */
  const listeners = async (expression: string): Promise<string[]> => {
    const { result } = await session.send('Runtime.evaluate', { expression });
    const found = await session.send('DOMDebugger.getEventListeners', { objectId: result.objectId ?? '' });
    return found.listeners.filter(({ scriptId }) => ours.has(scriptId)).map(({ type }) => type);
  };
  const all = async (): Promise<string[]> => [...(await listeners('window')), ...(await listeners('document'))];
  const patched = (): Promise<string[]> =>
    it.page.evaluate(() =>
      [Clipboard, History, EventTarget, Node, Element, Storage, Navigator].flatMap(({ name, prototype }) =>
        Object.entries(Object.getOwnPropertyDescriptors(prototype))
          .filter(([, own]) => typeof own.value === 'function' && !String(own.value).includes('[native code]'))
          .map(([method]) => `${name}.${method}`),
      ),
    );
  expect(await all()).toEqual(expect.arrayContaining(['copy', 'click', 'beforeinput', 'pagehide']));
  expect(await patched()).toContain('Clipboard.writeText');
  await sent();
  await it.page.evaluate(() => (window as unknown as Host).tacit.stop());
  expect(await all()).toEqual([]);
  expect(await patched()).toEqual([]);
  const before = it.collector.batches.length;
  await it.page.evaluate((text) => {
    document.body.insertAdjacentHTML('beforeend', `<p data-tacit-generation="late">${text}</p>`);
    (window as unknown as Host).tacit.rate('g1', 1);
  }, TEXT);
  await it.page.click('#no');
  await it.page.evaluate(() => (window as unknown as Host).tacit.flush());
  await it.page.reload();
  await ready(it.page);
  await it.received('generated', 4);
  expect(it.now('generated').some(({ g }) => g === 'late')).toBe(false);
  expect(
    it.collector.batches
      .slice(before)
      .flatMap(({ events }) => events)
      .some(({ type }) => type === 'rate'),
  ).toBe(false);
});
