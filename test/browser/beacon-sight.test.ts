// What counts as seen in a real browser: not under a dialog, not without the person's attention. Against a collector that
// records.
import { expect, test } from 'vitest';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';

let it: BeaconPage;

beaconPageForEach((page) => (it = page));

const CANARY = `<p data-tacit-generation="canary" style="position:fixed;bottom:0;right:0;z-index:9">ok</p>`;

test('an answer under a dialog is not seen, one under a floating button is', async () => {
  await it.open(`<p data-tacit-generation="free">${TEXT}<button style="position:fixed;top:10px;left:10px">+</button></p>
    <div id="box" style="position:relative;height:200px"><p data-tacit-generation="under">${TEXT}</p>
    <div id="dialog" style="position:absolute;inset:0;background:white">Are you sure?</div></div>${CANARY}`);
  const shown = await it.received('shown', 2);
  expect(shown.map(({ g }) => g).sort()).toEqual(['canary', 'free']);
  await it.page.waitForTimeout(1500);
  expect(it.now('shown').length).toBe(2);
  await it.page.evaluate(() => document.querySelector('#dialog')?.remove());
  expect((await it.received('shown', 3)).at(-1)).toMatchObject({ g: 'under' });
});

test('what is invisible in any way is not seen', async () => {
  const hidden = [
    'opacity:0',
    'visibility:hidden',
    'display:none',
    'height:0;overflow:hidden',
    'position:absolute;left:-9999px;width:300px',
  ];
  await it.open(
    hidden.map((style, i) => `<div style="${style}"><p data-tacit-generation="h${i}">${TEXT}</p></div>`).join('') +
      CANARY,
  );
  await it.received('generated', hidden.length + 1);
  await it.received('shown');
  await it.page.waitForTimeout(1500);
  expect(it.now('shown').map(({ g }) => g)).toEqual(['canary']);
});

test('time without the focus, or in a hidden tab, does not count', async () => {
  const body = `<p data-tacit-generation="g1">${TEXT}</p><script>
    let focused = false, state = 'visible';
    document.hasFocus = () => focused;
    Object.defineProperty(document, 'visibilityState', { get: () => state });
    function attend(f, s) {
      focused = f;
      state = s;
      dispatchEvent(new Event(f ? 'focus' : 'blur'));
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }
  </script>`;
  await it.open(body);
  await it.received('generated');
  await it.page.waitForTimeout(1500);
  await it.page.evaluate('attend(true, "hidden")');
  await it.page.waitForTimeout(1500);
  expect(it.now('shown')).toEqual([]);
  const since = await it.page.evaluate<number>('attend(true, "visible"), Date.now()');
  const [shown] = await it.received('shown');
  expect(shown?.t).toBeGreaterThanOrEqual(since - 1);
  expect(shown?.['visibleMs']).toBeGreaterThanOrEqual(750);
});

test('what flickers by is nothing', async () => {
  await it.open(`<div id="slot"></div>${CANARY}`);
  await it.page.evaluate(async (text) => {
    const slot = document.querySelector('#slot') as Element;
    for (let i = 0; i < 4; i++) {
      slot.innerHTML = `<p data-tacit-generation="flicker${i}">${text}</p>`;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    slot.replaceChildren();
  }, TEXT);
  await it.received('generated', 5);
  await it.received('shown');
  await it.page.waitForTimeout(1000);
  const others = it.collector.events().filter(({ type, g }) => type !== 'generated' && g !== 'canary');
  expect(others).toEqual([]);
});
