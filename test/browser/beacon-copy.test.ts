// What leaves a page by copying, in a real Chromium with real keys and a real mouse, as the rows that are stored by a
// whole instance: whose text it was, how many characters, of how many. No text is in any body that was posted.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newGenerationId } from '../../services/beacon/server.js';
import type { Tacit } from '../../services/beacon/web/api.js';
import { TEXT } from '../support/beacon-page.js';
import {
  ALL,
  button,
  CODE,
  copyFirst,
  first,
  firstCopied,
  inShadow,
  PROMPT,
  SECOND,
  second,
  type Copied,
  type CopyCase,
} from '../support/copy-case.js';
import { eventually } from '../support/eventually.js';
import { addPageBundle } from '../support/page-bundle.js';
import { leakedInto, openPageStage, type PageStage } from '../support/page-stage.js';
import { dragTo, pressTwice, sweep } from '../support/real-pointer.js';

const EDITORS = ['codemirror', 'tiptap', 'monaco'] as const;
const MARKDOWN = `## Animals\n\n**${TEXT}**\n`;
/** More lines than an editor puts into the document. */
const LINES = Array.from({ length: 400 }, (_, n) => `${n} ${SECOND}`).join('\n');

/** How long all of them may take on a busy machine, ms. */
const PLAY_MS = 600_000;

let stage: PageStage;
const tags: Record<string, string> = {};

const editor = (g: string, kind: (typeof EDITORS)[number], inside: string): string =>
  `<div id="editor" data-tacit-generation="${g}">${inside}</div>${tags[kind]}`;

/** How many characters each editor itself takes for selected: it hears of a new selection a little later than the page. */
const SELECTED = {
  codemirror: 'editor.state.selection.main.to - editor.state.selection.main.from',
  tiptap: 'editor.state.selection.to - editor.state.selection.from',
  monaco: 'editor.getModel().getValueInRange(editor.getSelection()).length',
} as const;

