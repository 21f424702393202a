// What the beacon sees in a real browser: shown, copied, edited, refused, ignored. Against a collector that records.
import { expect, test } from 'vitest';
import type { Tacit } from '../../services/beacon/web/api.js';
import { GENERATIONS_MAX } from '../../services/beacon/web/registry.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';

let it: BeaconPage;

beaconPageForEach((page) => (it = page), { clipboard: true });

/** Selects from one text node's character to another's. */
async function select(from: string, start: number, to: string, end: number): Promise<void> {
  const ends = { from, start, to, end };
  await it.page.evaluate((ends) => {
    const text = (selector: string): Node => (document.querySelector(selector) as Element).firstChild as Node;
    const range = document.createRange();
    range.setStart(text(ends.from), ends.start);
    range.setEnd(text(ends.to), ends.end);
    getSelection()?.removeAllRanges();
    getSelection()?.addRange(range);
  }, ends);
}

const G1 = `<p id="g1" data-tacit-generation="g1">${TEXT}</p>`;

test('a generation in a page is generated, and shown after 750 ms in sight, with its dimensions', async () => {
  await it.open(`<p data-tacit-generation="g1" data-tacit-prompt="summarise" data-tacit-prompt-version="7"
    data-tacit-model="m" data-tacit-model-version="2" data-tacit-generated-at="1767225590000">${TEXT}</p>`);
  const [generated] = await it.received('generated');
  const [shown] = await it.received('shown');
  expect(generated).toMatchObject({ g: 'g1' });
  expect(shown?.['visibleMs']).toBeGreaterThanOrEqual(750);
  expect(shown?.['visibleMs']).toBeLessThan(2000);
  expect(shown?.['forced']).toBeUndefined();
  expect(it.collector.batches[0]?.generations['g1']).toEqual({
    promptId: 'summarise',
    promptVersion: '7',
    model: 'm',
    modelVersion: '2',
    generatedAt: 1767225590000,
  });
  expect(it.collector.batches[0]).toMatchObject({ key: 'pk_test0001', surface: 'web', sdk: 'tacit-web/0.1.0' });
  expect(it.collector.batches[0]?.contentType).toMatch(/^text\/plain/);
  expect(it.collector.preflights).toBe(0);
});

test('an answer far longer than the screen is shown, one below the fold or hidden is not', async () => {
  await it.open(`<div data-tacit-generation="long" style="height:6000px">x</div>
    <p data-tacit-generation="below">${TEXT}</p>
    <p data-tacit-generation="hidden" style="position:fixed;top:0;opacity:0">${TEXT}</p>`);
  const [shown] = await it.received('shown');
  await it.page.waitForTimeout(1500);
  expect(it.now('shown').map(({ g }) => g)).toEqual([shown?.g]);
  expect(shown?.g).toBe('long');
  expect(it.now('generated').length).toBe(3);
  await it.page.locator('[data-tacit-generation=below]').scrollIntoViewIfNeeded();
  await it.received('shown', 2);
});

test('an answer inside a scrolling box is shown only when the box shows it', async () => {
  await it.open(`<div id="box" style="height:200px;overflow:auto"><div style="height:400px"></div>
    <p data-tacit-generation="g1">${TEXT}</p></div>`);
  await it.page.waitForTimeout(1800);
  expect(it.now('shown')).toEqual([]);
  await it.page.evaluate(() => document.querySelector('#box')?.scrollTo(0, 400));
  await it.received('shown');
});

test('a selection across authors counts the characters of the generation only, and forces shown', async () => {
  // out of sight, so that nothing but the copy can show it
  await it.open(`<p id="mine">My own question</p><div style="height:3000px"></div>${G1}`);
  await select('#mine', 3, '#g1', 24);
  await it.page.keyboard.press('Control+c');
  const [copy] = await it.received('copy');
  const [shown] = await it.received('shown');
  expect(copy).toMatchObject({ g: 'g1', chars: 24, of: TEXT.length, method: 'keyboard' });
  expect(shown).toMatchObject({ forced: true });
  expect((shown?.t ?? 0) <= (copy?.t ?? 0)).toBe(true);
});

test('a selection over two generations is two copies, and none for an empty or a private one', async () => {
  await it.open(`${G1}<p id="g2" data-tacit-generation="g2">Second answer</p>
    <p id="own">not generated</p><p id="g3" data-tacit-generation="g3" data-tacit-no-capture>secret</p>`);
  await it.page.keyboard.press('Control+c');
  await select('#own', 0, '#own', 5);
  await it.page.keyboard.press('Control+c');
  await select('#g1', 80, '#g3', 3);
  await it.page.keyboard.press('Control+c');
  const copies = await it.received('copy', 2);
  // of one millisecond: their order is open
  expect(copies.map(({ g, chars, of }) => [g, chars, of]).sort()).toEqual([
    ['g1', TEXT.length - 80, TEXT.length],
    ['g2', 13, 13],
  ]);
});

