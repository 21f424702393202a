// The numbers behind a verdict in plain words.
import { describe, expect, test } from 'vitest';
import {
  chanceWords,
  evidenceWords,
  familyWords,
  flaggedWords,
  intervalWords,
  pooledWords,
  pWords,
  strataWords,
  tierSentence,
} from '../../../../../services/reporter/web/comparison-words.js';
import { verdictFixture } from '../../../../support/verdict-fixture.js';

describe('evidence', () => {
  test.each([
    [Math.log(210), 'multiplied its stake by 210; if there were none, that would happen at most once in 210 times'],
    [Math.log(12.34), 'multiplied its stake by 12.3;'],
    [Math.log(0.04), 'would have 0.04 of its stake left: so far the data speak for no difference, or not at all'],
    [Math.log(2e6), 'by more than 1,000,000.'],
    [800, 'by more than 1,000,000.'],
  ])('of log e %d is a bet', (log_e, words) => {
    expect(evidenceWords(verdictFixture({ log_e }))).toContain(words);
  });
  test('is not counted where a check failed, and there is none where nothing can be estimated', () => {
    expect(evidenceWords(verdictFixture({ gates: ['sdk_mix'] }))).toContain('Not counted on this day');
    expect(evidenceWords(verdictFixture({ tier: 'T3' }))).toContain('Not counted on this day');
    expect(evidenceWords(verdictFixture({ standard_error: 0 }))).toContain('no evidence either way');
  });
});

test('p is never said to be 0', () => {
  expect([1, 0.25, 0.0123, 0.0001, 0.00004, 0].map(pWords)).toEqual([
    'p = 1',
    'p = 0.25',
    'p = 0.012',
    'p = 0.0001',
    'p < 0.0001',
    'p < 0.0001',
  ]);
});

test('chance is told alone and together with the others', () => {
  const row = verdictFixture({ p: 0.002, p_adjusted: 0.014, family_size: 7, live: 1 });
  expect(chanceWords(row)).toBe(
    'p = 0.002, the smallest of all looks so far; p = 0.014 when judged together with the others.',
  );
  expect(chanceWords({ ...row, family_size: 1 })).toBe('p = 0.002, the smallest of all looks so far.');
  expect(chanceWords({ ...row, live: 0 })).toContain('not judged together with others today');
});

test('the family says how many are watched and how many of them are flagged', () => {
  const row = verdictFixture({ live: 1, family_size: 7, family_flagged: 2 });
  expect(familyWords(row)).toContain('One of 7 comparisons of this project watched together, of which 2 are flagged');
  expect(familyWords({ ...row, family_flagged: 1 })).toContain('of which 1 is flagged');
  expect(familyWords({ ...row, family_size: 1, family_flagged: 1 })).toContain('the only comparison');
  expect(familyWords({ ...row, live: 0 })).toContain('have not passed in the last 14 days');
});

test('the interval says its level, and why it is wider', () => {
  const row = verdictFixture({ low: -0.071, high: -0.025, alpha: 0.05, alpha_used: 0.05 });
  expect(intervalWords(row)).toBe('−7.1 to −2.5 points at 95 %, valid however often you look.');
  expect(intervalWords({ ...row, alpha_used: 0.01 })).toContain('at 99 % (wider than 95 %, since it was picked');
  expect(intervalWords({ ...row, low: null, high: null })).toContain('No interval');
});

describe('what was flagged', () => {
  const row = verdictFixture({ flagged_since: '2026-11-12', direction: 'worse', low: -0.071, high: -0.025 });
  test('stands beside the interval of today', () => {
    expect(flaggedWords({ ...row, high: 0.01 })).toBe(
      'Worse since 12 Nov. Today’s interval, −7.1 to +1.0 points, includes 0.',
    );
    expect(flaggedWords({ ...row, low: 0.01, high: 0.03 })).toContain('lies on the other side of 0.');
    expect(flaggedWords({ ...row, low: null, high: null })).toContain('Today nothing can be estimated.');
  });
  test('is not said again where today’s interval, and so the sentence, says the same', () => {
    expect(flaggedWords(row)).toBeUndefined();
    expect(flaggedWords({ ...row, direction: 'better', low: 0.025, high: 0.071 })).toBeUndefined();
  });
  test('is lower or higher where traffic was not randomised, and nothing where it never was', () => {
    expect(flaggedWords({ ...row, tier: 'T2', high: 0.01 })).toMatch(/^Lower since/);
    expect(flaggedWords({ ...row, flagged_since: null })).toBeUndefined();
  });
});

test('parts of the traffic are counted, with what is known of their effects', () => {
  const row = verdictFixture({ figures: { effect_differs_p: 0.4 }, warnings: [] });
  expect(strataWords(row, 0)).toBe('No part of the traffic has both.');
  expect(strataWords(row, 12)).toContain('within 12 parts');
  expect(strataWords(row, 12)).toContain('no sign that the effect differs between parts (p = 0.4)');
  expect(strataWords({ ...row, warnings: ['effect_differs'] }, 12)).toContain('an average of unlike ones');
  expect(strataWords({ ...row, figures: {} }, 1)).toContain('within 1 part of the traffic');
  expect(strataWords({ ...row, figures: {} }, 1)).toContain('too few persons in each part');
});

test('the plain difference stands beside the stratified one', () => {
  const row = verdictFixture({ difference: -0.048, figures: { pooled_difference: 0.01 }, warnings: ['mix_moved'] });
  expect(pooledWords(row)).toContain(
    '−4.8 points within the same traffic; +1.0 points between the plain rates: the mix',
  );
  expect(pooledWords({ ...row, warnings: [] })).not.toContain('the mix');
  expect(pooledWords({ ...row, figures: {} })).toBeUndefined();
});

test('only randomised traffic is said to show a cause', () => {
  expect(tierSentence({ tier: 'T1' })).toContain('comes from the versions');
  expect(tierSentence({ tier: 'T2' })).toContain('may itself be the cause');
  expect(tierSentence({ tier: 'T3' })).toContain('may be the cause');
});