const SELECTIONS: readonly CopyCase[] = [
  {
    title: 'a selection from the prompt into a generation is a copy of its part of the generation',
    body: (g) => `<p id="prompt">${PROMPT}</p>${first(g)}`,
    async act(page) {
      await sweep(page, [page.locator('#prompt'), 7], [page.locator('#g'), 24]);
      await page.keyboard.press('Control+c');
    },
    copies: (g) => [[g, 24, ALL, 'keyboard', '']],
  },
  {
    title: 'a selection across two generations is one copy of each',
    body: (g, h) => `${first(g)}<p>between</p>${second(h)}`,
    async act(page) {
      await sweep(page, [page.locator('#g'), 60], [page.locator('#h'), 8]);
      await page.keyboard.press('Control+c');
    },
    copies: (g, h) => [
      [g, ALL - 60, ALL, 'keyboard', ''],
      [h, 8, SECOND.length, 'keyboard', ''],
    ],
  },
  {
    title: 'a selection in an open shadow root is counted exactly, also one that starts outside of it',
    body: (g) => `<p id="prompt">${PROMPT}</p>${inShadow(first(g))}`,
    async act(page) {
      await sweep(page, [page.locator('#g'), 9], [page.locator('#g'), 31]);
      await page.keyboard.press('Control+c');
      await sweep(page, [page.locator('#prompt'), 7], [page.locator('#g'), 50]);
      await page.keyboard.press('Control+c');
    },
    copies: (g) => [
      [g, 22, ALL, 'keyboard', ''],
      [g, 50, ALL, 'keyboard', ''],
    ],
  },
  {
    title: 'a generation whose element holds its text in a shadow root counts that text, and the one after it its own',
    body: (g, h) => `${inShadow(`<p id="g">${TEXT}</p>`, `data-tacit-generation="${g}"`)}${second(h)}`,
    async act(page) {
      await sweep(page, [page.locator('#g'), 70], [page.locator('#h'), 8]);
      await page.keyboard.press('Control+c');
    },
    copies: (g, h) => [
      [g, ALL - 70, ALL, 'keyboard', ''],
      [h, 8, SECOND.length, 'keyboard', ''],
    ],
  },
  {
    title: 'in a text field the selection of the field counts, for a copy and a cut, and not when it lies elsewhere',
    body: (g, h) => `${first(g)}<textarea id="field" cols="90" data-tacit-generation="${h}">${SECOND}</textarea>`,
    async act(page) {
      await page.click('#field');
      await page.keyboard.press('Control+Home');
      for (let i = 0; i < 8; i++) await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Control+c');
      await page.keyboard.press('Shift+ArrowRight');
      await page.keyboard.press('Control+x');
      await page.keyboard.press('Control+a');
      await copyFirst(page);
    },
    copies: (g, h) => [[h, 8, SECOND.length, 'keyboard', ''], [h, 9, SECOND.length, 'keyboard', ''], firstCopied(g)],
  },
  {
    title: 'a copy with nothing selected is nothing, nor is one in a region that is not to be captured or a password',
    body: (g, h) => `${first(g)}<div data-tacit-no-capture>${second(h)}</div>
      <div data-tacit-generation="${h}">x<input id="secret" type="password" value="${SECOND}"></div>`,
    async act(page) {
      await page.keyboard.press('Control+c');
      await page.click('#g');
      await page.keyboard.press('Control+c');
      await sweep(page, [page.locator('#h'), 0], [page.locator('#h'), 40]);
      await page.keyboard.press('Control+c');
      await page.click('#secret');
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Control+c');
      await copyFirst(page);
    },
    copies: (g) => [firstCopied(g)],
  },
  {
    title: 'a host that stops the event and takes the copy over is seen all the same',
    body: (g) => `<script>document.addEventListener('copy', (event) => {
        event.preventDefault();
        event.clipboardData.setData('text/plain', 'from somewhere');
        event.stopImmediatePropagation();
      }, true);</script>${first(g)}`,
    act: copyFirst,
    copies: (g) => [firstCopied(g)],
  },
  {
    title: 'text that is dragged out is a copy by dragging; a picture is not, nor a drag that is taken back',
    body: (g) => `${first(g)}<div data-tacit-generation="${g}"><img id="img" alt="" width="40" height="40"
      src="data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"></div>
      <textarea id="drop" cols="60" rows="5"></textarea><p id="floor">nothing can be dropped here</p>`,
    async act(page) {
      const floor = page.locator('#floor');
      // what is selected already would be dragged instead of selected anew
      const select = async (to: number): Promise<void> => {
        await floor.click();
        await sweep(page, [page.locator('#g'), 9], [page.locator('#g'), to]);
      };
      await select(31);
      await dragTo(page, [page.locator('#g'), 15], floor);
      await select(32);
      await page.dragAndDrop('#img', '#drop');
      await select(33);
      await dragTo(page, [page.locator('#g'), 15], page.locator('#drop'));
    },
    copies: (g) => [[g, 24, ALL, 'drag', '']],
  },
  {
    title: 'an attached iframe is seen: its selections and its copy buttons',
    body: (g, h) => `<iframe id="frame" width="800" height="300"></iframe><script>{
      const inner = document.querySelector('#frame').contentDocument;
      inner.body.innerHTML = \`${first(g)}<div>${second(h)}<button id="b">Copy</button></div>\`;
      inner.querySelector('#b').addEventListener('click', () =>
        inner.defaultView.navigator.clipboard.writeText(inner.querySelector('#h').textContent));
      tacit.attach(inner);
      tacit.attach(inner);
    }</script>`,
    async act(page) {
      const frame = page.frameLocator('#frame');
      await sweep(page, [frame.locator('#g'), 9], [frame.locator('#g'), 31]);
      await page.keyboard.press('Control+c');
      await frame.locator('#b').click();
    },
    copies: (g, h) => [
      [g, 22, ALL, 'keyboard', ''],
      [h, SECOND.length, SECOND.length, 'button', ''],
    ],
  },
];

