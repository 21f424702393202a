// What stands first in a report, for every state that comparisons and watches can be in.
import { describe, expect, test } from 'vitest';
import { headline, HEADLINES_MAX } from '../../../../../../services/reporter/reports/sections/headline.js';
import type { DriftState } from '../../../../../../services/reporter/drift/drift-state.js';
import type { VerdictRow } from '../../../../../../services/reporter/comparisons/verdict-row.js';
import { fallenState } from '../../../../../support/reading-parts.js';
import { verdictFixture } from '../../../../../support/verdict-fixture.js';

const UNFLAGGED = { flagged: 0, flagged_since: null, direction: '' } as const;

function saidOf(comparisons: readonly VerdictRow[], watches: readonly DriftState[] = [], total = comparisons.length) {
  return headline({ comparisons, comparisonsTotal: total, watches });
}

test('nothing compared and nothing watched is said in words', () => {
  expect(saidOf([]).map(({ sentence }) => sentence)).toEqual([
    expect.stringMatching(/^Nothing was compared yet: /),
    expect.stringMatching(/^Nothing is watched for a fall yet/),
  ]);
});

test('a verdict names its prompt and surface, carries its tone, its n and its persons', () => {
  const [first] = saidOf([verdictFixture()]);
  expect(first).toEqual({
    tone: 'worse',
    sentence:
      'summarise on web: Version 8 is accepted less often than version 7: −4.8 points (95 % −7.1 to −2.5, valid however often we look), 1,312 persons. Worse since 12 Nov.',
    promptId: 'summarise',
    comparisonId: 'c1',
    n: 8112,
    persons: 1312,
  });
});

test('a comparison across prompts says so', () => {
  const [first] = saidOf([verdictFixture({ prompt_id: '', surface: '' })]);
  expect(first?.sentence).toMatch(/^All prompts: Version 8/);
});

test('a fall is told by its own sentence, and is no comparison', () => {
  const [, fall] = saidOf([verdictFixture()], [fallenState()]);
  expect(fall).toMatchObject({ tone: 'fallen', promptId: 'summarise', comparisonId: null, n: 1204, persons: 312 });
  expect(fall?.sentence).toContain('not a comparison');
});

test('what asks for action stands first: worse, fallen, lower, flagged before, better, higher, no large drop', () => {
  const rows = [
    verdictFixture({ ...UNFLAGGED, verdict: 'no_large_drop', prompt_id: 'g' }),
    verdictFixture({ verdict: 'higher', tier: 'T2', direction: 'better', difference: 0.05, prompt_id: 'f' }),
    verdictFixture({ verdict: 'better', direction: 'better', difference: 0.05, prompt_id: 'e' }),
    verdictFixture({ verdict: 'cannot_compare', prompt_id: 'd' }),
    verdictFixture({ verdict: 'lower', tier: 'T2', prompt_id: 'c' }),
    verdictFixture({ prompt_id: 'a' }),
  ];
  const items = saidOf(rows, [fallenState({ prompt_id: 'b' })]);
  expect(items.map(({ promptId }) => promptId)).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g']);
  expect(items.map(({ tone }) => tone)).toEqual([
    'worse',
    'fallen',
    'neutral',
    'neutral',
    'better',
    'neutral',
    'neutral',
  ]);
});

describe('what does not speak', () => {
  test('is counted in one sentence', () => {
    const rows = [
      verdictFixture({ ...UNFLAGGED, verdict: 'not_enough_evidence' }),
      verdictFixture({ ...UNFLAGGED, verdict: 'not_enough_evidence' }),
      verdictFixture({ ...UNFLAGGED, verdict: 'cannot_compare' }),
      verdictFixture({ ...UNFLAGGED, verdict: 'before_after' }),
    ];
    expect(saidOf(rows)[0]?.sentence).toBe(
      'Of 4 comparisons 2 have not enough evidence yet, 1 cannot be compared and 1 is before and after, not a comparison.',
    );
  });
  test('says how many were not read', () => {
    const rows = [verdictFixture({ ...UNFLAGGED, verdict: 'before_after' })];
    expect(saidOf(rows, [], 501)[0]?.sentence).toBe(
      'Of 501 comparisons 1 is before and after, not a comparison and 500 were not looked through here.',
    );
  });
  test('of watches says that nothing has fallen', () => {
    const watches = [fallenState({ state: 'steady' }), fallenState({ state: 'collecting' })];
    expect(saidOf([], watches).at(-1)?.sentence).toBe(
      'No rate has fallen: 1 of 2 watched rates is steady, 1 still collects days.',
    );
  });
  test.each([
    [['steady'], 'No rate has fallen: the one watched rate is steady.'],
    [['steady', 'steady'], 'No rate has fallen: all 2 watched rates are steady.'],
    [['collecting'], 'No fall can be seen yet: the one watched rate still collects days.'],
    [['collecting', 'collecting'], 'No fall can be seen yet: all 2 watched rates still collect days.'],
  ] as const)('of watches that are all %s says so', (states, expected) => {
    const watches = states.map((state) => fallenState({ state }));
    expect(saidOf([], watches).at(-1)?.sentence).toBe(expected);
  });
});

test.each([
  [HEADLINES_MAX, HEADLINES_MAX],
  [HEADLINES_MAX + 1, HEADLINES_MAX + 1],
])('of %i verdicts that speak there are %i sentences: beyond the limit the rest is counted', (n, sentences) => {
  const rows = Array.from({ length: n }, (_, i) => verdictFixture({ prompt_id: `prompt-${i}` }));
  const items = saidOf(rows, [fallenState({ state: 'steady' })]).filter(
    ({ sentence }) => !sentence.startsWith('No rate'),
  );
  expect(items.length).toBe(sentences);
  if (n > HEADLINES_MAX) expect(items.at(-1)?.sentence).toBe('1 more is not listed here: 1 worse.');
});

test('a name from an event stays one line, and a sentence stays bounded', () => {
  const hostile = `<script>\n\u2028|*_[x](javascript:1) ${'x'.repeat(180)}`;
  const gates = ['too_few_persons', 'sample_ratio', 'shown_rate', 'orphan_share', 'sdk_mix', 'before_after'];
  const rows = [
    verdictFixture({ prompt_id: hostile, name_a: hostile, name_b: hostile }),
    verdictFixture({ verdict: 'cannot_compare', gates: [...gates, ...gates], name_a: hostile, name_b: hostile }),
  ];
  for (const { sentence } of saidOf(rows)) {
    expect(sentence).not.toMatch(/[\n\u2028]/);
    expect(sentence.length).toBeLessThanOrEqual(4000);
  }
});
