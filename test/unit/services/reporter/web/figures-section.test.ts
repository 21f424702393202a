// What the tables of figures say, cell by cell.
import { describe, expect, test } from 'vitest';
import type { Cell, Cells } from '../../../../../services/reporter/figures/cells.js';
import type { Filter } from '../../../../../services/reporter/figures/filter.js';
import { figuresSection } from '../../../../../services/reporter/web/figures-section.js';

const filter: Filter = { project: 'acme', from: '2026-11-01', to: '2026-11-25' };
const hints = { demo: false, everStored: true };

function cell(differences: Partial<Cell> = {}): Cell {
  return {
    promptId: 'summarise',
    promptVersion: '7',
    model: 'model-x',
    modelVersion: '2026-10',
    surface: 'web',
    trusted: true,
    metricVersion: 'm-1',
    mature: 200,
    taken: 120,
    rate: 0.6,
    low: 0.52,
    high: 0.67,
    persons: 41,
    sessions: 0,
    designEffect: 1.2,
    asOf: Date.UTC(2026, 10, 24, 12, 3, 5),
    soFar: { shown: 210, accepted: 80, edited: 45, rejected: 30, ignored: 50, unresolved: 5, notShown: 3, orphan: 2 },
    ...differences,
  };
}

/** The text of the section, its spaces as one. */
function said(cells: readonly Cell[], rest: Partial<Cells & { filter: Filter; hints: typeof hints }> = {}): string {
  const { markup } = figuresSection(
    { cells, total: rest.total ?? cells.length, asOf: 0 },
    rest.filter ?? filter,
    rest.hints ?? hints,
  );
  return markup
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('a cell', () => {
  test('says its rate with interval, n, persons, as-of time and metric version', () => {
    const text = said([cell()]);
    expect(text).toContain('Version 7 model-x · 2026-10 web 60.0 % 52.0 % – 67.0 %');
    expect(text).toContain('n = 200 41 persons as of 24 Nov 12:03:05 UTC metric m-1');
    expect(text).toContain('210 shown 80 accepted 45 edited 30 rejected 50 ignored 5 unresolved');
  });
  test('without mature generations has no rate, never 0 %', () => {
    const text = said([cell({ mature: 0, taken: 0, rate: null, low: null, high: null, persons: 0 })]);
    expect(text).toContain('No rate yet nothing is mature so far');
    expect(text).not.toMatch(/\d\.\d %/);
    expect(text).not.toContain('n = 0');
  });
  test('of one person has no interval', () => {
    expect(said([cell({ low: null, high: null, persons: 1 })])).toContain('60.0 % no interval: one person');
  });
  test('says whose persons are sessions', () => {
    expect(said([cell({ sessions: 5 })])).toContain('41 persons 5 of them by session only');
    expect(said([cell({ sessions: 41 })])).toContain('41 sessions no person is known');
  });
  test('says what is not known of it', () => {
    const text = said([
      cell({ promptId: '', promptVersion: '', model: '', modelVersion: '', surface: '', trusted: false }),
    ]);
    expect(text).toContain('Unknown prompt');
    expect(text).toContain('No version unknown model any surface · not signed');
  });
  test('draws its interval in the words of its label too', () => {
    const { markup } = figuresSection({ cells: [cell()], total: 1, asOf: 0 }, filter, hints);
    expect(markup).toContain('aria-label="60.0 %, 95 % interval 52.0 % to 67.0 %"');
    expect(markup).toMatch(/class="band"\s+x="52.00%"\s+y="7"\s+width="15.00%"/);
    expect(markup).toContain('Outcomes so far: 80 accepted, 45 edited, 30 rejected, 50 ignored, 5 unresolved');
  });
});

test('cells of a prompt stand in one table', () => {
  const { markup } = figuresSection(
    {
      cells: [cell({ promptId: 'a' }), cell({ promptId: 'a', promptVersion: '6' }), cell({ promptId: 'b' })],
      total: 3,
      asOf: 0,
    },
    filter,
    hints,
  );
  expect(markup.match(/<table>/g)?.length).toBe(2);
  expect(markup.match(/<h3>/g)?.length).toBe(2);
});

test('what was left out is said', () => {
  expect(said([cell()], { total: 700 })).toContain('The 1 combinations with the most generations of 700.');
  expect(said([cell()])).not.toContain('combinations');
});

test('an empty page says why, and what to do', () => {
  expect(said([], { filter: { ...filter, prompt: 'x' } })).toContain('Nothing matches.');
  expect(said([])).toContain('No figures in this period yet.');
  expect(said([], { hints: { demo: true, everStored: false } })).toContain('No events yet. Open the demo page');
  expect(said([], { hints: { demo: false, everStored: false } })).toContain('No events yet. Add the beacon');
});