const BUTTONS: readonly CopyCase[] = [
  {
    title: 'a copy button through navigator.clipboard.writeText, unmarked, is a copy of all',
    body: (g) => `<div data-tacit-generation="${g}"><span>${TEXT}</span>
      ${button(`navigator.clipboard.writeText(document.querySelector('span').textContent)`)}</div>`,
    act: (page) => page.click('#b'),
    copies: (g) => [[g, ALL, ALL, 'button', '']],
  },
  {
    title: 'a copy button through navigator.clipboard.write is a copy of all; an address that is written is none',
    body: (g) => `${first(g)}${button(`navigator.clipboard.writeText('https://share.example/8f2e')`)}
      ${button(`navigator.clipboard.write([new ClipboardItem({ 'text/plain': '${TEXT}' })])`, 'c')}`,
    async act(page) {
      await page.click('#b');
      await page.click('#c');
    },
    copies: (g) => [[g, ALL, ALL, 'button', '']],
    unattributed: 1,
  },
  {
    title: 'a part that an unmarked button writes is recognised from 20 characters on',
    body: (g) => `${first(g)}${button(`navigator.clipboard.writeText('${TEXT.slice(0, 19)}')`)}
      ${button(`navigator.clipboard.writeText('${TEXT.slice(0, 20)}')`, 'c')}`,
    async act(page) {
      await page.click('#b');
      await page.click('#c');
    },
    copies: (g) => [[g, 20, ALL, 'button', '']],
    unattributed: 1,
  },
  {
    title: 'a copy button through execCommand and a temporary field or node is a copy of what stood there',
    body: (g) => `${first(g)}
      ${button(`const area = document.createElement('textarea');
        area.value = document.querySelector('#g').textContent;
        document.body.append(area); area.select(); document.execCommand('copy'); area.remove();`)}
      ${button(
        `const mark = document.createElement('span');
        mark.textContent = document.querySelector('#g').textContent.slice(0, 39);
        document.body.append(mark);
        getSelection().selectAllChildren(mark); document.execCommand('copy'); mark.remove();`,
        'c',
      )}`,
    async act(page) {
      await page.click('#b');
      await page.click('#c');
    },
    copies: (g) => [
      [g, ALL, ALL, 'button', ''],
      [g, 39, ALL, 'button', ''],
    ],
  },
  {
    title: 'the button of a block of code copies code, of the whole answer',
    body: (g) => `<div data-tacit-generation="${g}"><p>${TEXT}</p><pre><code>${CODE}</code></pre>
      ${button(`navigator.clipboard.writeText(document.querySelector('code').textContent)`)}</div>`,
    act: (page) => page.click('#b'),
    copies: (g) => [[g, CODE.length, ALL + CODE.length, 'button', 'code']],
  },
  {
    title: 'a button that writes the Markdown that the page has registered copies all of that',
    body: (g) => `<div id="view"><h2>Animals</h2><strong>${TEXT}</strong></div>
      <script>tacit.generation('${g}', { text: ${JSON.stringify(MARKDOWN)}, element: document.querySelector('#view') });
      </script>${button(`navigator.clipboard.writeText(${JSON.stringify(MARKDOWN)})`)}`,
    act: (page) => page.click('#b'),
    copies: (g) => [[g, MARKDOWN.length, MARKDOWN.length, 'button', '']],
  },
];

const IN_EDITORS: readonly CopyCase[] = [
  ...EDITORS.map((kind): CopyCase => ({
    title: `in ${kind} a copy and a cut are counted exactly`,
    body: (g) => editor(g, kind, TEXT),
    async act(page) {
      const line = page.locator('#editor').getByText('Fourteen').last();
      await line.click();
      await page.keyboard.press('Control+a');
      await page.waitForFunction(`${SELECTED[kind]} >= ${ALL}`);
      await page.keyboard.press('Control+c');
      await pressTwice(page, [line, 3]);
      await page.waitForFunction(`${SELECTED[kind]} === 8`);
      await page.keyboard.press('Control+x');
    },
    copies: (g) => [
      [g, ALL, ALL, 'keyboard', ''],
      [g, 8, ALL, 'keyboard', ''],
    ],
  })),
  ...(['codemirror', 'monaco'] as const).map((kind): CopyCase => ({
    title: `in ${kind} a copy of more lines than the document holds is counted exactly`,
    body: (g) => editor(g, kind, LINES).replace('id="editor"', 'id="editor" style="height:300px;overflow:auto"'),
    async act(page) {
      await page.locator('#editor').getByText('0 Nineteen').first().click();
      await page.keyboard.press('Control+a');
      await page.waitForFunction(`${SELECTED[kind]} >= ${LINES.length}`);
      await page.keyboard.press('Control+c');
      await pressTwice(page, [page.locator('#editor').getByText('0 Nineteen').first(), 4]);
      await page.waitForFunction(`${SELECTED[kind]} === 8`);
      await page.keyboard.press('Control+c');
    },
    copies: (g) => [
      [g, LINES.length, LINES.length, 'keyboard', ''],
      [g, 'Nineteen'.length, LINES.length, 'keyboard', ''],
    ],
  })),
];

