// The script tag in pages of every kind: called before it has loaded, loaded twice, under a strict content security policy
// with Subresource Integrity, under Trusted Types, and behind a path of the product's own domain.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Tacit } from '../../../services/beacon/web/api.js';
import { projectRoot } from '../../../shared/runtime/project-root.js';
import { ready } from '../../support/beacon-page.js';
import { startChromium, type Chromium } from '../../support/chromium.js';
import { complaintsOf } from '../../support/complaints.js';
import { startHost, type Host } from '../../support/host-server.js';
import { recipes } from '../../support/readme-recipes.js';
import { startRecordingCollector, type RecordingCollector } from '../../support/recording-collector.js';

const TEXT = 'Fourteen purple walruses juggle quietly behind the observatory each Wednesday evening.';
const GENERATION = `<textarea data-tacit-generation="g1" rows="5" cols="80">${TEXT}</textarea><input id="other">`;

/** As the README gives it. */
let stub: string;

type Manifest = Record<string, { immutable: string; integrity: string }>;

let chromium: Chromium;
let collector: RecordingCollector;
let host: Host;
let page: Page;
let complaints: string[];
let manifest: Manifest;

beforeAll(async () => {
  chromium = await startChromium();
  stub = (await recipes('html')).find((recipe) => recipe.includes('new Proxy')) ?? '';
  expect(stub.trim().split('\n').length).toBe(3);
  const file = path.join(projectRoot, 'services', 'beacon', 'dist', 'manifest.json');
  manifest = JSON.parse(await readFile(file, 'utf8')) as Manifest;
});
afterAll(async () => {
  await chromium.close();
});
beforeEach(async () => {
  collector = await startRecordingCollector();
  host = await startHost({ proxy: { path: '/telemetry', to: collector.url } });
  page = await chromium.context.newPage();
  complaints = complaintsOf(page);
});
afterEach(async () => {
  await page.close();
  await collector.close();
  await host.close();
});

const tag = (attributes: string, name = 'v1.js'): string =>
  `<script src="${collector.url}/tacit/${name}" data-tacit-key="pk_test0001" data-tacit-consent="granted" ${attributes}></script>`;

async function open(body: string): Promise<void> {
  host.pages.set('/', `<!doctype html><link rel="icon" href="data:,"><body>${body}`);
  await page.goto(`${host.url}/`);
}

const received = (type: string) => collector.events().filter((event) => event.type === type);

async function one(type: string) {
  await expect.poll(() => received(type).length, { timeout: 30_000, message: type }).toBe(1);
  return received(type)[0];
}

/** An edit is compared by the part that is loaded later: when it arrives, all of the beacon has run. */
async function editsAreSeen(): Promise<void> {
  await ready(page);
  await page.click('textarea');
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' Really.');
  await page.click('#other');
  expect(await one('edit')).toMatchObject({ g: 'g1', distance: 8, by: 'blur' });
  expect(complaints).toEqual([]);
}

test('calls before the script has loaded are replayed in their order, and answer the id they name', async () => {
  await open(`${stub}<script>
      window.early = window.tacit;
      window.answers = [tacit.generation('g1', { promptId: 'p' }), tacit.rate('g1', 1), tacit.reject('g1', 'deleted')];
      window.flushed = tacit.flush();
    </script>${tag('')}`);
  await ready(page);
  expect(await page.evaluate(() => (window as unknown as { answers: unknown[] }).answers)).toEqual(['g1', 'g1', 'g1']);
  await one('reject');
  const order = collector.events().map(({ type }) => type);
  expect(order.filter((type) => type !== 'shown')).toEqual(['generated', 'rate', 'reject']);
  expect(collector.batches[0]?.generations['g1']).toEqual({ promptId: 'p' });

  // Who has kept the stub still reaches the beacon.
  await page.evaluate(() => (window as unknown as { early: Tacit }).early.accept('g1'));
  expect(await one('accept')).toMatchObject({ g: 'g1', method: 'apply' });
  expect(complaints).toEqual([]);
});

test('a decision before the script has loaded holds: nothing leaves a page that has refused', async () => {
  await open(`${stub}<script>tacit.consent('denied')</script>${GENERATION}${tag('')}`);
  await ready(page);
  await page.click('textarea');
  await page.keyboard.type('x');
  await page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.flush());
  expect(collector.batches).toEqual([]);
});

test('an attribute without a value, or of somebody else, changes nothing; a switch needs none', async () => {
  await open(
    `${GENERATION}${tag('data-tacit-endpoint="" data-tacit-user="" data-tacit-surface="" data-user="u_1" data-tacit-ignore-gpc')}`,
  );
  await editsAreSeen();
  expect(collector.batches[0]).toMatchObject({ surface: 'web', key: 'pk_test0001' });
  expect(collector.batches[0]).not.toHaveProperty('userId');
});

