// What a page forbids the beacon or takes from it: a Content-Security-Policy without the collector, and the quota of
// requests that outlive the page, used up by the page itself. In: real pages. Out: what arrives, and what is said.
import { expect, test } from 'vitest';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { beaconPageForEach, ready, scriptTag } from '../support/beacon-page.js';

type Host = Window & { tacit: Tacit; violations: string[] };

const WAIT = { timeout: 30_000 };
const G1 = '<p data-tacit-generation="g1">An answer.</p>';

let it: BeaconPage;

beaconPageForEach((page) => (it = page), { texts: [] });

/** Rates g1 by a call. */
const rate = (value: number): Promise<void> =>
  it.page.evaluate((value) => (window as unknown as Host).tacit.rate('g1', value), value);

const rates = (): unknown[] => it.now('rate').map(({ value }) => value);

test('a policy that blocks the collector is said once, is not tried against again, and costs no event', async () => {
  const said: string[] = [];
  it.page.on('console', (message) => void (message.text().startsWith('tacit:') && said.push(message.text())));
  it.server.pages.set(
    '/strict',
    `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="connect-src 'self'"><script>
      window.violations = [];
      addEventListener('securitypolicyviolation', ({ blockedURI }) => violations.push(blockedURI));
    </script></head><body>${G1}${scriptTag(it.collector)}`,
  );
  await it.page.goto(`${it.server.url}/strict`);
  await ready(it.page);
  await rate(1);
  const state = (): Promise<{ refused: number; violations: string[]; queued: number }> =>
    it.page.evaluate(() => {
      const { tacit, violations } = window as unknown as Host;
      const { refused = 0, queued = 0 } = tacit.stats();
      return { refused, queued, violations };
    });
  await expect.poll(async () => (await state()).refused, WAIT).toBeGreaterThan(0);
  // Longer than the pause after any failure that is not known to be the policy's.
  await it.page.waitForTimeout(2500);
  await rate(2);
  await it.page.waitForTimeout(1500);
  const { violations, queued, refused } = await state();
  expect(violations).toEqual([`${it.collector.url}/v1/events?key=pk_test0001`]);
  expect([refused, said]).toEqual([1, ['tacit: 403: check key, origin, endpoint, CSP']]);
  expect(queued).toBeGreaterThanOrEqual(3);
  expect(it.collector.batches).toEqual([]);

  await it.open(G1);
  await expect.poll(rates, WAIT).toEqual([1, 2]);
});

test('events arrive though the page itself has used up what requests that outlive it may carry', async () => {
  await it.open(G1);
  await expect.poll(() => it.now('generated').length, WAIT).toBe(1);
  const room = await it.page.evaluate(async () => {
    const post = (bytes: number): Promise<Response> =>
      fetch('/taken', { method: 'POST', keepalive: true, body: 'x'.repeat(bytes) });
    // An answer whose body is not read holds on to the quota.
    (window as unknown as { held: Response }).held = await post(65_400);
    const room = await post(1000).then(
      () => true,
      () => false,
    );
    const { tacit } = window as unknown as Host;
    tacit.rate('g1', 1, 'x'.repeat(900));
    await tacit.flush();
    return room;
  });
  await expect.poll(rates, WAIT).toEqual([1]);
  process.stdout.write(`the page's quota ${room ? 'had room' : 'was used up'} as the event was posted\n`);
  expect(room).toBe(false);
});