test('a copied block of code is named as code', async () => {
  await it.open(`<div data-tacit-generation="g1"><p>${TEXT}</p><pre id="code">let answer = 42;</pre></div>`);
  await select('#code', 0, '#code', 16);
  await it.page.keyboard.press('Control+c');
  const [copy] = await it.received('copy');
  expect(copy).toMatchObject({ chars: 16, of: TEXT.length + 16, part: 'code' });
});

test('what copy buttons write is recognised: the text, its Markdown, a block of code; an address is not', async () => {
  await it.open(`<div data-tacit-generation="g1"><p>${TEXT}</p><pre>let answer = 42;</pre></div>
    <div id="bar"><button id="all" data-tacit-copy data-tacit-generation="g1">Copy</button>
    <button id="code">Code</button><button id="link">Share</button><button id="item">Copy as item</button></div>`);
  await it.page.evaluate((text) => {
    const on = (id: string, run: () => unknown): void =>
      document.querySelector(`#${id}`)?.addEventListener('click', () => void run());
    on('all', () => navigator.clipboard.writeText(`## ${text}\n\n- more`));
    on('code', () => navigator.clipboard.writeText('let answer = 42;'));
    on('link', () => navigator.clipboard.writeText('https://share.example/8f2e'));
    on('item', () =>
      navigator.clipboard.write([new ClipboardItem({ 'text/plain': new Blob([text], { type: 'text/plain' }) })]),
    );
  }, TEXT);
  for (const id of ['link', 'all', 'code', 'item']) {
    await it.page.click(`#${id}`);
    await it.page.waitForTimeout(350);
  }
  const copies = await it.received('copy', 3);
  expect(copies.map(({ chars, method, part }) => [chars, method, part])).toEqual([
    [TEXT.length + 11, 'button', undefined],
    [16, 'button', 'code'],
    [TEXT.length, 'button', undefined],
  ]);
  expect(await it.page.evaluate(() => navigator.clipboard.readText())).toBe(TEXT);
});

test('a button that copies by a hidden field, and an editor that sets the data itself, are seen', async () => {
  await it.open(`${G1}<button id="old" data-tacit-copy data-tacit-generation="g1">Copy</button>
    <div id="editor" tabindex="0">canvas</div>`);
  await it.page.evaluate((text) => {
    document.querySelector('#old')?.addEventListener('click', () => {
      const field = document.createElement('textarea');
      field.value = text.slice(0, 50);
      document.body.append(field);
      field.select();
      document.execCommand('copy');
      field.remove();
    });
    document.querySelector('#editor')?.addEventListener('copy', (event) => {
      (event as ClipboardEvent).clipboardData?.setData('text/plain', text.slice(10, 60));
      event.preventDefault();
      event.stopImmediatePropagation();
    });
  }, TEXT);
  await it.page.click('#old');
  await it.received('copy');
  await it.page.waitForTimeout(1100);
  await it.page.focus('#editor');
  await it.page.keyboard.press('Control+c');
  const copies = await it.received('copy', 2);
  expect(copies.map(({ g, chars, method }) => [g, chars, method])).toEqual([
    ['g1', 50, 'button'],
    ['g1', 50, 'keyboard'],
  ]);
});

test('an edited text field reports how far it is from what was found there', async () => {
  await it.open(`<textarea data-tacit-generation="g1" rows="5" cols="80">${TEXT}</textarea><input id="other">`);
  await it.page.click('textarea');
  await it.page.keyboard.press('Control+End');
  await it.page.keyboard.type(' Really.');
  await it.page.click('#other');
  const [edit] = await it.received('edit');
  expect(edit).toMatchObject({ g: 'g1', distance: 8, from: TEXT.length, to: TEXT.length + 8, by: 'blur' });
  expect(edit?.['similarity']).toBeCloseTo(1 - 8 / (TEXT.length + 8), 3);
});

