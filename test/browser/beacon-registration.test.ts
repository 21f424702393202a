// How generations become known in a real browser, and stay one: streamed, mounted twice, taken out and brought back, in a
// frame, late, by the hundred. Against a collector that records.
import { expect, test } from 'vitest';
import type { Tacit } from '../../services/beacon/web/api.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';

let it: BeaconPage;

beaconPageForEach((page) => (it = page));

/** What the last batch with an event of that type said of a generation. */
function described(type: string, g: string): Record<string, unknown> | undefined {
  return it.collector.batches.findLast(({ events }) => events.some((event) => event.type === type && event.g === g))
    ?.generations[g];
}

/** Writes a text into an element in steps, as a stream does. */
async function stream(selector: string, text: string): Promise<void> {
  await it.page.evaluate(
    async ({ selector, text }) => {
      const element = document.querySelector(selector) as Element;
      for (let end = 5; end < text.length + 5; end += 5) {
        element.textContent = text.slice(0, end);
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
    },
    { selector, text },
  );
}

test('a streamed text has its whole length once it has ended, said by the host or seen', async () => {
  await it.open(`<p id="seen" data-tacit-generation="seen"></p><p id="said" data-tacit-generation="said"></p>`);
  await it.received('generated', 2);
  await stream('#said', TEXT);
  await it.page.evaluate(() => {
    const { tacit } = window as unknown as { tacit: Tacit };
    tacit.done('said');
    setTimeout(() => tacit.rate('said', 1), 50);
  });
  await it.received('rate');
  expect(described('rate', 'said')).toEqual({ length: TEXT.length });
  await stream('#seen', TEXT);
  await expect
    .poll(
      async () => {
        await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.rate('seen', 1));
        await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.flush());
        return described('rate', 'seen');
      },
      { timeout: 20_000 },
    )
    .toEqual({ length: TEXT.length });
  expect(it.now('generated').length).toBe(2);
});

test('an element that is mounted twice, taken out and brought back is one generation', async () => {
  await it.open(`<div id="list"></div>`);
  await it.page.evaluate(async (text) => {
    const list = document.querySelector('#list') as Element;
    const mount = (): Element => {
      const row = document.createElement('p');
      row.dataset['tacitGeneration'] = 'g1';
      row.textContent = text;
      list.append(row);
      return row;
    };
    mount().remove();
    mount();
    mount();
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      list.replaceChildren();
      mount();
    }
  }, TEXT);
  await it.received('shown');
  await it.page.evaluate(() => document.querySelector('#list')?.replaceChildren());
  await it.page.evaluate(() => history.replaceState({}, '', '?scrolled'));
  await it.page.evaluate((text) => {
    const { tacit } = window as unknown as { tacit: Tacit };
    (document.querySelector('#list') as Element).innerHTML = `<p data-tacit-generation="g1">${text}</p>`;
    tacit.rate('g1', 1);
  }, TEXT);
  await it.received('rate');
  expect(
    it.collector
      .events()
      .map(({ type }) => type)
      .sort(),
  ).toEqual(['generated', 'rate', 'shown']);
});

test('a call about a generation that does not exist yet counts for the element that comes later', async () => {
  await it.open('<div id="place"></div>');
  await it.page.evaluate((text) => {
    const { tacit } = window as unknown as { tacit: Tacit };
    tacit.generation('early', { model: 'm' });
    tacit.accept('early', { method: 'tab' });
    (document.querySelector('#place') as Element).innerHTML =
      `<p data-tacit-generation="early" data-tacit-prompt="p">${text}</p>`;
    setTimeout(() => tacit.rate('early', 1), 100);
  }, TEXT);
  await it.received('rate');
  expect(it.now('generated').length).toBe(1);
  expect(it.now('shown')).toMatchObject([{ g: 'early', forced: true }]);
  expect(it.now('accept')).toMatchObject([{ g: 'early', method: 'tab' }]);
  expect(described('rate', 'early')).toMatchObject({ model: 'm', promptId: 'p' });
});

test('a thousand generations added long after the load are each generated once, and shown where they are in sight', async () => {
  await it.open('<div id="list"></div>');
  await it.page.evaluate((text) => {
    const rows = Array.from({ length: 1000 }, (_, i) => `<p data-tacit-generation="g${i}">${text}</p>`);
    (document.querySelector('#list') as Element).innerHTML = rows.join('');
  }, TEXT);
  await it.received('generated', 1000);
  expect(new Set(it.now('generated').map(({ g }) => g)).size).toBe(1000);
  await expect.poll(() => it.now('shown').length, { timeout: 15_000 }).toBeGreaterThan(5);
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.flush());
  expect(it.now('shown').length).toBeLessThan(100);
});

test('the document of a frame is followed once it is attached', async () => {
  await it.open(`<iframe id="frame" style="width:600px;height:300px"></iframe>`);
  await it.page.evaluate((text) => {
    const view = (document.querySelector('#frame') as HTMLIFrameElement).contentDocument as Document;
    view.body.innerHTML = `<p data-tacit-generation="framed">${text}
      <button data-tacit-action="dismiss">x</button></p>`;
    (window as unknown as { tacit: Tacit }).tacit.attach(view);
  }, TEXT);
  await it.received('generated');
  expect(await it.received('shown')).toMatchObject([{ g: 'framed' }]);
  await it.page.frameLocator('#frame').locator('button').click();
  expect(await it.received('reject')).toMatchObject([{ g: 'framed', reason: 'dismissed' }]);
});

test('what takes the place of an answer after a click on "again" refuses it, and that is not ignored as well', async () => {
  await it.open(`<div id="slot" data-tacit-generation="g1">${TEXT}</div>
    <button data-tacit-action="regenerate">again</button>`);
  await it.received('shown');
  await it.page.click('button');
  await it.page.evaluate(() => document.querySelector('#slot')?.setAttribute('data-tacit-generation', 'g2'));
  expect(await it.received('reject')).toMatchObject([{ g: 'g1', reason: 'regenerated' }]);
  await it.received('shown', 2);
  await it.page.evaluate(() => document.querySelector('#slot')?.setAttribute('data-tacit-generation', 'g3'));
  expect(await it.received('ignore')).toMatchObject([{ g: 'g2', reason: 'superseded' }]);
});

test('what stands where nothing may be captured is no generation: in the page, added later, or by its own attribute', async () => {
  await it.open(`<p data-tacit-generation="open">An answer.</p><p data-tacit-generation="own" data-tacit-no-capture>x</p>
    <div id="private" data-tacit-no-capture><p data-tacit-generation="within">${TEXT}</p></div>`);
  await it.page.evaluate(() => {
    for (const place of ['#private', 'body']) {
      const element = document.createElement('p');
      element.dataset['tacitGeneration'] = `late in ${place}`;
      document.querySelector(place)?.append(element);
    }
  });
  await expect.poll(() => it.now('generated').map(({ g }) => g), { timeout: 15_000 }).toEqual(['open', 'late in body']);
  await it.received('shown', 1);
  expect(it.now('generated').length).toBe(2);
});
