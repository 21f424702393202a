// What is changed in CodeMirror 6, TipTap (ProseMirror) and Monaco, by real keys and by programs, as their adapters tell
// it: edits with exact numbers, insertions that are taken back, and no character of a text in what is posted.
import { describe, expect, test } from 'vitest';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';
import type { EditorHost } from '../support/editor-host.js';
import { addPageBundle } from '../support/page-bundle.js';

const OWN = 'Dear colleague, please read.';
/** Where in it a text is put. */
const MIDDLE = 15;
const TYPED = 'zebra crossing';

let it: BeaconPage;

beaconPageForEach((page) => (it = page), { texts: [TEXT, OWN, TYPED], clipboard: true });

const onHost = {
  text: (): Promise<string> => it.page.evaluate(() => (window as unknown as { host: EditorHost }).host.text()),
  caret: (): Promise<number> => it.page.evaluate(() => (window as unknown as { host: EditorHost }).host.caret()),
  insert: (text: string, at?: number): Promise<void> =>
    it.page.evaluate(({ text, at }) => (window as unknown as { host: EditorHost }).host.insert(text, at), { text, at }),
};

/** Moves the caret to the end or the start; some editors hear of it a moment later. */
async function goTo(end: 'Home' | 'End'): Promise<void> {
  const at = end === 'Home' ? 0 : (await onHost.text()).length;
  await it.page.keyboard.press(`Control+${end}`);
  await expect.poll(onHost.caret).toBe(at);
}

/** The editor stands in a form, holds `content` and carries the id of `g1`, unless it is to be inserted there. */
async function openEditor(entry: string, content: string, inserts = false): Promise<void> {
  const tags = await addPageBundle(it.server, entry);
  const carries = inserts ? '' : 'data-tacit-generation="g1"';
  await it.open(`<form onsubmit="return false" ${carries}><div id="editor">${content}</div><button id="go">Go</button></form>
    <input id="other"><div ${inserts ? 'data-tacit-generation="g1"' : ''}>
    ${inserts ? `<p>${TEXT}</p>` : ''}<button id="insert" data-tacit-action="insert">Insert</button></div>${tags}`);
  await it.page.waitForFunction(() => 'host' in window);
  await it.received('generated');
}

interface Case {
  name: string;
  entry: string;
  /** Where the keys go. */
  input: string;
}

const EDITORS: Case[] = [
  { name: 'CodeMirror', entry: 'codemirror.ts', input: '.cm-content' },
  { name: 'TipTap', entry: 'tiptap.ts', input: '.ProseMirror' },
  { name: 'Monaco', entry: 'monaco.ts', input: '.view-lines' },
];

describe.each(EDITORS)('$name', ({ entry, input }) => {
  test('typing, Enter, Backspace, paste and undo are one edit that ends with the blur', async () => {
    await openEditor(entry, TEXT);
    await it.page.click(input);
    await goTo('End');
    await it.page.keyboard.press('Enter');
    await it.page.keyboard.type(TYPED);
    await it.page.keyboard.press('Backspace');
    await it.page.evaluate(() => navigator.clipboard.writeText('pasted.'));
    // Editors take back together what came within half a second.
    await it.page.waitForTimeout(700);
    await it.page.keyboard.press('Control+v');
    await expect.poll(onHost.text).toBe(`${TEXT}\n${TYPED.slice(0, -1)}pasted.`);
    await it.page.keyboard.press('Control+z');
    await expect.poll(onHost.text).toBe(`${TEXT}\n${TYPED.slice(0, -1)}`);
    await it.page.click('#other');
    const [edit] = await it.received('edit');
    const to = TEXT.length + TYPED.length;
    expect(edit).toMatchObject({
      g: 'g1',
      distance: TYPED.length,
      from: TEXT.length,
      to,
      similarity: Math.round((TEXT.length / to) * 1e4) / 1e4,
      by: 'blur',
    });
    expect(it.now('reject')).toEqual([]);
  });

  test('what a program writes is no edit, and what it adds belongs to what was found', async () => {
    await openEditor(entry, '');
    for (let at = 0; at < TEXT.length; at += 20) await onHost.insert(TEXT.slice(at, at + 20));
    await it.page.click(input);
    await goTo('Home');
    await it.page.keyboard.type('So: ');
    await onHost.insert(' And more.');
    // By a call: between the two halves of a slow click the focus would be away for long enough.
    await it.page.evaluate(() => document.querySelector('form')?.requestSubmit());
    const [edit] = await it.received('edit');
    expect(edit).toMatchObject({ distance: 4, from: TEXT.length + 10, to: TEXT.length + 14, by: 'submit' });
  });

  test('an inserted text that is undone is rejected, once, and accepted again by redo', async () => {
    await openEditor(entry, OWN, true);
    await it.page.evaluate((text) => {
      document.querySelector('#insert')?.addEventListener('click', () => {
        (window as unknown as { host: EditorHost }).host.insert(text);
      });
    }, TEXT);
    await it.page.click('#insert');
    await expect.poll(onHost.text).toBe(OWN + TEXT);
    await it.page.click(input);
    await goTo('End');
    await it.page.keyboard.type('!');
    await expect.poll(onHost.text).toBe(`${OWN}${TEXT}!`);
    await expect
      .poll(
        async () => {
          await it.page.keyboard.press('Control+z');
          return await onHost.text();
        },
        { timeout: 15_000 },
      )
      .toBe(OWN);
    const [reject] = await it.received('reject');
    expect(reject).toMatchObject({ g: 'g1', reason: 'undone' });
    await it.page.keyboard.press('Control+Shift+z');
    await it.page.keyboard.press('Control+y');
    await it.page.click('#other');
    const accepts = await it.received('accept', 2);
    expect(accepts.map(({ method }) => method)).toEqual(['insert', 'insert']);
    expect(it.now('reject').length).toBe(1);
    expect(it.now('edit')).toEqual([]);
  });

  test('an edit of an inserted text counts in it alone, and not what stands around it', async () => {
    await openEditor(entry, OWN, true);
    await it.page.evaluate(
      ({ text, at }) => {
        document.querySelector('#insert')?.addEventListener('click', () => {
          (window as unknown as { host: EditorHost }).host.insert(text, at);
        });
      },
      { text: TEXT, at: MIDDLE },
    );
    await it.page.click('#insert');
    await it.page.click(input);
    await goTo('Home');
    await it.page.keyboard.type(TYPED);
    await expect.poll(onHost.caret).toBe(TYPED.length);
    for (let i = 0; i < MIDDLE; i++) await it.page.keyboard.press('ArrowRight');
    await expect.poll(onHost.caret).toBe(TYPED.length + MIDDLE);
    for (let i = 0; i < 9; i++) await it.page.keyboard.press('Delete');
    await it.page.click('#other');
    const [edit] = await it.received('edit');
    expect(edit).toMatchObject({ distance: 9, from: TEXT.length, to: TEXT.length - 9, by: 'blur' });
  });
});
