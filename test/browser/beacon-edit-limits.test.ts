// The bounds of what is followed while a person edits: how many places, how long a text, how late an insertion; each at
// its limit and one past it.
import { expect, test } from 'vitest';
import { DRAFTS_MAX, TEXT_MAX } from '../../services/beacon/web/drafts.js';
import { PLACES_MAX } from '../../services/beacon/web/editable.js';
import { INSERT_MS } from '../../services/beacon/web/insertion.js';
import type { Tacit } from '../../services/beacon/web/tacit.js';
import type { BeaconPage } from '../support/beacon-page.js';
import { TEXT, beaconPageForEach } from '../support/beacon-page.js';

let it: BeaconPage;

beaconPageForEach((page) => (it = page));

test('200 places are followed; with one past them the oldest is reported as it stands and forgotten', async () => {
  const places = Array.from({ length: DRAFTS_MAX + 1 }, (_, n) => `<i data-tacit-generation="g${n}"></i>`);
  await it.open(places.join(''));
  await it.received('generated', DRAFTS_MAX + 1);
  const change = (from: number, to: number): Promise<void> =>
    it.page.evaluate(
      ({ from, to }) => {
        for (const place of [...document.querySelectorAll('i')].slice(from, to))
          (window as unknown as { tacit: Tacit }).tacit.draft(place, 'typed', 'before', 'after it');
      },
      { from, to },
    );
  await change(0, DRAFTS_MAX);
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.rate('g200', 1));
  await it.received('rate');
  expect(it.now('edit')).toEqual([]);
  await change(DRAFTS_MAX, DRAFTS_MAX + 1);
  const [edit] = await it.received('edit');
  expect(edit).toMatchObject({ g: 'g0', by: 'left', from: 6, to: 8 });
});

test('a text of a million characters is followed, and one with one more is not', async () => {
  await it.open(`<i data-tacit-generation="g1"></i><b data-tacit-generation="g2"></b>`);
  await it.received('generated', 2);
  await it.page.evaluate((max) => {
    const { tacit } = window as unknown as { tacit: Tacit };
    const change = (name: string, length: number): void =>
      tacit.draft(document.querySelector(name) as Element, 'typed', 'x'.repeat(max - 1), 'x'.repeat(length));
    change('i', max);
    change('b', max + 1);
    tacit.flush().then(
      () => ['g1', 'g2'].forEach((id) => tacit.accept(id, { method: 'send' })),
      () => undefined,
    );
  }, TEXT_MAX);
  await it.received('accept', 2);
  const [edit] = await it.received('edit');
  expect(edit).toMatchObject({ g: 'g1', distance: 1, to: TEXT_MAX, by: 'submit' });
});

/** Inserts into the last of `n` fields, `afterMs` after the acceptance, and types there; answers what was edited. */
async function inserted(n: number, afterMs: number): Promise<unknown[]> {
  const fields = '<textarea></textarea>'.repeat(n);
  await it.open(`<p data-tacit-generation="g1">${TEXT}</p>${fields}<input id="other">`);
  await it.received('generated');
  await it.page.evaluate(
    ({ text, afterMs }) => {
      const { tacit } = window as unknown as { tacit: Tacit };
      const place = [...document.querySelectorAll('textarea')].at(-1) as HTMLTextAreaElement;
      tacit.accept('g1', { method: 'insert' });
      return new Promise<void>((resolve) => {
        setTimeout(() => {
          place.value = text;
          place.focus();
          resolve();
        }, afterMs);
      });
    },
    { text: TEXT, afterMs },
  );
  await it.page.keyboard.type('!');
  await it.page.focus('#other');
  // Comes after the edit, if there is one.
  await it.page.waitForTimeout(400);
  await it.page.evaluate(() => (window as unknown as { tacit: Tacit }).tacit.rate('g1', 1));
  await it.received('rate');
  return it.now('edit');
}

test('an insertion is looked for in 50 places', async () => {
  expect(await inserted(PLACES_MAX, 0)).toMatchObject([{ g: 'g1', distance: 1, by: 'blur' }]);
});

test('an insertion into the place past the last that is looked at is not seen', async () => {
  expect(await inserted(PLACES_MAX + 1, 0)).toEqual([]);
});

test('what a program writes after the last look is no insertion', async () => {
  expect(await inserted(1, INSERT_MS + 1)).toEqual([]);
});
