// The collector cannot be reached, or says that it cannot answer: events wait, and arrive soon after it can. Ten runs of
// each, at the same time, in front of the real collector; what is stored is counted by SQL.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Posted, Weather } from '../../support/delivery-front.js';
import type { DeliveryStage, Played } from '../../support/delivery-stage.js';
import { RUNS, openDeliveryStage } from '../../support/delivery-stage.js';
import { eventually } from '../../support/eventually.js';
import { inSeconds, lagMs, watchLag } from '../../support/page-lag.js';

let stage: DeliveryStage;

beforeAll(async () => {
  stage = await openDeliveryStage();
});
afterAll(async () => {
  await stage?.close();
});

interface Opened {
  run: Played;
  page: Page;
}

/** Opens the page of each run with a meter for the lag of its timers. */
async function openAll(scenario: string, n = RUNS): Promise<Opened[]> {
  return await Promise.all(
    Array.from({ length: n }, async () => {
      const run = await stage.run(scenario);
      const page = await run.open();
      await watchLag(page);
      return { run, page };
    }),
  );
}

async function finish(name: string, opened: readonly Opened[], figure: string): Promise<void> {
  await stage.stored(
    name,
    opened.map(({ run }) => run),
    figure,
  );
  await Promise.all(opened.map(async ({ run }) => await run.context.close()));
}

/** The first post that the collector took, once there is one. */
async function firstSuccess({ lane }: Played): Promise<Posted> {
  const found = async (): Promise<Posted | undefined> => lane.posts.find(({ status }) => status === 202);
  return (await eventually(found, (post) => post !== undefined, 60_000)) as Posted;
}

test('a collector that answers 503 for 4 s is found again within 1.5 s of its recovery', async () => {
  const opened = await openAll('flapping');
  const found = await Promise.all(
    opened.map(async ({ run, page }) => {
      let until = Infinity;
      run.lane.weather = ({ at }) => {
        until = Math.min(until, at + 4000);
        return at < until ? { status: 503 } : undefined;
      };
      await run.act(page, 3);
      const { answeredAt } = await firstSuccess(run);
      return { ms: answeredAt - until, lag: await lagMs(page) };
    }),
  );
  await finish('503 for 4 s', opened, `first success after s: ${inSeconds(found.map(({ ms }) => ms))}`);
  for (const { ms, lag } of found) expect(ms).toBeLessThanOrEqual(1500 + lag);
});

const TOLD_S = 8;

/** Names an instant that lies a whole number of seconds ahead, as a date can only name those; the answer may leave a little later. */
async function asDate(status: number): Promise<{ weather: Awaited<ReturnType<Weather>>; until: number }> {
  await new Promise((resolve) => setTimeout(resolve, 1001 - (Date.now() % 1000)));
  const until = (Math.floor(Date.now() / 1000) + TOLD_S) * 1000;
  return { weather: { status, headers: { 'retry-after': new Date(until).toUTCString() } }, until };
}

test('Retry-After of 8 s is kept to, as seconds and as a date, on 429 and on 503', async () => {
  const opened = await openAll('retry-after', Math.ceil(RUNS / 4) * 4);
  const waited = await Promise.all(
    opened.map(async ({ run, page }, i) => {
      const status = i % 2 ? 429 : 503;
      const first: Posted[] = [];
      let named: number | undefined;
      run.lane.weather = async (posted) => {
        if (first.push(posted) > 1) return undefined;
        if (i % 4 < 2) return { status, headers: { 'retry-after': String(TOLD_S) } };
        const { weather, until } = await asDate(status);
        named = until;
        return weather;
      };
      await run.act(page, 2);
      await eventually(
        async () => first[0]?.answeredAt ?? 0,
        (at) => at > 0,
      );
      // What happens meanwhile waits as well.
      await page.waitForTimeout(2000);
      await run.act(page, 1);
      await page.evaluate(() => dispatchEvent(new Event('online')));
      await firstSuccess(run);
      const [at, answeredAt] = [first[1]?.at ?? 0, first[0]?.answeredAt ?? 0];
      const early = (named ?? answeredAt + TOLD_S * 1000) - at;
      return { ms: at - answeredAt, early, lag: await lagMs(page), status, date: i % 4 >= 2 };
    }),
  );
  for (const date of [false, true])
    for (const status of [429, 503]) {
      const kind = (one: { date: boolean; status: number }): boolean => one.date === date && one.status === status;
      await finish(
        `Retry-After ${date ? 'date' : 'seconds'} on ${status}`,
        opened.filter((_, i) => waited[i] && kind(waited[i])),
        `s: ${inSeconds(waited.filter(kind).map(({ ms }) => ms))}`,
      );
    }
  for (const { ms, early, lag } of waited) {
    expect(early).toBeLessThanOrEqual(0);
    expect(ms).toBeLessThanOrEqual(9600 + lag);
  }
});

test('offline, events wait, and arrive within a second of coming back', async () => {
  const opened = await openAll('offline');
  const took = await Promise.all(
    opened.map(async ({ run, page }) => {
      await page.evaluate(() => {
        addEventListener('online', () => ((window as Window & { onlineAt?: number }).onlineAt = Date.now()));
      });
      await run.context.setOffline(true);
      await run.act(page, 5);
      await page.waitForTimeout(2500);
      expect(run.lane.posts).toEqual([]);
      await run.context.setOffline(false);
      const { answeredAt } = await firstSuccess(run);
      const onlineAt = await page.evaluate(() => (window as Window & { onlineAt?: number }).onlineAt ?? 0);
      return { ms: answeredAt - onlineAt, lag: await lagMs(page) };
    }),
  );
  await finish('offline, then online', opened, `acknowledged after s: ${inSeconds(took.map(({ ms }) => ms))}`);
  for (const { ms, lag } of took) expect(ms).toBeLessThanOrEqual(1000 + lag);
});

test('the page of a captive portal is no acknowledgement', async () => {
  const opened = await openAll('portal');
  await Promise.all(
    opened.map(async ({ run, page }, i) => {
      const portal = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };
      // Some are readable, most are not: those of another origin without its leave.
      const headers =
        i % 2 ? { ...portal.headers, 'access-control-allow-origin': 'http://portal.test' } : portal.headers;
      run.lane.weather = () => (run.lane.posts.length > 2 ? undefined : { ...portal, headers });
      await run.act(page, 4);
      await firstSuccess(run);
    }),
  );
  await finish('captive portal answers 200', opened, '2 false answers each');
});

const GATEWAY_BYTES_MAX = 4096;

test('a body that a gateway finds too large is halved until it passes', async () => {
  const opened = await openAll('halves');
  await Promise.all(
    opened.map(async ({ run, page }) => {
      run.lane.weather = ({ bytes }) => (bytes > GATEWAY_BYTES_MAX ? { status: 413 } : undefined);
      await run.act(page, 100);
      await eventually(
        async () => run.acknowledged(),
        (n) => n >= 100,
      );
    }),
  );
  const refused = opened.map(({ run }) => run.lane.posts.filter(({ status }) => status === 413).length);
  await finish('413, halved', opened, `refused posts: ${refused.join(' ')}`);
  for (const n of refused) expect(n).toBeGreaterThan(0);
});

test('nothing that was sent is lost, or counted twice', async () => {
  await stage.table.expectExact();
});
