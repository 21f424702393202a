// A page whose own Content-Security-Policy does not let the beacon post: its events wait, the page's developer is told once,
// and a page of the same product that may post sends them. Ten runs; what is stored is counted by SQL.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeliveryStage, Played, WithTacit } from '../../support/delivery-stage.js';
import { RUNS, openDeliveryStage } from '../../support/delivery-stage.js';
import { eventually } from '../../support/eventually.js';

const STRICT = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">`;

let stage: DeliveryStage;

beforeAll(async () => {
  stage = await openDeliveryStage();
});
afterAll(async () => {
  await stage?.close();
});

/** Acts in a page that may not post; answers what was said in its console. */
async function actBlocked(run: Played): Promise<string[]> {
  const said: string[] = [];
  run.context.on('console', (message) => void (message.text().startsWith('tacit:') && said.push(message.text())));
  const page = await run.open({ head: STRICT });
  const counts = async (): Promise<Record<string, number>> =>
    await page.evaluate(() => (window as unknown as WithTacit).tacit.stats());
  await run.act(page, 3);
  await eventually(counts, ({ refused = 0 }) => refused > 0, 60_000);
  await run.act(page, 2);
  // Told by the policy, it does not try again: also not as the page is left.
  await page.evaluate(async () => await (window as unknown as WithTacit).tacit.flush());
  expect(await counts()).toMatchObject({ refused: 1 });
  expect((await counts())['sent'] ?? 0).toBe(0);
  await page.close();
  return said;
}

test('a policy that blocks the collector is said once, and what waits arrives from a page that may post', async () => {
  const runs: Played[] = [];
  for (let i = 0; i < RUNS; i++) {
    const run = await stage.run('blocked');
    expect(await actBlocked(run)).toEqual(['tacit: 403: check key, origin, endpoint, CSP']);
    expect(run.lane.posts).toEqual([]);
    await run.open();
    runs.push(run);
  }
  await stage.stored('CSP blocks, then another page', runs, 'said once each, no post before');
  await Promise.all(runs.map(async ({ context }) => await context.close()));
});

test('nothing that was sent is lost, or counted twice', async () => {
  await stage.table.expectExact();
});