test('an edited contenteditable reports on its send control, after the acceptance', async () => {
  await it.open(`<div id="draft" contenteditable data-tacit-generation="g1">${TEXT}</div>
    <button data-tacit-action="send" data-tacit-generation="g1">Send</button>`);
  await it.page.click('#draft');
  await it.page.keyboard.press('Control+Home');
  for (let i = 0; i < 9; i++) await it.page.keyboard.press('Delete');
  await it.page.click('button');
  const [accept] = await it.received('accept');
  await expect.poll(() => it.now('edit').at(-1)?.['by'], { timeout: 8000 }).toBe('submit');
  const edit = it.now('edit').at(-1);
  expect(accept).toMatchObject({ method: 'send' });
  expect(edit).toMatchObject({ distance: 9, to: TEXT.length - 9 });
  expect((edit?.t ?? 0) >= (accept?.t ?? 0)).toBe(true);
});

test('what a program writes is no edit, nor what is typed into a password or an empty field', async () => {
  await it.open(`<div data-tacit-generation="g1">${TEXT}<textarea id="note"></textarea>
    <input id="secret" type="password" value="hunter2"></div>
    <textarea id="draft" data-tacit-generation="g2">Start</textarea>`);
  await it.page.type('#note', 'a comment of my own');
  await it.page.type('#secret', 'x');
  await it.page.evaluate(async () => {
    const draft = document.querySelector('#draft') as HTMLTextAreaElement;
    for (const word of [' and', ' more', ' tokens']) {
      draft.value += word;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  });
  await it.page.click('#note');
  await it.page.click('#draft');
  await it.page.keyboard.press('Control+End');
  await it.page.keyboard.type('!');
  await it.page.click('#note');
  const [edit] = await it.received('edit');
  expect(edit).toMatchObject({ g: 'g2', distance: 1, from: 21, to: 22 });
});

test('controls say what they do by an attribute, and a refused generation is not ignored', async () => {
  await it.open(`<div data-tacit-generation="g1">${TEXT}<button id="no" data-tacit-action="reject">x</button></div>
    <div data-tacit-generation="g2">b<button id="up" data-tacit-action="thumbs-up">+</button></div>
    <div data-tacit-generation="g3">c<button id="yes" data-tacit-action="accept">use</button></div>`);
  for (const id of ['no', 'up', 'yes']) await it.page.click(`#${id}`);
  const [reject] = await it.received('reject');
  const [rate] = await it.received('rate');
  const [accept] = await it.received('accept');
  expect(reject).toMatchObject({ g: 'g1', reason: 'dismissed' });
  expect(rate).toMatchObject({ g: 'g2', value: 1 });
  expect(accept).toMatchObject({ g: 'g3', method: 'apply' });
  await it.page.goto('about:blank');
  await it.page.waitForTimeout(500);
  expect(it.now('ignore')).toEqual([]);
});

test('another id in the same node is another generation: regenerated when asked for, else superseded', async () => {
  await it.open(`<div id="slot" data-tacit-generation="g1">${TEXT}</div>
    <button data-tacit-action="regenerate" data-tacit-generation="g2">again</button>`);
  await it.received('shown');
  const next = (id: string): Promise<void> =>
    it.page.evaluate((id) => document.querySelector('#slot')?.setAttribute('data-tacit-generation', id), id);
  await next('g2');
  const [superseded] = await it.received('ignore');
  expect(superseded).toMatchObject({ g: 'g1', reason: 'superseded' });
  expect(superseded?.['visibleMs']).toBeGreaterThanOrEqual(750);
  await it.page.click('button');
  await next('g3');
  const [reject] = await it.received('reject');
  expect(reject).toMatchObject({ g: 'g2', reason: 'regenerated' });
  await it.received('shown', 3);
  expect(it.now('ignore').length).toBe(1);
});

test('a generation that was only looked at is left when the page goes', async () => {
  // A page with an unload handler is not kept in the back/forward cache: it goes for good.
  await it.open(`${G1}<script>addEventListener('unload', () => {})</script>`);
  await it.received('shown');
  await it.page.goto('about:blank');
  await expect
    .poll(() => it.collector.events().find(({ type }) => type === 'ignore'), { timeout: 8000 })
    .toMatchObject({ g: 'g1', reason: 'left' });
});

test('calls before the script has loaded are replayed, and a text given by call is recognised', async () => {
  await it.open(`<div id="view"></div><script>
    window.tacit ||= new Proxy({ q: [] }, { get: (t, k) => (k in t ? t[k] : (...a) => void t.q.push([k, ...a])) });
    tacit.identify('u1');
    tacit.generation('g1', { promptId: 'p', text: ${JSON.stringify(TEXT)}, length: 86 });
    tacit.shown('g1');
    </script>`);
  const [generated] = await it.received('generated');
  expect(generated).toMatchObject({ g: 'g1', length: 86 });
  await it.received('shown');
  await it.page.evaluate((text) => navigator.clipboard.writeText(text), TEXT);
  const [copy] = await it.received('copy');
  expect(copy).toMatchObject({ g: 'g1', chars: TEXT.length, of: TEXT.length, method: 'button' });
  expect(it.collector.batches[0]?.userId).toBe('u1');
});

test('calls record every kind of action, and an edit compares without sending', async () => {
  await it.open('');
  const id = await it.page.evaluate((text) => {
    const tacit = (window as unknown as { tacit: Tacit }).tacit;
    const id = tacit.generation(undefined, { model: 'm' });
    tacit.copy(id, { chars: 5, of: 10, method: 'menu' });
    tacit.accept(id, { method: 'insert' });
    tacit.edit(id, text, text.slice(4));
    tacit.reject(id, 'stopped');
    tacit.rate(id, -1, 'slow');
    return id;
  }, TEXT);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8/);
  const [edit] = await it.received('edit');
  expect(edit).toMatchObject({ g: id, distance: 4, by: 'save' });
  for (const type of ['generated', 'shown', 'copy', 'accept', 'reject', 'rate']) await it.received(type);
});

