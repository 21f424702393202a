// The whole browser is killed, up to 3 s after its database has the action and before the collector could be reached. The
// next start on the same profile sends it. Ten kills in a row; what is stored is counted by SQL. A kill within the few
// milliseconds of the write itself can lose the action: that is not shown here.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Chromium } from '../../support/chromium.js';
import { startChromium } from '../../support/chromium.js';
import type { DeliveryStage, Played } from '../../support/delivery-stage.js';
import { RUNS, openDeliveryStage, saved, storing } from '../../support/delivery-stage.js';

/** From the moment that the action is written to the kill, ms; each in turn. */
const AFTER_MS = [0, 200, 1000, 3000];

let stage: DeliveryStage;
let browser: Chromium;

beforeAll(async () => {
  stage = await openDeliveryStage();
  browser = await startChromium();
});
afterAll(async () => {
  await browser?.close();
  await stage?.close();
});

/** Opens the page while the collector is away, acts, and kills the browser so long after. */
async function actAndKill(afterMs: number): Promise<{ run: Played; killedAfterS: number }> {
  const run = await stage.run('kill', browser.context);
  run.lane.weather = () => ({ status: 503 });
  const page = await run.open();
  await storing(page);
  const actedAt = performance.now();
  await run.act(page, 3);
  // The kill comes from outside and could overtake the write, which is on its way for some milliseconds.
  await saved(page);
  await page.waitForTimeout(afterMs);
  const killedAfterS = (performance.now() - actedAt) / 1000;
  await browser.kill();
  run.lane.weather = () => undefined;
  return { run, killedAfterS };
}

test('a browser that is killed 0 to 3 s after an action is written has lost nothing when it starts again', async () => {
  const runs: Played[] = [];
  const killedAfter: string[] = [];
  for (let i = 0; i < RUNS; i++) {
    const { run, killedAfterS } = await actAndKill(AFTER_MS[i % AFTER_MS.length] ?? 0);
    runs.push(run);
    killedAfter.push(killedAfterS.toFixed(2));
    expect(run.acknowledged()).toBe(0);
    browser = await startChromium(browser.profile);
    // Any page of the product with the beacon will do: one without an action of its own.
    await (await stage.run('visit', browser.context)).open();
    await stage.table.arrived([run]);
  }
  await stage.stored('SIGKILL of the browser, start again', runs, `killed after s: ${killedAfter.join(' ')}`);
});

test('nothing that was sent is lost, or counted twice', async () => {
  await stage.table.expectExact();
});
