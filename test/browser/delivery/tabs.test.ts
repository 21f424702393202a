// Several tabs of one browser, several people at one browser: one tab posts for all, and what somebody did stays theirs.
// Ten runs of each before the real collector; what is stored is counted by SQL.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeliveryStage, PageOptions, Played, WithTacit } from '../../support/delivery-stage.js';
import { PLAIN_HOST, RUNS, openDeliveryStage } from '../../support/delivery-stage.js';
import { eventually } from '../../support/eventually.js';

let stage: DeliveryStage;
/** What the collector stores instead of a user's id. */
const keyOf = new Map<string, string>();

beforeAll(async () => {
  stage = await openDeliveryStage();
  for (const user of ['ann', 'bob']) keyOf.set(user, await stage.userKey(user));
});
afterAll(async () => {
  await stage?.close();
});

async function finish(name: string, runs: readonly Played[], figure: string): Promise<void> {
  await stage.stored(name, runs, figure);
  await Promise.all(runs.map(async ({ context }) => await context.close()));
}

async function each(play: (i: number) => Promise<Played[]>): Promise<Played[]> {
  return (await Promise.all(Array.from({ length: RUNS }, async (_, i) => await play(i)))).flat();
}

const EVENTS = 20;

/** Opens so many tabs of one browser and acts in all of them at once. */
async function manyTabs(scenario: string, tabs: number, options: PageOptions = {}): Promise<Played[]> {
  return await each(async () => {
    const run = await stage.run(scenario);
    const pages: Page[] = [];
    for (let i = 0; i < tabs; i++) pages.push(await run.open(options));
    await Promise.all(pages.map(async (page) => await run.act(page, EVENTS)));
    await drained(pages);
    return [run];
  });
}

const requests = (runs: readonly Played[]): string =>
  `requests: ${runs.map(({ lane }) => lane.posts.length).join(' ')}, at once: ${Math.max(...runs.map(({ lane }) => lane.atOnceMax))}`;

/** Waits until each tab has learnt, by its own look, that all it knows of is sent. */
async function drained(pages: readonly Page[]): Promise<void> {
  const queued = async (page: Page): Promise<number> =>
    await page.evaluate(() => (window as unknown as WithTacit).tacit.stats()['queued'] ?? 0);
  await eventually(
    async () => await Promise.all(pages.map(queued)),
    (waiting) => waiting.every((n) => n === 0),
    60_000,
  );
}

async function check(tabs: number): Promise<void> {
  const runs = await manyTabs(`tabs-${tabs}`, tabs);
  for (const run of runs) {
    expect(run.acknowledged()).toBe(tabs * EVENTS);
    expect(run.lane.atOnceMax).toBe(1);
  }
  await finish(`${tabs} tabs`, runs, requests(runs));
}

test('two tabs have one sender and send each event once', async () => {
  await check(2);
});

test('five tabs have one sender and send each event once', async () => {
  await check(5);
});

test('on plain http, without Web Locks, two tabs lose nothing', async () => {
  const locks: boolean[] = [];
  const runs = await each(async () => {
    const run = await stage.run('plain');
    const options = { host: PLAIN_HOST };
    const pages = [await run.open(options), await run.open(options)];
    for (const page of pages) locks.push(await page.evaluate(() => isSecureContext || 'locks' in navigator));
    await Promise.all(pages.map(async (page) => await run.act(page, EVENTS)));
    await drained(pages);
    return [run];
  });
  await finish('2 tabs on plain http', runs, requests(runs));
  expect(locks).toEqual(locks.map(() => false));
});

const as = (user: string): PageOptions => ({
  attributes: `data-tacit-consent="granted" data-tacit-user="${user}"`,
});

/** All that these runs stored is this user's. */
async function expectUsers(runs: readonly Played[], user: string): Promise<void> {
  expect(await stage.table.userKeys(runs)).toEqual([keyOf.get(user)]);
}

async function finishTwo(name: string, runs: readonly Played[], figure: string): Promise<void> {
  await finish(name, runs, figure);
  await expectUsers(
    runs.filter((_, i) => i % 2 === 0),
    'ann',
  );
  await expectUsers(
    runs.filter((_, i) => i % 2 === 1),
    'bob',
  );
}

test('what ann did offline stays hers when bob signs in to the same browser', async () => {
  const runs = await each(async () => {
    const ann = await stage.run('ann');
    const bob = await stage.run('bob', ann.context);
    const page = await ann.open(as('ann'));
    await ann.context.setOffline(true);
    await ann.act(page, 3);
    await page.close();
    bob.lane.weather = ann.lane.weather = () => 'cut';
    await ann.context.setOffline(false);
    const next = await bob.open(as('bob'));
    await bob.act(next, 3);
    await eventually(
      async () => ann.lane.posts.length * bob.lane.posts.length,
      (n) => n > 0,
    );
    bob.lane.weather = ann.lane.weather = () => undefined;
    return [ann, bob];
  });
  await finishTwo('ann offline, bob signs in', runs, 'users as they acted');
});

test('two accounts in two tabs keep apart', async () => {
  const runs = await each(async () => {
    const ann = await stage.run('ann');
    const bob = await stage.run('bob', ann.context);
    const pages = [await ann.open(as('ann')), await bob.open(as('bob'))] as const;
    await Promise.all([ann.act(pages[0], EVENTS), bob.act(pages[1], EVENTS)]);
    await drained(pages);
    return [ann, bob];
  });
  await finishTwo('two accounts in two tabs', runs, 'users as they acted');
});

test('nothing that was sent is lost, or counted twice', async () => {
  await stage.table.expectExact();
});
