// What deserves attention, in order: worse, fallen, lower; then better and higher.
import { expect, test } from 'vitest';
import type { Verdict, VerdictRow } from '../../../../../services/reporter/comparisons/verdict-row.js';
import type { DriftState } from '../../../../../services/reporter/drift/drift-state.js';
import type { Filter } from '../../../../../services/reporter/figures/filter.js';
import {
  FINDINGS_MAX,
  FINDINGS_OPEN_MAX,
  findings,
  findingsSection,
} from '../../../../../services/reporter/web/findings-section.js';

const filter: Filter = { project: 'acme', from: '2026-11-01', to: '2026-11-25', period: '28d' };

function comparison(verdict: Verdict, differences: Partial<VerdictRow> = {}): VerdictRow {
  return {
    ...{ project_id: 'acme', comparison_id: `c-${verdict}`, kind: 'prompt_version', prompt_id: 'draft', surface: '' },
    ...{ name_a: 'version 7', name_b: 'version 8', family: 'acme', tier: 'T1', day: '2026-11-24' },
    ...{ look_at: '2026-11-24 04:10:00.000', from_day: '2026-11-01', to_day: '2026-11-20' },
    ...{ n_a: 400, n_b: 410, persons_a: 60, persons_b: 61, persons: 121, rate_a: 0.4, rate_b: 0.33 },
    ...{ difference: -0.07, standard_error: 0.01, low: -0.1, high: -0.04, alpha_used: 0.05, p: 0, p_adjusted: 0 },
    ...{ log_e: 9, tau: 0.05, alpha: 0.05, family_size: 1, family_flagged: 1, live: 1, flagged: 1 },
    ...{ flagged_since: '2026-11-12', direction: 'worse', verdict, gates: [], warnings: [], figures: {} },
    metric_version: 'm-1',
    ...differences,
  };
}

function watch(state: DriftState['state'], prompt_id = 'draft'): DriftState {
  return {
    ...{ project_id: 'acme', watch_id: 'w', prompt_id, prompt_version: '', surface: '', day: '2026-11-20', state },
    ...{ since: '2026-11-03', deployment: 'version 8', deployed_on: '2026-11-03', from_day: '2026-11-03' },
    ...{ n: 1204, persons: 312, rate: 0.312, standard_error: 0.01, baseline: 0.36, baseline_days: 28 },
    ...{ baseline_from: '2026-10-06', baseline_to: '2026-11-02', sigma: 0.01, z: -4, cusum: 9, threshold: 5 },
    ...{ days_needed: 0, persons_needed: 0, metric_version: 'm-1' },
  };
}

test('what is worse stands before what has fallen, both before what is better; what says nothing is left out', () => {
  const all = (['better', 'no_large_drop', 'lower', 'higher', 'worse', 'cannot_compare'] as const).map((verdict) =>
    comparison(verdict),
  );
  const found = findings(all, [watch('steady'), watch('fallen'), watch('collecting')], filter);
  expect(found.map(({ kind }) => kind)).toEqual([
    'Worse',
    'Fallen',
    'Lower, not randomised',
    'Better',
    'Higher, not randomised',
  ]);
});

test('each leads to what it rests on', () => {
  const [worse, fallen] = findings([comparison('worse')], [watch('fallen')], filter);
  expect(worse?.address).toBe('/comparison?project=acme&id=c-worse');
  expect(fallen?.address).toBe('/prompt?project=acme&prompt=draft&period=28d');
  expect(fallen?.sentence).toMatch(/^draft has fallen since 3 Nov, the day version 8 went live/);
});

test('without anything bad it says what that rests on, or that nothing can be said', () => {
  expect(findingsSection([], [], filter).markup).toContain('Nothing can be said yet');
  const { markup } = findingsSection([comparison('no_large_drop'), comparison('better')], [watch('steady')], filter);
  expect(markup).toContain('Nothing is worse and no rate has fallen, as far as 2 comparisons and 1 watch can tell.');
  expect(markup).toContain('<li class="good">');
});

test(`at most ${FINDINGS_MAX} are listed, the others counted`, () => {
  const many = (n: number) =>
    findingsSection(
      Array.from({ length: n }, () => comparison('worse')),
      [],
      filter,
    ).markup;
  expect(many(FINDINGS_MAX)).not.toContain('Not listed');
  expect(many(FINDINGS_MAX + 1).match(/<li/g)).toHaveLength(FINDINGS_MAX);
  expect(many(FINDINGS_MAX + 1)).toContain('Not listed: 1 more.');
});

test(`the first ${FINDINGS_OPEN_MAX} stand open, the others are folded, with how many of them are bad`, () => {
  const worse = Array.from({ length: FINDINGS_OPEN_MAX }, () => comparison('worse'));
  const { markup: few } = findingsSection(worse, [], filter);
  expect(few).not.toContain('<details');
  const { markup: one } = findingsSection([...worse, comparison('better')], [], filter);
  expect(one).toMatch(/<summary>1 more, better or higher<\/summary>[^]*<li class="good">/);
  const { markup: more } = findingsSection([...worse, comparison('better'), comparison('lower')], [], filter);
  expect(more.split('<details')[0]?.match(/<li/g)).toHaveLength(FINDINGS_OPEN_MAX);
  expect(more).toContain('<summary>2 more, 1 of them worse, lower or fallen</summary>');
});

test('a hostile name stays text', () => {
  const { markup } = findingsSection([comparison('worse', { prompt_id: '<img>' })], [watch('fallen', '<b>')], filter);
  expect(markup).not.toMatch(/<img>|<b>has/);
  expect(markup).toContain('&lt;img&gt;');
});
