// A person at the demo product, in a real Chromium, on a whole instance: copies, edits, rejects, ignores, and the outcomes and
// rates are read back by SQL as an analyst does. What is ignored is ignored by really waiting, with a short window.
// Set TACIT_SCREENSHOTS to a folder to keep the pictures.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { assign } from '../../scripts/demo/assignment.js';
import { JOURNEY_RATES, performJourney } from '../support/demo-journey.js';
import { openDemoStage, type DemoPage, type DemoStage } from '../support/demo-stage.js';
import { eventually } from '../support/eventually.js';

const SCREENSHOTS = process.env['TACIT_SCREENSHOTS'];

let stage: DemoStage;
let tab: DemoPage;

beforeAll(async () => {
  stage = await openDemoStage();
});

afterAll(async () => {
  await stage?.close();
});

beforeEach(async () => {
  tab = await stage.visit();
});

// A tab that is left open would go on sending for those after it, from the background, where browsers slow it down.
afterEach(async () => {
  for (const page of stage.chromium.context.pages().slice(1)) await page.close();
});

async function keepPicture({ page }: DemoPage, name: string): Promise<void> {
  if (SCREENSHOTS === undefined) return;
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SCREENSHOTS, `demo-${name}.png`) });
}

test('what a person does with an answer becomes its outcome, and the outcomes become rates', async () => {
  const journey = await performJourney(stage, tab);
  expect(journey.clipboard).toContain('git reset --soft HEAD~1');
  expect(journey.outcomes).toEqual(journey.expected);
  expect(journey.acts).toEqual(journey.expectedActs);
  expect(journey.untrusted).toEqual([]);
  expect(tab.complaints).toEqual([]);
  expect(journey.rates).toEqual(JOURNEY_RATES);
});

test('at its debug address the page shows what the beacon sees and sends', async () => {
  const debug = await stage.visit('?debug');
  const { card, id } = await debug.ask('iso-date');
  await debug.press(card, 'Copy');
  const said = async (): Promise<string> =>
    await debug.page.evaluate(() => document.querySelector('tacit-debug')?.shadowRoot?.textContent ?? '');
  await eventually(said, (text) => text.includes(id.slice(-8)) && /copy.*→ sent/.test(text));
  expect(await tab.page.locator('tacit-debug').count()).toBe(0);
  await keepPicture(debug, 'debug');
  expect(debug.complaints).toEqual([]);
});

test('another visitor is another person, and each sees the versions that were drawn for her', async () => {
  const before = await persons();
  const cells = new Map<string, string>();
  for (let number = 0; cells.size < 4; number += 1) {
    const visitor = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    const { promptVersion, modelVersion } = assign(visitor, 'answer');
    cells.set(`answer · prompt version ${promptVersion} · finch-small ${modelVersion}`, visitor);
  }
  for (const [line, visitor] of cells) {
    await stage.chromium.context.addCookies([
      {
        name: 'tacit_demo_visitor',
        value: visitor,
        url: stage.instance.run.demo ?? '',
        httpOnly: true,
        sameSite: 'Lax',
      },
    ]);
    for (const item of ['undo-commit', 'debounce']) {
      const { card } = await tab.ask(item);
      expect(await card.locator('.made-by').innerText()).toBe(line);
    }
  }
  const cookie = async () =>
    (await stage.chromium.context.cookies()).find(({ name }) => name === 'tacit_demo_visitor')?.value;
  const last = await cookie();
  await Promise.all([tab.page.waitForEvent('load'), tab.page.locator('#new-visitor').click()]);
  await tab.page.locator('[data-item]').first().waitFor();
  expect(await cookie()).not.toBe(last);
  await tab.ask('undo-commit');
  await eventually(persons, (now) => now === before + 5, 120_000);
});

async function persons(): Promise<number> {
  const [row] = await stage.analyst.query<{ n: string }>(
    `SELECT uniqExact(user_key) AS n FROM user_days WHERE user_kind = 'user'`,
  );
  return Number(row?.n);
}

test('the page is usable by keyboard, says how long an action counts, and leads to the live page', async () => {
  expect(await tab.page.locator('.note h2').innerText()).toBe('In this demo an action counts for 2 minutes');
  await tab.page.locator('#question').fill('How do I undo a commit?');
  await tab.page.keyboard.press('Enter');
  await tab.page.locator('article .made-by').waitFor();
  const names = await tab.page
    .locator('button, input, textarea, a')
    .evaluateAll((all) =>
      all.map(
        (one) =>
          one.getAttribute('aria-label') ?? (one as HTMLInputElement).labels?.[0]?.textContent ?? one.textContent,
      ),
    );
  for (const name of names) expect(name.trim()).not.toBe('');
  const [live] = await Promise.all([
    stage.chromium.context.waitForEvent('page'),
    tab.page.getByRole('link', { name: /Live figures/ }).click(),
  ]);
  await live.waitForLoadState();
  expect(new URL(live.url()).origin).toBe(stage.instance.run.reporter);
  expect(live.url()).not.toContain('token=');
  await live.close();
  expect(tab.complaints).toEqual([]);
});

test('it fits wide and narrow screens, light and dark', async () => {
  await tab.ask('undo-commit');
  await tab.ask('export-bug');
  await tab.page.locator('#show-tip').click();
  await tab.page.locator('finch-tip').waitFor();
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [1280, 390]) {
      await tab.page.emulateMedia({ colorScheme });
      await tab.page.setViewportSize({ width, height: 850 });
      const overflow = await tab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      const [ink, ground] = await tab.page.evaluate(() => {
        const style = getComputedStyle(document.body);
        return [style.color, style.backgroundColor];
      });
      expect(ink).not.toBe(ground);
      await keepPicture(tab, `${colorScheme}-${width}`);
    }
  expect(tab.complaints).toEqual([]);
});
