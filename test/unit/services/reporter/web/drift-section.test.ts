// What the page says of the drift watch.
import { expect, test } from 'vitest';
import type { DriftState } from '../../../../../services/reporter/drift/drift-state.js';
import { WATCHES_SHOWN_MAX, driftSection } from '../../../../../services/reporter/web/drift-section.js';

const steady: DriftState = {
  project_id: 'acme',
  watch_id: 'w',
  prompt_id: 'summarise',
  prompt_version: '',
  surface: '',
  day: '2026-11-20',
  state: 'steady',
  since: null,
  deployment: '',
  deployed_on: null,
  from_day: '2026-11-14',
  n: 300,
  persons: 100,
  rate: 0.35,
  standard_error: 0.01,
  baseline: 0.36,
  baseline_days: 28,
  baseline_from: '2026-10-06',
  baseline_to: '2026-11-02',
  sigma: 1,
  z: 0,
  cusum: 0,
  threshold: 5,
  days_needed: 0,
  persons_needed: 0,
  metric_version: 'default',
};
const fallen: DriftState = { ...steady, state: 'fallen', since: '2026-11-10' };

test('nothing watched is said in words', () => {
  expect(driftSection([]).markup).toContain('Nothing is watched yet');
});

test('what has fallen is open, the rest is folded and counted', () => {
  const { markup } = driftSection([fallen, steady, { ...steady, state: 'collecting', days_needed: 3 }]);
  const [open = '', folded = ''] = markup.split('<details>');
  expect(open).toContain('summarise has fallen since 10 Nov');
  expect(folded).toContain('1 rate steady, 1 still collecting');
  expect(folded).not.toContain('has fallen');
});

test('without a fall it says so', () => {
  expect(driftSection([steady]).markup).toContain('No rate has fallen.');
});

test('a name that somebody sent stays text', () => {
  expect(driftSection([{ ...fallen, prompt_id: '<b>x' }]).markup).toContain('&lt;b&gt;x');
});

test('at most a hundred are listed, and the others are counted', () => {
  const many = (n: number) => driftSection(Array.from({ length: n }, () => fallen)).markup;
  expect(many(WATCHES_SHOWN_MAX)).not.toContain('more in');
  expect(many(WATCHES_SHOWN_MAX + 1)).toContain('1 more in');
  expect(many(WATCHES_SHOWN_MAX + 1).match(/<li/g)).toHaveLength(WATCHES_SHOWN_MAX);
});
