// The most rejected prompts as the page lists them.
import { expect, test } from 'vitest';
import type { Filter } from '../../../../../services/reporter/figures/filter.js';
import type { RejectedRow } from '../../../../../services/reporter/figures/rejected-prompts.js';
import { REJECTED_SHOWN_MAX, rejectedSection } from '../../../../../services/reporter/web/rejected-section.js';

const filter: Filter = { project: 'acme', from: '2026-11-01', to: '2026-11-25', period: '28d' };

function prompt(differences: Partial<RejectedRow> = {}): RejectedRow {
  return {
    ...{ prompt_id: 'draft', metric_version: 'm-1', rejected: 30, mature: 100, persons: 20, rejection_rate: 0.3 },
    ...{ trials: 60, mean: 0.2, strength: 40, shrunk: 0.26 },
    ...differences,
  };
}
const text = (rows: readonly RejectedRow[]) =>
  rejectedSection(rows, filter)
    .markup.replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ');

test('the shrunk rate stands first with its interval, the counted one beside it with its n', () => {
  const said = text([prompt(), prompt({ prompt_id: 'title' })]);
  expect(said).toMatch(/draft 26\.0 % \d+\.\d % – \d+\.\d % 30 rejected 30\.0 % n = 100 20 persons/);
  expect(said).toContain('Mean of all 2 prompts: 20.0 % of n = 200, metric m-1.');
  expect(said).toContain('credible interval');
});

test('prompts that do not differ beyond chance have no interval of their own', () => {
  const said = text([prompt({ strength: null, shrunk: 0.2 }), prompt({ strength: null, shrunk: 0.2, prompt_id: 'b' })]);
  expect(said).toContain('do not differ beyond chance');
  expect(said).not.toContain('credible interval');
});

test('nothing mature and nothing rejected are said in words', () => {
  expect(text([])).toContain('No prompt has mature generations in this period yet.');
  expect(text([prompt({ rejected: 0 })])).toContain('None of 100 mature generations was rejected.');
});

test('what is measured by other settings is not ranked together', () => {
  expect(text([prompt(), prompt({ prompt_id: 'other', metric_version: 'm-2', mature: 10 })])).not.toContain('other');
});

test(`at most ${REJECTED_SHOWN_MAX} prompts are listed`, () => {
  const rows = Array.from({ length: REJECTED_SHOWN_MAX + 1 }, (_, n) => prompt({ prompt_id: `p${n}` }));
  expect(rejectedSection(rows.slice(1), filter).markup.match(/<tr>/g)).toHaveLength(REJECTED_SHOWN_MAX + 1);
  expect(rejectedSection(rows, filter).markup.match(/<tr>/g)).toHaveLength(REJECTED_SHOWN_MAX + 1);
});
