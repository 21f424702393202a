// A person at the demo product who does everything one can do with an answer, and an analyst who reads what became of it.
// In: a demo stage whose figures are empty. Out: what should come of each generation and what did, and the rates. Whoever is
// ignored is ignored by really waiting.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';
import { DECIDED_MS, type DemoPage, type DemoStage } from './demo-stage.js';
import { eventually } from './eventually.js';

export interface Journey {
  /** Outcome of each generation by its id, as the person acted. */
  readonly expected: ReadonlyMap<string, string>;
  /** The same as the analyst reads it. */
  readonly outcomes: ReadonlyMap<string, string>;
  /** Ids of generations whose token was not believed. */
  readonly untrusted: readonly string[];
  /** Rows of `rates`, added up by prompt. */
  readonly rates: readonly Record<string, string>[];
  readonly clipboard: string;
  /** What was recorded of some generations besides that they were there: by id, each act once. */
  readonly acts: ReadonlyMap<string, string>;
  readonly expectedActs: ReadonlyMap<string, string>;
}

/** What the rates must be, whichever way the events went. */
export const JOURNEY_RATES: readonly Record<string, string>[] = [
  { prompt_id: 'answer', mature: '9', accepted: '5', edited: '0', rejected: '3', ignored: '1' },
  { prompt_id: 'reply-draft', mature: '1', accepted: '0', edited: '1', rejected: '0', ignored: '0' },
];

export async function performJourney(stage: DemoStage, tab: DemoPage): Promise<Journey> {
  const { analyst } = stage;
  const { expected, clipboard, expectedActs } = await act(stage, tab);
  const { outcomes, untrusted } = await eventually(
    async () => await readOutcomes(analyst, [...expected.keys()]),
    ({ outcomes: found }) => found.size === expected.size && ![...found.values()].includes('unresolved'),
    DECIDED_MS,
  );
  const rates = await eventually(
    async () =>
      await analyst.query<Record<string, string>>(
        `SELECT prompt_id, sum(r.mature) AS mature, sum(r.mature_accepted) AS accepted, sum(r.mature_edited) AS edited,
           sum(r.mature_rejected) AS rejected, sum(r.ignored) AS ignored
         FROM rates AS r WHERE model = 'finch-small' GROUP BY prompt_id ORDER BY prompt_id`,
      ),
    (rows) => rows.reduce((sum, { mature }) => sum + Number(mature), 0) === expected.size,
    DECIDED_MS,
  );
  const acts = await readActs(analyst, [...expectedActs.keys()]);
  return { expected, outcomes, untrusted, rates, clipboard, acts, expectedActs };
}

/** Ignores, copies in four ways, rates, uses, edits and sends, regenerates, dismisses and stops. */
async function act(
  stage: DemoStage,
  tab: DemoPage,
): Promise<Pick<Journey, 'clipboard' | 'expectedActs'> & { expected: Map<string, string> }> {
  const { page } = tab;
  const expected = new Map<string, string>();

  const ignored = await tab.ask('process-thread');
  expected.set(ignored.id, 'ignored');

  const copied = await tab.ask('undo-commit');
  await tab.press(copied.card, 'Copy');
  expected.set(copied.id, 'accepted');
  const clipboard = await page.evaluate(() => navigator.clipboard.readText());
  await tab.press(copied.card, 'Good answer');
  await keepOffTheRecord(tab);

  const selected = await tab.ask('confidence-interval');
  await selected.card.locator('.text p').last().click({ clickCount: 3 });
  await page.keyboard.press('ControlOrMeta+c');
  expected.set(selected.id, 'accepted');

  const code = await tab.ask('debounce');
  await code.card
    .getByRole('button', { name: /^Copy this/ })
    .first()
    .click();
  expected.set(code.id, 'accepted');

  const used = await tab.ask('iso-date');
  await tab.press(used.card, 'Use this');
  expected.set(used.id, 'accepted');

  const edited = await tab.ask('late-parcel');
  await edited.card.locator('textarea').click();
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\nYour parcel team');
  await tab.press(edited.card, 'Send');
  expected.set(edited.id, 'edited');

  const regenerated = await tab.ask('meeting-notes');
  await tab.press(regenerated.card, 'Regenerate');
  await eventually(
    () => regenerated.card.locator('.text').getAttribute('data-tacit-generation'),
    (id) => id !== regenerated.id,
  );
  const second = await tab.written(regenerated.card);
  await tab.press(regenerated.card, 'Dismiss');
  expected.set(regenerated.id, 'rejected');
  expected.set(second, 'rejected');

  await page.locator('#show-tip').click();
  const tip = page.locator('finch-tip .text');
  const tipId = (await tip.getAttribute('data-tacit-generation')) ?? '';
  await page.getByRole('button', { name: 'Copy the tip' }).click();
  expected.set(tipId, 'accepted');

  const stopped = await stopWriting(await stage.visit('?slow'));
  expected.set(stopped, 'rejected');
  const expectedActs = new Map([
    [copied.id, 'copy rate'],
    [tipId, 'copy'],
    [stopped, 'reject'],
  ]);
  return { expected, clipboard, expectedActs };
}

/** Pastes what was copied where nothing is looked at, and copies it from there. */
async function keepOffTheRecord({ page }: DemoPage): Promise<void> {
  await page.locator('#notes').click();
  await page.keyboard.press('ControlOrMeta+v');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.press('ControlOrMeta+c');
}

/** Stops an answer while it is being written; answers its id. */
async function stopWriting({ page }: DemoPage): Promise<string> {
  await page.locator('[data-item="newest-orders"]').click();
  const card = page.locator('article').first();
  const text = card.locator('.text[data-tacit-generation]');
  await text.locator('> *').first().waitFor();
  await card.getByRole('button', { name: 'Stop', exact: true }).click();
  await eventually(
    () => card.getAttribute('aria-busy'),
    (busy) => busy === 'false',
  );
  return (await text.getAttribute('data-tacit-generation')) ?? '';
}

async function readOutcomes(
  analyst: ClickHouse,
  ids: readonly string[],
): Promise<{ outcomes: Map<string, string>; untrusted: string[] }> {
  const rows = await analyst.query<{ generation_id: string; outcome: string; trusted: number }>(
    'SELECT generation_id, outcome, trusted FROM generation_outcomes WHERE has({ids:Array(String)}, generation_id)',
    { ids },
  );
  return {
    outcomes: new Map(rows.map(({ generation_id, outcome }) => [generation_id, outcome])),
    untrusted: rows.filter(({ trusted }) => trusted !== 1).map(({ generation_id }) => generation_id),
  };
}

/** Types of what a person did with each generation, one for each event, in the alphabet's order. */
async function readActs(analyst: ClickHouse, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await analyst.query<{ id: string; acts: string }>(
    `SELECT generation_id AS id, arrayStringConcat(arraySort(groupArray(event_type)), ' ') AS acts
     FROM (SELECT DISTINCT generation_id, event_id, event_type FROM events
           WHERE has({ids:Array(String)}, generation_id) AND event_type IN ('copy', 'rate', 'reject', 'accept', 'edit'))
     GROUP BY id`,
    { ids },
  );
  return new Map(rows.map(({ id, acts }) => [id, acts]));
}
