// Edits in text fields and editable elements, which the beacon sees by itself: by real keys, paste, drop, an input method
// and programs; how an edit ended, an insertion that is taken back, and what is retained of an accepted text.
import { describe, expect, test } from 'vitest';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';
import type { RecordedEvent } from '../support/recording-collector.js';

const TYPED = 'zebra crossing';
const MINUTE_MS = 60_000;

let it: BeaconPage;

beaconPageForEach((page) => (it = page), { texts: [TEXT, TYPED], clipboard: true });

const read = (): Promise<string> =>
  it.page.evaluate(() => {
    const place = document.querySelector('#place') as HTMLElement;
    return place instanceof HTMLTextAreaElement ? place.value : place.innerText;
  });

/** The order in a batch is open: these are in the order they happened. */
async function happened(type: string, n: number): Promise<RecordedEvent[]> {
  return (await it.received(type, n)).toSorted((a, b) => a.t - b.t);
}

/** The place in a form, with a field beside it. `attributes` are the place's. */
async function open(kind: Kind, content: string, attributes = 'data-tacit-generation="g1"', more = ''): Promise<void> {
  const style = 'style="display:block;width:600px;height:120px;white-space:pre-wrap"';
  const place =
    kind === 'textarea'
      ? `<textarea id="place" ${style} ${attributes}>${content}</textarea>`
      : `<div id="place" contenteditable ${style} ${attributes}>${content}</div>`;
  await it.open(`<form onsubmit="return false">${place}<button id="go">Go</button></form><input id="other">${more}`);
  await it.received('generated');
}

/** An answer with a control that inserts it; `window.insert` is what the control does. */
const ANSWER = `<div data-tacit-generation="g1"><p>${TEXT}</p><button id="insert" data-tacit-action="insert"
  onclick="insert()">Insert</button></div>`;

/** `undoable`: the browser knows how to undo it. */
async function insertsInto(how: 'undoable' | 'value' | 'later'): Promise<void> {
  await it.page.evaluate(
    ({ text, how }) => {
      const place = document.querySelector('#place') as HTMLTextAreaElement;
      const put = (): void => {
        if (how === 'undoable') {
          place.focus();
          const selection = getSelection() as Selection;
          if (place.value === undefined) selection.selectAllChildren(place);
          else place.setSelectionRange(place.value.length, place.value.length);
          selection.collapseToEnd();
          document.execCommand('insertText', false, text);
        } else place.value += text;
      };
      (window as { insert?: () => void }).insert = how === 'later' ? () => void setTimeout(put, 200) : put;
    },
    { text: TEXT, how },
  );
}

type Kind = 'textarea' | 'contenteditable';

describe.each<Kind>(['textarea', 'contenteditable'])('%s', (kind) => {
  test('typing, Enter, Backspace, paste and undo are one edit that ends with the blur', async () => {
    await open(kind, TEXT);
    await it.page.click('#place');
    await it.page.keyboard.press('Control+End');
    await it.page.keyboard.press('Enter');
    await it.page.keyboard.type(TYPED);
    await it.page.keyboard.press('Backspace');
    await it.page.evaluate(() => navigator.clipboard.writeText('pasted.'));
    await it.page.keyboard.press('Control+v');
    await expect.poll(read).toBe(`${TEXT}\n${TYPED.slice(0, -1)}pasted.`);
    await it.page.keyboard.press('Control+z');
    await expect.poll(read).toBe(`${TEXT}\n${TYPED.slice(0, -1)}`);
    await it.page.click('#other');
    const [edit] = await it.received('edit');
    const to = TEXT.length + TYPED.length;
    expect(edit).toMatchObject({ g: 'g1', distance: TYPED.length, from: TEXT.length, to, by: 'blur' });
    expect(edit?.['similarity']).toBe(Math.round((TEXT.length / to) * 1e4) / 1e4);
    expect(it.now('reject')).toEqual([]);
  });

  test('an input method, a drop, and tokens that arrive meanwhile: only the person’s part is an edit', async () => {
    await open(kind, TEXT, undefined, `<p id="source" style="width:200px">dragged</p>`);
    await it.page.click('#place');
    await it.page.keyboard.press('Control+Home');
    const devtools = await it.page.context().newCDPSession(it.page);
    await devtools.send('Input.imeSetComposition', { text: 'か', selectionStart: 1, selectionEnd: 1 });
    await devtools.send('Input.imeSetComposition', { text: 'かん', selectionStart: 2, selectionEnd: 2 });
    await devtools.send('Input.insertText', { text: '漢' });
    await expect.poll(read).toBe(`漢${TEXT}`);
    await it.page.evaluate(() => {
      const place = document.querySelector('#place') as HTMLTextAreaElement;
      if (place.value === undefined) place.append(' and so on');
      else place.value += ' and so on';
      getSelection()?.selectAllChildren(document.querySelector('#source') as Element);
    });
    await it.page.dragAndDrop('#source', '#place', {
      sourcePosition: { x: 10, y: 8 },
      targetPosition: { x: 4, y: 100 },
    });
    await expect.poll(read).toContain('dragged');
    // Browsers put a space beside a dropped word where they take it to be needed.
    const to = (await read()).length;
    await it.page.evaluate(() => document.querySelector('form')?.requestSubmit());
    // Where the drag took long, the place had lost the focus for long enough to be reported before.
    const submitted = (): RecordedEvent | undefined => it.now('edit').find(({ by }) => by === 'submit');
    await expect.poll(submitted, { timeout: 15_000 }).toBeDefined();
    const edit = submitted();
    const from = TEXT.length + 10;
    expect(edit).toMatchObject({ distance: to - from, from, to, by: 'submit' });
    expect(to - from - 8).toBeLessThanOrEqual(1);
  });

  test('an inserted text that is undone is rejected, once, and accepted again by redo', async () => {
    await open(kind, 'Mine. ', '', ANSWER);
    await insertsInto('undoable');
    await it.page.click('#insert');
    await it.received('accept');
    expect(await read()).toBe(`Mine. ${TEXT}`);
    await it.page.waitForTimeout(150);
    await it.page.keyboard.press('Control+z');
    await expect.poll(read).toBe('Mine. ');
    const [reject] = await it.received('reject');
    expect(reject).toMatchObject({ g: 'g1', reason: 'undone' });
    await it.page.keyboard.press('Control+Shift+z');
    const accepts = await happened('accept', 2);
    expect(accepts.map(({ method }) => method)).toEqual(['insert', 'insert']);
    await it.page.click('#other');
    await it.page.waitForTimeout(600);
    expect(it.now('reject').length).toBe(1);
    expect(it.now('edit')).toEqual([]);
  });
});