const CASES = [...SELECTIONS, ...BUTTONS, ...IN_EDITORS];

interface Played {
  readonly page: Page;
  readonly generations: readonly [string, string];
  /** Why the person could not act. */
  failure?: unknown;
}

const played = new Map<CopyCase, Played>();

async function unattributed(page: Page): Promise<number> {
  return await page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.stats()['unattributed'] ?? 0);
}

/** One person after the other; what was stored of all is read afterwards. */
beforeAll(async () => {
  stage = await openPageStage();
  for (const kind of EDITORS) tags[kind] = await addPageBundle(stage.server, `${kind}.ts`);
  for (const one of CASES) {
    const generations = [newGenerationId(), newGenerationId()] as const;
    const play: Played = { page: await stage.open(one.body(...generations)), generations };
    await one.act(play.page).catch((error: unknown) => (play.failure = error));
    played.set(one, play);
  }
  await Promise.all([...played].map(([one, play]) => stored(one, play)));
}, PLAY_MS);
afterAll(async () => {
  await stage?.close();
});

async function copiesOf(generations: readonly string[]): Promise<Copied[]> {
  const rows = (await stage.rows(generations)).filter((row) => row.event_type === 'copy');
  return rows.map((row) => [row.generation_id, row.chars, row.total_chars, row.reason, row.label as Copied[4]]);
}

/** Waits for what is expected, and then for all else that the page has recorded before its end. */
async function stored(one: CopyCase, { page, generations, failure }: Played): Promise<void> {
  const expected = one.copies(...generations).length;
  const enough = async (): Promise<boolean> => (await copiesOf(generations)).length >= expected;
  if (failure === undefined) await eventually(enough, (yes) => yes, 30_000).catch(() => undefined);
  await stage.settle(page, generations[0]);
}

test.each(CASES)('$title', async (one) => {
  const { page, generations, failure } = played.get(one) as Played;
  if (failure) throw failure as Error;
  // two of one millisecond have no order
  expect((await copiesOf(generations)).sort()).toEqual([...one.copies(...generations)].sort());
  expect(await unattributed(page)).toBe(one.unattributed ?? 0);
});

/** When copies happened in a page, ms; undefined when it is not clear which of them lie within 300 ms of another. */
async function copyTimes(page: Page): Promise<number[] | undefined> {
  const times = await page.evaluate<number[]>('times');
  const gaps = times.slice(1).map((at, n) => at - (times[n] ?? 0));
  return gaps.some((gap) => gap < 280) && !gaps.some((gap) => Math.abs(gap - 300) <= 20) ? times : undefined;
}

test('the same copy within 300 ms is one, later it is another', async () => {
  let generation = '';
  let times: number[] | undefined;
  // As fast as the machine can: how fast that was is measured in the page.
  while (times === undefined) {
    generation = newGenerationId();
    const page = await stage.open(`<script>
      const times = [];
      addEventListener('copy', () => times.push(Date.now()));
    </script>${first(generation)}`);
    await copyFirst(page);
    await Promise.all([page.keyboard.press('Control+c'), page.keyboard.press('Control+c')]);
    await page.waitForTimeout(400);
    await page.keyboard.press('Control+c');
    times = await copyTimes(page);
    await stage.settle(page, generation);
  }
  let last = -Infinity;
  const counted = times.filter((at) => at - last > 300 && (last = at));
  expect((await copiesOf([generation])).length).toBe(counted.length);
});

test('no page has failed, and no run of eight characters of any text was posted', () => {
  expect(stage.errors).toEqual([]);
  expect(stage.bodies.filter((body) => body.includes('"copy"')).length).toBeGreaterThan(0);
  expect(leakedInto(stage.bodies, [TEXT, SECOND, CODE, PROMPT, MARKDOWN])).toEqual([]);
});
