// The page goes away right after the action: by a link, by closing the tab, by a crash, into the back/forward cache, or
// with more to say than fits. Ten runs of each before the real collector; what is stored is counted by SQL.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeliveryStage, Played, WithTacit } from '../../support/delivery-stage.js';
import { RUNS, openDeliveryStage, storing } from '../../support/delivery-stage.js';
import { eventually } from '../../support/eventually.js';

let stage: DeliveryStage;

beforeAll(async () => {
  stage = await openDeliveryStage();
  stage.pages.pages.set('/next', '<!doctype html><body>Another page');
});
afterAll(async () => {
  await stage?.close();
});

/** Opens one page in a browser storage of its own for each run, then plays all at the same time. */
async function playAll(scenario: string, play: (run: Played, page: Page) => Promise<void>): Promise<Played[]> {
  return await Promise.all(
    Array.from({ length: RUNS }, async () => {
      const run = await stage.run(scenario);
      await play(run, await run.open());
      return run;
    }),
  );
}

async function finish(name: string, runs: readonly Played[], figure: string): Promise<void> {
  await stage.stored(name, runs, figure);
  await Promise.all(runs.map(async ({ context }) => await context.close()));
}

test('an action right before a navigation arrives without another visit', async () => {
  const runs = await playAll('navigation', async (run, page) => {
    run.sent = 1;
    await page.evaluate((g) => {
      (window as unknown as WithTacit).tacit.rate(g, 0);
      location.href = '/next';
    }, run.generationId);
    await page.waitForURL('**/next');
  });
  await finish('navigation', runs, `${RUNS}/${RUNS} before any other visit`);
});

test('an action right before the tab is closed arrives without another visit', async () => {
  const runs = await playAll('close', async (run, page) => {
    await run.act(page);
    await page.close({ runBeforeUnload: false });
  });
  await finish('close', runs, `${RUNS}/${RUNS} before any other visit`);
});

const BURST_EVENTS = 150;
const NAME_CHARS_MAX = 200;
const AT_ONCE_KIB = 60;
/** After the first post of a closed page the others have come, or never will before another visit. */
const SETTLED_MS = 500;

/** Registers many generations in one task; their descriptions make each event about 1 KB long. */
async function burst(page: Page, run: Played): Promise<void> {
  run.type = 'generated';
  run.sent = BURST_EVENTS;
  await page.evaluate(
    ({ g, n, name }) => {
      const { tacit } = window as unknown as WithTacit;
      const names = { promptId: name, promptVersion: name, model: name, modelVersion: name };
      for (let i = 0; i < n; i++) tacit.generation(`${g}-${i}`, { ...names, generatedAt: Date.now() });
    },
    { g: run.generationId, n: BURST_EVENTS, name: 'n'.repeat(NAME_CHARS_MAX) },
  );
}

const bytesOf = ({ lane }: Played): number => lane.posts.reduce((sum, { bytes }) => sum + bytes, 0);

test('of 150 events of 1 KB, 60 KiB go as the tab is closed, and all have arrived after the next visit', async () => {
  const runs: Played[] = [];
  const kib: number[] = [];
  // One after the other: a browser gives a closing page half a second, and this is about what fits, not how fast.
  for (let i = 0; i < RUNS; i++) {
    const run = await stage.run('burst');
    const page = await run.open();
    await burst(page, run);
    await page.close({ runBeforeUnload: false });
    await eventually(
      async () => bytesOf(run),
      (bytes) => bytes > 0,
    );
    await new Promise((resolve) => setTimeout(resolve, SETTLED_MS));
    kib.push(bytesOf(run) / 1024);
    await run.open();
    runs.push(run);
  }
  await finish('burst of 150, close, reopen', runs, `KiB at once: ${kib.map((n) => n.toFixed(1)).join(' ')}`);
  expect(Math.max(...kib)).toBeGreaterThanOrEqual(AT_ONCE_KIB);
});

test('a crash of the page right after the action costs nothing: the next visit sends it', async () => {
  const runs = await playAll('crash', async (run, page) => {
    const crashed = page.waitForEvent('crash');
    await storing(page);
    const session = await run.context.newCDPSession(page);
    await run.act(page, 3);
    // It never answers: what should answer is gone.
    session.send('Page.crash').catch(() => undefined);
    await crashed;
    await page.close();
    await run.open();
  });
  await finish('renderer crash', runs, `${RUNS}/${RUNS} after the next visit`);
});

/** Acts, leaves at once, comes back by the browser's history, and acts again if the page was kept alive. */
async function goAndComeBack(): Promise<Played> {
  const run = await stage.run('bfcache');
  const page = await run.open();
  // The first action loads a further part; a page that still loads is not kept alive.
  await run.act(page, 2);
  await page.waitForLoadState('networkidle');
  const back = page.waitForEvent('console', (message) => message.text().startsWith('back:'));
  await page.evaluate((g) => {
    const rate = (first: number): void => {
      for (let i = first; i < first + 2; i++) (window as unknown as WithTacit).tacit.rate(g, i);
    };
    addEventListener('pageshow', ({ persisted }) => {
      if (persisted) rate(4);
      // eslint-disable-next-line no-console -- nothing else reaches the test from a page that came back
      console.log(`back: ${persisted ? 'kept alive' : 'not kept alive'}`);
    });
    rate(2);
    setTimeout(() => (location.href = '/back'));
  }, run.generationId);
  expect((await back).text()).toBe('back: kept alive');
  run.sent += 4;
  return run;
}

test('a page in the back/forward cache keeps what waits and goes on when it comes back', async () => {
  stage.pages.pages.set('/back', '<!doctype html><script>setTimeout(() => history.back(), 300)</script>');
  const runs: Played[] = [];
  // One after the other: the browser keeps few pages alive at a time.
  for (let i = 0; i < RUNS; i++) runs.push(await goAndComeBack());
  await finish('bfcache', runs, `${RUNS}/${RUNS} kept alive`);
});

test('nothing that was sent is lost, or counted twice', async () => {
  await stage.table.expectExact();
});