test('a text that a program inserts a moment later, and takes back by a handler of its own, is rejected', async () => {
  await open('textarea', 'Mine. ', '', ANSWER);
  await insertsInto('later');
  await it.page.click('#insert');
  await expect.poll(read).toBe(`Mine. ${TEXT}`);
  await it.page.evaluate(() => {
    const place = document.querySelector('#place') as HTMLTextAreaElement;
    place.addEventListener('keydown', (event) => {
      if (!event.ctrlKey || event.key !== 'z') return;
      event.preventDefault();
      place.value = 'Mine. ';
    });
  });
  // The last look at the places.
  await it.page.waitForTimeout(1100);
  await it.page.focus('#place');
  await it.page.keyboard.press('Control+z');
  await expect.poll(read).toBe('Mine. ');
  const [reject] = await it.received('reject');
  expect(reject).toMatchObject({ g: 'g1', reason: 'undone' });
});

test('a text is found where the page had put it before it said so, and its edit counts in it alone', async () => {
  await open('textarea', 'Mine. ', '', `<p data-tacit-generation="g1">${TEXT}</p>`);
  await it.page.evaluate((text) => {
    (document.querySelector('#place') as HTMLTextAreaElement).value += text;
    (window as unknown as { tacit: Tacit }).tacit.accept('g1', { method: 'insert' });
  }, TEXT);
  await it.page.click('#place');
  await it.page.keyboard.press('Control+Home');
  await it.page.keyboard.type(TYPED);
  await it.page.keyboard.press('Control+End');
  for (let i = 0; i < 9; i++) await it.page.keyboard.press('Backspace');
  await it.page.click('#other');
  const [edit] = await it.received('edit');
  expect(edit).toMatchObject({ g: 'g1', distance: 9, from: TEXT.length, to: TEXT.length - 9 });
});

test('an edit ends by 30 s without a change, and by the page that is left', async () => {
  await it.page.clock.install();
  await open('textarea', TEXT);
  await it.page.click('#place');
  await it.page.keyboard.press('Control+End');
  await it.page.keyboard.type('!');
  await it.page.clock.fastForward(20_000);
  expect(it.now('edit')).toEqual([]);
  await it.page.clock.fastForward(11_000);
  const [idle] = await it.received('edit');
  expect(idle).toMatchObject({ distance: 1, by: 'idle' });
  await it.page.keyboard.type('!');
  await it.page.goto('about:blank');
  const [, left] = await happened('edit', 2);
  expect(left).toMatchObject({ distance: 2, from: TEXT.length, to: TEXT.length + 2, by: 'left' });
});

test('what remains is reported 30 s, 2, 5 and 10 minutes after the acceptance, and an undo after 30 s is an edit', async () => {
  await it.page.clock.install();
  await open('textarea', 'Mine. ', '', ANSWER);
  await insertsInto('undoable');
  await it.page.click('#insert');
  await it.received('accept');
  await it.page.clock.fastForward(31_000);
  const [first] = await it.received('retention');
  expect(first).toMatchObject({ g: 'g1', similarity: 1, retainedChars: TEXT.length });
  expect(first?.['afterMs']).toBeGreaterThanOrEqual(30_000);
  for (let i = 0; i < 6; i++) await it.page.keyboard.press('Backspace');
  // Asleep past the checkpoints of 2 and 5 minutes.
  await it.page.clock.fastForward(6 * MINUTE_MS);
  const [, second] = await happened('retention', 2);
  expect(second).toMatchObject({ retainedChars: TEXT.length - 6 });
  expect(second?.['similarity']).toBe(Math.round((1 - 6 / TEXT.length) * 1e4) / 1e4);
  expect(second?.['afterMs']).toBeGreaterThanOrEqual(6 * MINUTE_MS);
  for (let i = 0; i < 20 && (await read()) !== 'Mine. '; i++) await it.page.keyboard.press('Control+z');
  expect(await read()).toBe('Mine. ');
  await it.page.clock.fastForward(4 * MINUTE_MS);
  const [, , third] = await happened('retention', 3);
  expect(third).toMatchObject({ similarity: 0, retainedChars: 0 });
  await it.page.clock.fastForward(20 * MINUTE_MS);
  const [, edit] = await happened('edit', 2);
  expect(edit).toMatchObject({ similarity: 0, distance: TEXT.length, to: 0, by: 'idle' });
  expect(it.now('retention').length).toBe(3);
  expect(it.now('reject')).toEqual([]);
});
