// What the beacon posts from a real browser, and how it takes answers, consent and a browser that refuses it things. What
// becomes of events when networks, pages and browsers fail is shown before the real collector, in delivery/.
import { expect, test } from 'vitest';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';
import { accepted } from '../support/recording-collector.js';

type WithTacit = Window & { tacit: Tacit };

let it: BeaconPage;

beaconPageForEach((page) => (it = page));

const G1 = `<p data-tacit-generation="g1">${TEXT}<button data-tacit-action="reject">x</button></p>`;

/** Records `n` ratings in one task of the page; answers the time per call in microseconds. */
async function rate(n: number, label?: string): Promise<number> {
  return await it.page.evaluate(
    ({ n, label }) => {
      const { tacit } = window as unknown as WithTacit;
      const start = performance.now();
      for (let i = 0; i < n; i++) tacit.rate('g1', i, label);
      return ((performance.now() - start) * 1000) / n;
    },
    { n, label },
  );
}

/** Every rated value that the collector acknowledged, in order. */
const values = (): unknown[] =>
  it
    .now('rate')
    .map(({ value }) => Number(value))
    .sort((a, b) => a - b);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

async function allArrived(n: number): Promise<void> {
  await expect.poll(() => values().length, { timeout: 20_000 }).toBe(n);
  expect(values()).toEqual(range(n));
}

test('200 events make at most 4 requests, none of them a preflight', async () => {
  await it.open(G1);
  await it.received('shown');
  const before = it.collector.batches.length;
  await rate(200);
  await allArrived(200);
  expect(it.collector.batches.length - before).toBeLessThanOrEqual(4);
  expect(it.collector.preflights).toBe(0);
  const wire = it.collector.batches.slice(before).reduce((sum, { body }) => sum + body.length, 0);
  process.stdout.write(`bytes per event on the wire: ${(wire / 200).toFixed(0)}\n`);
});

test('recording an event costs the page microseconds', async () => {
  await it.open(G1);
  await rate(100);
  await it.page.waitForTimeout(1500);
  const costs: number[] = [];
  for (let i = 0; i < 20; i++) costs.push(await rate(50));
  costs.sort((a, b) => a - b);
  process.stdout.write(`one recorded event: ${(costs[10] ?? 0).toFixed(1)} us (median of 20 x 50)\n`);
  expect(costs[10]).toBeLessThan(100);
});

test('what the collector says it dropped is not sent again, and is counted', async () => {
  it.collector.reply = (batch) => ({
    status: 202,
    body: JSON.stringify({
      accepted: batch.events.filter(({ type }) => type !== 'rate').length,
      dropped: batch.events.filter(({ type }) => type === 'rate').map(({ id }) => ({ id, reason: 'token_required' })),
    }),
  });
  await it.open(G1);
  await it.received('shown');
  await rate(4);
  await it.received('rate', 4);
  await it.page.waitForTimeout(2500);
  const times = it.collector.batches.flatMap(({ events }) => events).filter(({ type }) => type === 'rate').length;
  expect(times).toBe(4);
  const stats = await it.page.evaluate(() => (window as unknown as WithTacit).tacit.stats());
  expect(stats).toMatchObject({ 'dropped.token_required': 4, queued: 0 });
});

test('a refused key keeps the events, and says so once in the console', async () => {
  const said: string[] = [];
  it.page.on('console', (message) => said.push(message.text()));
  it.collector.reply = () => ({ status: 401 });
  await it.open(G1);
  await rate(2);
  await it.page.waitForTimeout(4000);
  expect(it.collector.batches.length).toBe(1);
  expect(said.filter((text) => text.startsWith('tacit:'))).toEqual(['tacit: 401: check key, origin, endpoint, CSP']);
});

test('what somebody did before signing in stays theirs', async () => {
  it.collector.reply = () => ({ status: 503 });
  await it.open(G1);
  await rate(1);
  await it.page.evaluate(() => {
    const { tacit } = window as unknown as WithTacit;
    tacit.identify('ann');
    tacit.rate('g1', 1);
    tacit.identify(null);
    tacit.rate('g1', 2);
  });
  await it.page.waitForTimeout(500);
  it.collector.reply = accepted;
  await allArrived(3);
  const users = it.collector.batches
    .filter(({ status }) => status === 202)
    .flatMap(({ userId, events }) => events.filter(({ type }) => type === 'rate').map(({ value }) => [value, userId]));
  expect(users.sort()).toEqual([
    [0, undefined],
    [1, 'ann'],
    [2, undefined],
  ]);
});

test('before consent nothing is kept and there is no client id; once denied nothing is recorded', async () => {
  await it.open(G1, '');
  await it.received('shown');
  expect(it.collector.batches[0]?.clientId).toBeUndefined();
  const kept = (): Promise<[number, number]> =>
    it.page.evaluate(async () => [(await indexedDB.databases()).length, localStorage.length]);
  expect(await kept()).toEqual([0, 0]);
  const consent = (state: 'granted' | 'denied'): Promise<void> =>
    it.page.evaluate((state) => (window as unknown as WithTacit).tacit.consent(state), state);
  await consent('granted');
  await rate(1);
  await allArrived(1);
  expect(it.collector.batches.at(-1)?.clientId).toMatch(/^[0-9a-f-]{36}$/);
  it.collector.reply = () => ({ status: 503 });
  await rate(1);
  await it.page.waitForTimeout(1200);
  await consent('denied');
  const batches = it.collector.batches.length;
  await rate(1);
  await it.page.waitForTimeout(2000);
  expect(it.collector.batches.length - batches).toBeLessThanOrEqual(1);
  expect(await kept()).toEqual([0, 0]);
});

test('Global Privacy Control is honoured unless the page says otherwise', async () => {
  await it.page.addInitScript(() =>
    Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { get: () => true }),
  );
  await it.open(G1);
  await it.page.click('button');
  await it.page.waitForTimeout(2500);
  expect(it.collector.batches).toEqual([]);
  await it.open(G1, 'data-tacit-ignore-gpc');
  await it.received('shown');
});

test('the host page sees no fault, even where the browser refuses storage and locks', async () => {
  const faults: string[] = [];
  it.page.on('pageerror', (error) => faults.push(error.message));
  await it.page.addInitScript(() => {
    for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('refused', 'SecurityError');
        },
      });
    Object.defineProperty(Navigator.prototype, 'locks', { get: () => undefined });
  });
  await it.open(G1);
  await rate(3);
  await allArrived(3);
  await it.page.evaluate(() => {
    const { tacit } = window as unknown as WithTacit;
    (tacit.generation as (x: unknown) => unknown)({ id: null });
    (tacit.edit as (...x: unknown[]) => unknown)('g1', undefined, 7);
    tacit.stop();
    tacit.reject('g1');
  });
  await it.page.waitForTimeout(300);
  expect(faults).toEqual([]);
});
