// Cards on why and how: what they say of nothing, of one and of very much, and that no label of a rating becomes markup.
import { expect, test } from 'vitest';
import type { TotalRow } from '../../../../../services/reporter/figures/rates.js';
import type { SignalFigureRow } from '../../../../../services/reporter/figures/signals.js';
import { LABELS_MAX } from '../../../../../services/reporter/reports/sections/ratings.js';
import { signalCards } from '../../../../../services/reporter/web/signals-section.js';
import { HOSTILE_NAME } from '../../../../support/report-fixture.js';

function row(
  signal: string,
  bucket: string,
  generations: number,
  more: Partial<SignalFigureRow> = {},
): SignalFigureRow {
  return { signal, bucket, metric_version: 'm-1', generations, retained: 0, value_sum: null, ...more };
}

const TOTALS = [{ mature: 200, mature_accepted: 60, mature_edited: 20, shown: 240 }] as unknown as readonly TotalRow[];

/** What each card says, by its heading. */
function cards(rows: readonly SignalFigureRow[], totals: readonly TotalRow[] = TOTALS): Map<string, string> {
  const parts = signalCards(rows, totals).markup.split('<section').slice(1);
  const said = (markup: string) =>
    `<${markup}`
      .replace(/aria-label="([^"]*)"[^>]*>/g, '>$1 ')
      .replace(/<[^>]*>/g, ' ')
      .replace(/\s+/g, ' ');
  return new Map(parts.map((part) => [/<h3>(.*?)<\/h3>/.exec(part)?.[1] ?? '', said(part)]));
}

test('without signals every card says so in words and draws nothing', () => {
  const found = cards([], []);
  expect([...found.keys()]).toEqual([
    'Why it is rejected',
    'Why it is ignored',
    'How much is changed',
    'How much is kept',
    'How long people take',
    'What people say',
  ]);
  for (const [title, said] of found) expect(said, title).toMatch(/(Nothing|Nobody) .*\./);
  expect(signalCards([], []).markup).not.toMatch(/<svg|<table|NaN/);
});

test('each signal stands in its own card and in no other', () => {
  const found = cards([row('rating', 'dismissed', 7), row('reject_reason', 'undone', 3)]);
  expect(found.get('What people say')).toContain('7 ratings of 240 shown');
  expect(found.get('Why it is rejected')).toContain('Of 3 rejected generations');
  expect(found.get('Why it is rejected')).toContain('Undone after it was taken');
  expect(found.get('Why it is rejected')).not.toContain('Dismissed');
  expect(found.get('Why it is ignored')).toContain('Nothing mature was ignored in this period.');
});

test('one is one: no plural, all of it', () => {
  const found = cards([
    row('reject_reason', 'none', 1),
    row('rating', 'up', 1),
    row('edit_size', '0.9', 1, { value_sum: 0.95 }),
    row('decide_time', '2', 1),
  ]);
  expect(found.get('Why it is rejected')).toMatch(/Of 1 rejected generation\. .*No reason given 1 · 100\.0 %/);
  expect(found.get('What people say')).toContain('1 rating of 240 shown');
  expect(found.get('How much is changed')).toContain('Of 1 edited generation; on average 95.0 % of the text stayed.');
  expect(found.get('How long people take')).toMatch(/Of 1 decision, half of them within 1 second\b/);
});

test('what was kept stands for the times that were measured, of those measured and of all', () => {
  const kept = cards([row('retention', '30s', 40, { retained: 30 })]).get('How much is kept');
  expect(kept).toContain('of all n = 200');
  expect(kept).toContain('30 seconds 75.0 % 15.0 % 40');
  expect(kept).not.toContain('2 minutes');
  expect(cards([row('retention', '30s', 1, { retained: 1 })], []).get('How much is kept')).toContain('100.0 % – 1');
});

test('time beyond the last bucket has no half', () => {
  const said = cards([row('decide_time', 'more', 5)]).get('How long people take');
  expect(said).toContain('Of 5 decisions.');
  expect(said).not.toContain('half of them');
});

test.each([
  [LABELS_MAX, undefined],
  [LABELS_MAX + 1, '1 other label'],
  [LABELS_MAX + 2, '2 other labels'],
])('of %i labels the rest is %s', (n, rest) => {
  const said = cards(Array.from({ length: n }, (_, index) => row('rating', `label-${index}`, 1))).get(
    'What people say',
  );
  expect(said).toContain(`${n} ratings`);
  if (rest === undefined) expect(said).not.toContain('other label');
  else expect(said).toContain(`${rest} ${rest.slice(0, 1)} `);
});

test('a label is text whatever it says', () => {
  const { markup } = signalCards([row('rating', HOSTILE_NAME, 2)], TOTALS);
  expect(markup).toContain('&lt;img src=x');
  expect(markup).not.toContain('<img');
});