test('the module does the same as the script, with its later part', async () => {
  await it.open('');
  it.server.pages.set(
    '/module',
    `<!doctype html><body>${G1}<button data-tacit-action="stop" data-tacit-generation="g1">stop</button>
    <script type="module">
      import { tacit } from '${it.collector.url}/tacit/v1.mjs';
      tacit.identify('early');
      tacit.init({ key: 'pk_test0001', endpoint: '${it.collector.url}/', attributes: { locale: 'de' } });
      tacit.edit('g1', 'abc', 'abd', 'submit');
    </script>`,
  );
  await it.page.goto(`${it.server.url}/module`);
  await it.page.click('button');
  const [edit] = await it.received('edit');
  const [reject] = await it.received('reject');
  expect(edit).toMatchObject({ g: 'g1', distance: 1, by: 'submit' });
  expect(reject).toMatchObject({ g: 'g1', reason: 'stopped' });
  const batch = it.collector.batches.find(({ events }) => events.some(({ type }) => type === 'reject'));
  expect(batch).toMatchObject({ userId: 'early', attributes: { locale: 'de' } });
});

test('an attached shadow root is looked into', async () => {
  await it.open('<div id="host"></div>');
  await it.page.evaluate((text) => {
    const root = (document.querySelector('#host') as Element).attachShadow({ mode: 'open' });
    root.innerHTML = `<p data-tacit-generation="g1">${text}<button data-tacit-action="delete">x</button></p>`;
    (window as unknown as { tacit: Tacit }).tacit.attach(root);
  }, TEXT);
  await it.received('generated');
  await it.received('shown');
  await it.page.click('#host button');
  const [reject] = await it.received('reject');
  expect(reject).toMatchObject({ g: 'g1', reason: 'deleted' });
});

test('an element without an id of its own gets one from the beacon, once', async () => {
  await it.open(`<p data-tacit-generation data-tacit-model="m">${TEXT}</p>`);
  const [generated] = await it.received('generated');
  const [shown] = await it.received('shown');
  expect(generated?.g).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  expect(shown?.g).toBe(generated?.g);
  expect(await it.page.getAttribute('p', 'data-tacit-generation')).toBe(generated?.g);
});

test('a page remembers 2,000 generations, and one past them forgets the oldest', async () => {
  await it.open('');
  const name = (from: number, n: number): Promise<void> =>
    it.page.evaluate(
      ({ from, n }) => {
        for (let i = from; i < from + n; i++)
          (window as unknown as { tacit: Tacit }).tacit.generation(`g${i}`, { generatedAt: 1 });
      },
      { from, n },
    );
  await name(0, GENERATIONS_MAX);
  await name(0, 1);
  await it.received('generated', GENERATIONS_MAX);
  await name(GENERATIONS_MAX, 1);
  await name(0, 1);
  await it.received('generated', GENERATIONS_MAX + 2);
});

test('what is stopped leaves the page as it was', async () => {
  await it.open(`${G1}<button data-tacit-action="reject" data-tacit-generation="g1">x</button>`);
  await it.received('shown');
  const native = await it.page.evaluate(() => {
    (window as unknown as { tacit: Tacit }).tacit.stop();
    // eslint-disable-next-line @typescript-eslint/unbound-method -- its text is looked at, it is not called
    return String(Clipboard.prototype.writeText);
  });
  expect(native).toContain('[native code]');
  await it.page.click('button');
  await it.page.waitForTimeout(1500);
  expect(it.now('reject')).toEqual([]);
});