test('attributes of the tag say who and where', async () => {
  await open(`${GENERATION}${tag('data-tacit-user="u_42" data-tacit-surface="help"')}`);
  await editsAreSeen();
  expect(collector.batches[0]).toMatchObject({ surface: 'help', userId: 'u_42' });
});

test('loaded twice it counts once', async () => {
  await open(`${GENERATION}${tag('')}${tag('')}`);
  await editsAreSeen();
  expect(received('generated').length).toBe(1);
  expect(received('shown').length).toBe(1);
});

test('it adds one name to the window and takes none', async () => {
  await open(`<script>window.before = Object.getOwnPropertyNames(window)</script>${GENERATION}${tag('')}`);
  await editsAreSeen();
  const [added, lost] = await page.evaluate(() => {
    const { before } = window as unknown as { before: string[] };
    const after = Object.getOwnPropertyNames(window);
    return [after.filter((name) => !before.includes(name)), before.filter((name) => !after.includes(name))];
  });
  expect(added.filter((name) => name !== 'before')).toEqual(['tacit']);
  expect(lost).toEqual([]);
});

/** The tag for an immutable name, which the browser checks. */
function pinned(): { name: string; integrity: string; attributes: string } {
  const { immutable, integrity } = manifest['v1.js'] ?? { immutable: '', integrity: '' };
  return {
    name: immutable,
    integrity,
    attributes: `data-tacit-endpoint="${collector.url}" crossorigin="anonymous" integrity="${integrity}"`,
  };
}

const addressOf = (name: string): string => `${collector.url}/tacit/${name}`;

/** Names of the parts that are loaded later. */
const laterNames = (): string[] => Object.keys(manifest).filter((name) => /^v1\.[a-z]+-/.test(name));
const later = (): string[] => laterNames().map(addressOf);

const POLICIES: [string, () => string, string?][] = [
  ['names the immutable files', () => [addressOf(pinned().name), ...later()].join(' ')],
  ['names the hash, and the files that are loaded later', () => `'${pinned().integrity}' ${later().join(' ')}`],
  ['names a nonce', () => `'nonce-f00ba7'`, 'nonce="f00ba7"'],
];

test.each(POLICIES)('under a policy that %s all of it runs, Trusted Types included', async (_, scripts, nonce = '') => {
  host.headers['content-security-policy'] =
    `default-src 'none'; img-src data:; script-src ${scripts()}; connect-src ${collector.url}; ` +
    `require-trusted-types-for 'script'; trusted-types 'none'`;
  const { name, attributes } = pinned();
  await open(`${GENERATION}${tag(`${attributes} ${nonce}`, name)}`);
  await editsAreSeen();
});

test('under a policy that asks for integrity of every script, an import map vouches for what is loaded later', async () => {
  const integrity = Object.fromEntries(laterNames().map((name) => [addressOf(name), manifest[name]?.integrity]));
  host.headers['integrity-policy'] = 'blocked-destinations=(script)';
  const { name, attributes } = pinned();
  await open(`<script type="importmap">${JSON.stringify({ integrity })}</script>${GENERATION}${tag(attributes, name)}`);
  await editsAreSeen();
});

test('a script that is not what was signed for does not run', async () => {
  const { name, attributes } = pinned();
  await open(`${GENERATION}${tag(attributes.replace(/sha384-..../, 'sha384-AAAA'), name)}`);
  await page.waitForLoadState('networkidle');
  expect(await page.evaluate(() => 'tacit' in window)).toBe(false);
  expect(collector.batches).toEqual([]);
});

test.each([
  ['named by the tag', 'data-tacit-endpoint="/telemetry"'],
  ['taken from the address of the script', ''],
])('behind a path of its own domain, %s, a page talks to no other host', async (_, endpoint) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  host.headers['content-security-policy'] = `default-src 'self'; img-src data:`;
  await open(
    `${GENERATION}<script src="/telemetry/tacit/v1.js" data-tacit-key="pk_test0001" data-tacit-consent="granted" ${endpoint}></script>`,
  );
  await page.evaluate(() => history.pushState(null, '', '/deep/route'));
  await editsAreSeen();
  const hosts = new Set(asked.filter((url) => !url.startsWith('data:')).map((url) => new URL(url).origin));
  expect([...hosts]).toEqual([host.url]);
  const posts = asked.map((url) => new URL(url).pathname).filter((name) => name.endsWith('/events'));
  expect(new Set(posts)).toEqual(new Set(['/telemetry/v1/events']));
});
