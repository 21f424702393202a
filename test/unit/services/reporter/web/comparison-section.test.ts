// What the comparisons of the page say and draw.
import { describe, expect, test } from 'vitest';
import type { VerdictRow } from '../../../../../services/reporter/comparisons/verdict-row.js';
import { differenceBar, reachOf } from '../../../../../services/reporter/web/comparison-bar.js';
import { COMPARISONS_SHOWN_MAX, comparisonSection } from '../../../../../services/reporter/web/comparison-section.js';
import { verdictFixture } from '../../../../support/verdict-fixture.js';

function markup(rows: readonly VerdictRow[], total = rows.length): string {
  return comparisonSection({ comparisons: rows, total }, 'acme').markup;
}

function said(rows: readonly VerdictRow[], total = rows.length): string {
  return markup(rows, total)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('a card', () => {
  test('says verdict, sentence, rates, n, persons, days, as-of time and metric version', () => {
    const text = said([verdictFixture()]);
    expect(text).toContain('Worse summarise: version 8 against version 7 web · randomised, at the same time');
    expect(text).toContain('Version 8 is accepted less often than version 7: −4.8 points');
    expect(text).toContain('Version 7 38.2 % n = 4,100, 660 persons Version 8 33.4 % n = 4,012, 652 persons');
    expect(text).toContain('1,312 persons, 1 Nov to 20 Nov as of 24 Nov 04:10:00 UTC , metric m-1');
  });
  test('of all prompts says so, since its name has no prompt', () => {
    expect(said([verdictFixture({ prompt_id: '' })])).toContain(
      'Version 8 against version 7 All prompts · web · randomised, at the same time',
    );
  });
  test('of what cannot be compared lists the gates and draws nothing', () => {
    const row = verdictFixture({ verdict: 'cannot_compare', gates: ['no_data', 'sdk_mix'] });
    expect(said([row])).toContain('Version 8 cannot be compared with version 7: No final day has both');
    expect(said([row])).toContain('An earlier verdict stands since 12 Nov.');
    expect(markup([row])).not.toContain('class="difference"');
  });
  test('without any figure says that nothing is final', () => {
    const none = { n_a: 0, n_b: 0, persons_a: 0, persons_b: 0, persons: 0, low: null, high: null };
    const text = said([
      verdictFixture({ ...none, verdict: 'cannot_compare', gates: ['no_data'], flagged_since: null }),
    ]);
    expect(text).toContain('Version 7 nothing final Version 8 nothing final');
    expect(text).not.toMatch(/1970|1 Jan/);
  });
  test('keeps hostile names as text', () => {
    expect(markup([verdictFixture({ name_b: '<script>', prompt_id: '"><img>' })])).not.toMatch(/<script|<img/);
  });
});

describe('the drawing', () => {
  test('puts 0 in the middle and says in its label what it shows', () => {
    const drawn = String(differenceBar(verdictFixture(), 0.1));
    expect(drawn).toMatch(/class="band"\s+x="14.50%"\s+y="7"\s+width="23.00%"/);
    expect(drawn).toContain('cx="26.00%"');
    expect(drawn).toContain(
      'aria-label="Difference −4.8 points, 95 % interval −7.1 to −2.5 points, on a scale from −10.0 to +10.0; a drop of 5 points is marked"',
    );
  });
  test('stays on its scale', () => {
    const drawn = String(differenceBar(verdictFixture({ low: -0.9, high: 0.9 }), 0.1));
    expect(drawn).toMatch(/x="0.00%"\s+y="7"\s+width="100.00%"/);
  });
  test.each([
    [0.02, 0.1],
    [0.1, 0.1],
    [0.101, 0.15],
    [0.3, 0.3],
    [0.31, 0.3],
  ])('has a scale for an interval up to %d that ends at %d', (high, reach) => {
    expect(reachOf([{ low: -0.01, high, tau: 0.05 }])).toBeCloseTo(reach, 12);
  });
});

test('what has no card of its own is counted', () => {
  const rows = Array.from({ length: COMPARISONS_SHOWN_MAX + 1 }, () => verdictFixture());
  expect(markup(rows).match(/<h3>/g)?.length).toBe(COMPARISONS_SHOWN_MAX);
  expect(said(rows)).toContain('1 more comparison in JSON');
  expect(said(rows.slice(1))).not.toContain('more comparison');
});

test('without comparisons it says when there will be some', () => {
  expect(said([])).toContain('Nothing to compare yet. Two versions of a prompt');
});
