// What the tables of rates say, cell by cell, and what stands where there are none.
import { describe, expect, test } from 'vitest';
import type { Filter } from '../../../../../services/reporter/figures/filter.js';
import type { VersionRow } from '../../../../../services/reporter/figures/rates.js';
import { emptyState, windowNote } from '../../../../../services/reporter/web/empty-state.js';
import type { Html } from '../../../../../services/reporter/web/html.js';
import { metricVersionsOf, newestOf, timeOf } from '../../../../../services/reporter/web/rate-cells.js';
import {
  byPrompt,
  promptsTable,
  totalsTable,
  versionsTable,
} from '../../../../../services/reporter/web/rates-table.js';

const filter: Filter = { project: 'acme', from: '2026-11-01', to: '2026-11-25', period: '28d', model: 'm' };

function row(differences: Partial<VersionRow> = {}): VersionRow {
  return {
    prompt_id: 'summarise',
    prompt_version: '7',
    model: 'model-x',
    model_version: '2026-10',
    metric_version: 'm-1',
    mature: 200,
    taken: 120,
    rate: 0.6,
    low: 0.52,
    high: 0.67,
    persons: 41,
    session_persons: 0,
    mature_accepted: 78,
    mature_edited: 42,
    mature_rejected: 30,
    edit_weighted: 0.5,
    person_rate: 0.58,
    design_effect: 1.2,
    shown: 210,
    accepted: 80,
    edited: 45,
    rejected: 30,
    ignored: 50,
    unresolved: 5,
    not_shown: 3,
    orphan: 2,
    as_of: '2026-11-24 12:03:05.000',
    ...differences,
  };
}

/** The text, its spaces as one. */
function said({ markup }: Html): string {
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}
const versions = (...rows: Partial<VersionRow>[]) => versionsTable('Acceptance', rows.map(row));

describe('a row', () => {
  test('says its rate with interval, n, persons, as-of time and metric version', () => {
    const text = said(versions({}));
    expect(text).toContain('Version 7 model-x · 2026-10 60.0 % 52.0 % – 67.0 %');
    expect(text).toContain('n = 200 41 persons as of 24 Nov 12:03:05 UTC metric m-1');
    expect(text).toContain('210 shown 80 accepted 45 edited 30 rejected 50 ignored 5 unresolved');
  });
  test('without mature generations has no rate, never 0 %', () => {
    const text = said(versions({ mature: 0, taken: 0, rate: null, low: null, high: null, persons: 0 }));
    expect(text).toContain('No rate yet nothing is mature so far');
    expect(text).not.toMatch(/\d\.\d %/);
    expect(text).not.toContain('n = 0');
  });
  test('of one person has no interval', () => {
    expect(said(versions({ low: null, high: null, persons: 1 }))).toContain('60.0 % no interval: one person');
  });
  test('of people known by session says so', () => {
    expect(said(versions({ session_persons: 5 }))).toContain('41 persons 5 of them by session only');
    expect(said(versions({ session_persons: 41 }))).toContain('41 sessions no person is known');
  });
  test('without names says what is missing', () => {
    expect(said(versions({ prompt_version: '', model: '', model_version: '' }))).toContain('No version unknown model');
  });
  test('with nothing shown draws no outcomes', () => {
    expect(said(versions({ shown: 0 }))).toContain('none shown');
  });
  test('escapes names', () => {
    const { markup } = versions({ prompt_version: '<b>', model: '"x"' });
    expect(markup).toContain('Version &lt;b&gt;');
    expect(markup).toContain('&quot;x&quot;');
  });
});

test('versions stand newest first, numbers as numbers, then models', () => {
  const text = said(versions({ prompt_version: '9' }, { prompt_version: '10' }, { prompt_version: '10', model: 'a' }));
  expect(text.match(/Version \d+ \S+/g)).toEqual(['Version 10 a', 'Version 10 model-x', 'Version 9 model-x']);
});

test('a prompt leads to its page with the same filter; one without a name leads nowhere', () => {
  const { markup } = promptsTable(filter, [row({ prompt_id: 'a&b' }), row({ prompt_id: '' })]);
  expect(markup).toContain('href="/prompt?project=acme&amp;prompt=a%26b&amp;model=m&amp;period=28d"');
  expect(markup).toMatch(/Without a prompt[^]*Has no page of its own[^]*data-tacit-prompt/);
  expect(markup.match(/href=/g)).toHaveLength(1);
});

test('totals have a row per metric version', () => {
  expect(said(totalsTable('All', 'Demo', [row(), row({ metric_version: 'm-2' })]))).toMatch(/metric m-1 .*metric m-2/);
});

test('rows are gathered by prompt, by name', () => {
  const rows = ['p10', 'p9', 'p10'].map((prompt_id) => row({ prompt_id }));
  expect(byPrompt(rows).map(([prompt, of]) => [prompt, of.length])).toEqual([
    ['p9', 1],
    ['p10', 2],
  ]);
});

test('times of rows are UTC, the newest counts', () => {
  expect(timeOf('2026-11-24 12:03:05.250')).toBe(Date.UTC(2026, 10, 24, 12, 3, 5, 250));
  expect(timeOf(null)).toBe(0);
  expect(newestOf([])).toBe(0);
  expect(newestOf([row(), row({ as_of: '2026-11-23 00:00:00.000' })])).toBe(Date.UTC(2026, 10, 24, 12, 3, 5));
  expect(
    metricVersionsOf([row({ metric_version: 'b' }), row({ metric_version: 'a' }), row({ metric_version: 'b' })]),
  ).toEqual(['a', 'b']);
});

describe('where there are no figures', () => {
  const hints = { demo: false, everStored: false, narrowed: false, window: { kind: 'none' } as const };
  test.each([
    [hints, 'No events yet. Add the beacon'],
    [{ ...hints, demo: true }, 'No events yet. Open the demo page'],
    [{ ...hints, everStored: true }, 'No figures in this period yet. Events have arrived'],
    [{ ...hints, everStored: true, narrowed: true }, 'Nothing matches.'],
    [{ ...hints, everStored: true, window: { kind: 'missing' } as const }, 'This period has not been computed yet.'],
    [{ ...hints, window: { kind: 'missing' } as const }, 'No events yet.'],
  ])('%o is said in words', (given, words) => {
    expect(said(emptyState(given))).toContain(words);
  });
  test('a window that is not of today is said, one of today is not', () => {
    const kept = { kind: 'kept', lastDay: '2026-11-28', behind: true } as const;
    expect(said(windowNote(kept) ?? emptyState(hints))).toContain('These figures end with 28 Nov');
    expect(windowNote({ ...kept, behind: false })).toBeNull();
    expect(windowNote({ kind: 'none' })).toBeNull();
  });
});
