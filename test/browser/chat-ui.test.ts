// A chat that others wrote, as it comes from npm and with nothing but attributes added, in a real Chromium before a whole
// instance: one conversation, and what is stored of it. No text of it is in any body that was posted.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TEXT } from '../support/beacon-page.js';
import { SECOND } from '../support/copy-case.js';
import { eventually } from '../support/eventually.js';
import { addPageBundle } from '../support/page-bundle.js';
import { leakedInto, openPageStage, type PageStage } from '../support/page-stage.js';
import { sweep } from '../support/real-pointer.js';

const QUESTION = 'Which animals live near the buildings of the harbour?';
const THIRD = 'Eleven turquoise hedgehogs rehearse patiently inside the old theatre.';
const FOURTH = 'Thirteen golden otters are repainting the abandoned railway station.';

let stage: PageStage;
let page: Page;

beforeAll(async () => {
  stage = await openPageStage();
  const tags = await addPageBundle(stage.server, 'chat.tsx');
  const answers = JSON.stringify([TEXT, SECOND, THIRD, FOURTH]);
  page = await stage.open(`<div id="root"></div><script>window.answers = ${answers};</script>${tags}`);
});
afterAll(async () => {
  await stage?.close();
});

const answer = (text: string) => page.locator('.answer', { hasText: text });
const press = async (name: string, text: string): Promise<void> =>
  await answer(text).getByRole('button', { name, exact: true }).click();

/** Waits until an answer is written to its end; answers its generation. */
async function written(text: string): Promise<string> {
  await answer(text).getByRole('button', { name: 'Copy' }).waitFor();
  return (await answer(text).locator('div[data-tacit-generation]').getAttribute('data-tacit-generation')) ?? '';
}

async function ask(question: string): Promise<void> {
  await page.getByPlaceholder('Ask').fill(question);
  await page.keyboard.press('Enter');
}

/** What happened to a generation, once it ends with `last`. */
async function storyOf(generation: string, last: string): Promise<string[]> {
  const story = async (): Promise<string[]> =>
    (await stage.rows([generation]))
      .filter((row) => row.event_type !== 'rate')
      .map((row) =>
        [row.event_type, row.reason, row.event_type === 'copy' && `${row.chars} of ${row.total_chars}`]
          .filter(Boolean)
          .join(' '),
      );
  return await eventually(story, (found) => found.includes(last), 60_000);
}

test('a conversation in a chat from npm is stored as what the person did with each answer', async () => {
  await ask(QUESTION);
  // From the first word on it has its name.
  await page.locator('.answer div[data-tacit-generation]').waitFor();
  const first = await written(TEXT);
  await storyOf(first, 'shown');
  const node = await page.locator('.answer div[data-tacit-generation]').elementHandle();

  await press('Copy', TEXT);
  await storyOf(first, `copy button ${TEXT.length} of ${TEXT.length}`);

  await press('Reload', TEXT);
  const second = await written(SECOND);
  expect(second).not.toBe(first);
  expect(await node?.getAttribute('data-tacit-generation')).toBe(second);
  await storyOf(second, 'shown');
  const words = answer(SECOND).getByText(SECOND);
  await sweep(page, [words, 9], [words, 40]);
  await page.keyboard.press('Control+c');
  await storyOf(second, `copy keyboard 31 of ${SECOND.length}`);

  await press('Previous', SECOND);
  expect(await written(TEXT)).toBe(first);
  await press('Next', TEXT);
  expect(await written(SECOND)).toBe(second);

  await ask('And then?');
  const third = await written(THIRD);
  await storyOf(third, 'shown');
  await page.locator('.question').last().getByRole('button', { name: 'Edit' }).click();
  await page.locator('.edit textarea').fill('And at night?');
  await page.locator('.edit').getByRole('button', { name: 'Update' }).click();
  const fourth = await written(FOURTH);
  await storyOf(fourth, 'shown');
  await stage.settle(page, fourth);

  expect(await storyOf(first, 'reject regenerated')).toEqual([
    'generated',
    'shown',
    `copy button ${TEXT.length} of ${TEXT.length}`,
    'reject regenerated',
  ]);
  expect(await storyOf(second, 'shown')).toEqual(['generated', 'shown', `copy keyboard 31 of ${SECOND.length}`]);
  expect(await storyOf(third, 'shown')).toEqual(['generated', 'shown', 'ignore superseded']);
  expect(await outcomes([first, second, third, fourth])).toEqual(['rejected', 'accepted', 'ignored', 'ignored']);
});

/** What becomes of them when nothing more happens and their windows have closed. */
async function outcomes(generations: string[]): Promise<(string | undefined)[]> {
  const rows = await stage.analyst.query<{ generation_id: string; outcome: string }>(
    `SELECT generation_id, outcome FROM outcomes_at(as_of = now64(3) + INTERVAL 1 HOUR)
     WHERE has({generations: Array(String)}, generation_id)`,
    { generations },
  );
  return generations.map((id) => rows.find((row) => row.generation_id === id)?.outcome);
}

test('the chat has not failed, and no run of eight characters of any text was posted', () => {
  expect(stage.errors).toEqual([]);
  expect(leakedInto(stage.bodies, [TEXT, SECOND, THIRD, FOURTH, QUESTION])).toEqual([]);
});
