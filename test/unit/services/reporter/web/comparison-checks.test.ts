// What was checked before a verdict, with its figures.
import { expect, test } from 'vitest';
import { GATE_REASONS, WARNING_WORDS } from '../../../../../services/reporter/comparisons/verdict-gates.js';
import { checksOf } from '../../../../../services/reporter/web/comparison-checks.js';
import { verdictFixture } from '../../../../support/verdict-fixture.js';

test('a check says what was seen on both sides, what is wanted and how it ended', () => {
  const row = verdictFixture({
    gates: ['too_few_persons'],
    warnings: ['one_person', 'late_share'],
    figures: {
      too_few_persons_a: 41,
      too_few_persons_b: 12,
      shown_rate_a: 0.99,
      shown_rate_b: 0.985,
      late_share_a: 0.01,
      late_share_b: 0.07,
      heaviest_share: 0.27,
      sdk_mix_p: 0.3,
    },
  });
  expect(checksOf(row)).toEqual([
    { name: 'Persons', seen: ['41', '12'], wanted: 'at least 30 each', state: 'failed' },
    { name: 'Shown, of the answers made', seen: ['99.0 %', '98.5 %'], wanted: 'alike on both sides', state: 'passed' },
    { name: 'Versions of the beacon', seen: 'p = 0.3', wanted: 'alike on both sides', state: 'passed' },
    {
      name: 'Events after the final day',
      seen: ['1.0 %', '7.0 %'],
      wanted: 'at most 5.0 %, alike on both sides',
      state: 'warned',
    },
    { name: 'Weight of the heaviest person', seen: '27.0 %', wanted: 'at most 20.0 %', state: 'warned' },
  ]);
});

test('every gate and warning with figures of its own is a check, and one without figures is still told', () => {
  // these speak of the difference itself, or of there being no data at all; the page says them elsewhere
  const elsewhere = ['no_data', 'mix_moved', 'effect_differs'];
  for (const code of [...Object.keys(GATE_REASONS), ...Object.keys(WARNING_WORDS)]) {
    const row = verdictFixture({ gates: [code], warnings: [code], figures: {} });
    expect(
      checksOf(row).map(({ seen }) => seen),
      code,
    ).toEqual(elsewhere.includes(code) ? [] : ['not known']);
  }
});
