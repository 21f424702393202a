// Every state that a comparison can be in has a sentence, and the sentence says what it must.
import { describe, expect, test } from 'vitest';
import {
  GATE_REASONS,
  WARNING_WORDS,
  gateReason,
  warningWords,
} from '../../../../../services/reporter/comparisons/verdict-gates.js';
import { VERDICTS, verdictRow, type VerdictRow } from '../../../../../services/reporter/comparisons/verdict-row.js';
import { verdictSentence } from '../../../../../services/reporter/comparisons/verdict-sentence.js';
import { verdictFixture } from '../../../../support/verdict-fixture.js';

const UNFLAGGED = { flagged: 0, flagged_since: null, direction: '', family_flagged: 0 } as const;
const COVERS = { difference: -0.01, low: -0.03, high: 0.01 } as const;
const ABOVE = { difference: 0.048, low: 0.025, high: 0.071 } as const;

function check(differences: Partial<VerdictRow>, expected: string): void {
  expect(verdictSentence(verdictFixture(differences))).toBe(expected);
}

describe('the sentence', () => {
  test('of worse gives difference, interval, level, persons and the first day', () => {
    check(
      {},
      'Version 8 is accepted less often than version 7: −4.8 points (95 % −7.1 to −2.5, valid however often we look), 1,312 persons. Worse since 12 Nov.',
    );
  });
  test('of better says more often', () => {
    check(
      { ...ABOVE, verdict: 'better', direction: 'better' },
      'Version 8 is accepted more often than version 7: +4.8 points (95 % +2.5 to +7.1, valid however often we look), 1,312 persons. Better since 12 Nov.',
    );
  });
  test('of traffic that is not randomised says lower and higher, and why not more', () => {
    check(
      { verdict: 'lower', tier: 'T2' },
      'Version 8 is accepted less often than version 7: −4.8 points (95 % −7.1 to −2.5, valid however often we look), 1,312 persons. Lower since 12 Nov. Not randomised: other causes are possible.',
    );
  });
  test('of one among many gives the family and the level that goes with it', () => {
    check(
      { family_size: 300, family_flagged: 2, alpha_used: (0.05 * 2) / 300 },
      'Version 8 is accepted less often than version 7: −4.8 points (99.97 % −7.1 to −2.5, valid however often we look), 1,312 persons. Worse since 12 Nov. One of 2 flagged among 300 comparisons watched together.',
    );
  });
  test('keeps the first day when the interval of today covers 0', () => {
    check(
      { ...COVERS, verdict: 'not_enough_evidence' },
      'Version 8: worse than version 7 since 12 Nov; today’s interval includes 0: −1.0 points (95 % −3.0 to +1.0, valid however often we look), 1,312 persons.',
    );
  });
  test('keeps what was found when today says the opposite', () => {
    check(
      { ...ABOVE, verdict: 'better' },
      'Version 8 was found worse than version 7 on 12 Nov; today it is accepted more often than version 7: +4.8 points (95 % +2.5 to +7.1, valid however often we look), 1,312 persons.',
    );
  });
  test('of no large drop names the drop', () => {
    check(
      { ...UNFLAGGED, ...COVERS, verdict: 'no_large_drop' },
      'Version 8 shows no drop larger than 5 points against version 7: −1.0 points (95 % −3.0 to +1.0, valid however often we look), 1,312 persons.',
    );
  });
  test('of an interval off 0 that the family does not flag says so', () => {
    check(
      { ...UNFLAGGED, verdict: 'not_enough_evidence', family_size: 300 },
      'Not enough evidence yet about version 8 against version 7: −4.8 points (95 % −7.1 to −2.5, valid however often we look), 1,312 persons; more persons are needed to see a drop of 5 points. Its own interval leaves out 0; among 300 comparisons watched together that is not yet enough to say worse.',
    );
  });
  test('of not enough evidence gives the persons still needed', () => {
    check(
      {
        ...UNFLAGGED,
        verdict: 'not_enough_evidence',
        difference: 0,
        low: -0.3,
        high: 0.3,
        persons: 64,
        persons_a: 32,
        persons_b: 32,
        n_a: 64,
        n_b: 64,
      },
      'Not enough evidence yet about version 8 against version 7: 0.0 points (95 % −30.0 to +30.0, valid however often we look), 64 persons; about 3,164 more persons are needed to see a drop of 5 points.',
    );
  });
  test('of what cannot be compared gives every reason with its figure, and what was found before', () => {
    check(
      {
        verdict: 'cannot_compare',
        gates: ['too_few_persons', 'orphan_share'],
        figures: { too_few_persons_a: 41, too_few_persons_b: 12, orphan_share_a: 0.004, orphan_share_b: 0.031 },
      },
      'Version 8 cannot be compared with version 7: 41 persons for version 7 and 12 for version 8, 30 each are needed; events are lost: answers that were acted on without being seen as shown are 0.4 % for version 7 and 3.1 % for version 8 (at most 2.0 %, and alike on both sides). It was found worse on 12 Nov.',
    );
  });
  test('of one person says one person', () => {
    const figures = { too_few_persons_a: 1.9, too_few_persons_b: 0 };
    check(
      { verdict: 'cannot_compare', gates: ['too_few_persons'], figures, flagged_since: null },
      'Version 8 cannot be compared with version 7: 1 person for version 7 and 0 for version 8, 30 each are needed.',
    );
  });
  test('of before and after points to the drift watch', () => {
    check(
      { ...UNFLAGGED, verdict: 'before_after', tier: 'T3', gates: ['before_after'] },
      'Version 8 came after version 7 and hardly ran beside it, so this is before and after, not a comparison; the drift watch says whether the rate has fallen.',
    );
  });
});

describe('every combination', () => {
  const flags: Partial<VerdictRow>[] = [
    UNFLAGGED,
    { flagged: 1, flagged_since: '2026-11-12', direction: 'worse' },
    { flagged: 1, flagged_since: '2026-11-12', direction: 'better' },
  ];
  const intervals: Partial<VerdictRow>[] = [
    { difference: -0.048, low: -0.071, high: -0.025 },
    COVERS,
    { difference: -0.04, low: -0.2, high: 0.12 },
    ABOVE,
    { difference: 0, low: null, high: null, standard_error: 0 },
  ];
  const families = [
    { family_size: 0, live: 0 },
    { family_size: 1, live: 1 },
    { family_size: 300, live: 1 },
    { family_size: 300, live: 0 },
  ];
  const gates = [[], ['sample_ratio'], Object.keys(GATE_REASONS), ['a_new_gate']];
  const people = [{}, { persons: 0, persons_a: 0, persons_b: 0, n_a: 0, n_b: 0, rate_a: 0, rate_b: 0 }, { rate_a: 1 }];
  const states = VERDICTS.flatMap((verdict) =>
    (['T1', 'T2', 'T3'] as const).flatMap((tier) =>
      flags.flatMap((flag) =>
        intervals.flatMap((interval) =>
          families.flatMap((family) =>
            gates.flatMap((codes) =>
              people.map((persons) =>
                verdictFixture({ verdict, tier, ...flag, ...interval, ...family, ...persons, gates: codes }),
              ),
            ),
          ),
        ),
      ),
    ),
  );

  test.each(VERDICTS)('of %s has a sentence that is whole and honest', (verdict) => {
    const of = states.filter((state) => state.verdict === verdict);
    expect(of.length).toBe(3 * 3 * 5 * 4 * 4 * 3);
    for (const state of of) {
      const said = verdictSentence(state);
      const state_ = JSON.stringify(state);
      expect(said, state_).toMatch(/^\S.*\.$/);
      expect(said, state_).not.toMatch(/undefined|null|NaN|Infinity|  |\.\.|\.,|;\./);
      expect(said, state_).toContain(state.name_a);
      expect(said.toLowerCase(), state_).toContain(state.name_b);
      // the newer one is what it is about, the older one what it is held against
      expect(said.toLowerCase().indexOf(state.name_b), state_).toBeLessThan(said.indexOf(state.name_a));
      if (state.tier !== 'T1') expect(said, state_).not.toMatch(/\b(worse|better)\b/i);
      if (state.flagged_since !== null) expect(said, state_).toContain('12 Nov');
      if (/points \(/.test(said))
        expect(said, state_).toMatch(/ % [−+]?\d.* to .*valid however often we look\), [\d,]+ persons?/);
      if (verdict === 'cannot_compare') for (const gate of state.gates) expect(said).toContain(gateReason(gate, state));
    }
  });
});

describe('gates and warnings', () => {
  const figures = {
    sample_ratio_a: 5200,
    sample_ratio_b: 4700,
    sample_ratio_p: 1e-7,
    shown_rate_a: 0.981,
    shown_rate_b: 0.902,
    shown_rate_p: 0.0002,
    sdk_mix_p: 0.0004,
    before_after: 0.21,
    heaviest_share: 0.34,
    without_heaviest: -0.012,
    pooled_difference: 0.021,
    late_share_a: 0.061,
    late_share_b: 0.02,
    effect_differs_p: 0.012,
    sessions_only: 0.8,
    persons_rate_a: 0.3,
    persons_rate_b: 0.5,
  };
  const row = verdictFixture({ figures });
  test.each([
    [
      'sample_ratio',
      'the split is not the one configured: 5,200 for version 7 and 4,700 for version 8 (p < 0.001); assignment or delivery is broken',
    ],
    [
      'shown_rate',
      'version 8 is displayed less often: answers that were displayed are 98.1 % for version 7 and 90.2 % for version 8 (p < 0.001)',
    ],
    ['sdk_mix', 'version 7 and version 8 come from different versions of the beacon (p < 0.001)'],
    [
      'before_after',
      'version 8 hardly ran beside version 7: 21.0 % of the answers of version 8 lie on such days, at least 50.0 % is needed',
    ],
    ['a_new_gate', 'the check a_new_gate failed'],
  ])('gate %s gives its figure', (code, expected) => {
    expect(gateReason(code, row)).toBe(expected);
  });
  test.each([
    ['one_person', 'One person carries 34.0 % of the weight; without that person the difference is −1.2 points'],
    ['mix_moved', 'The mix of traffic moved: pooled +2.1 points, within the same traffic −4.8'],
    ['late_share', 'Events after the final day: 6.1 % for version 7 and 2.0 % for version 8'],
    ['effect_differs', 'The effect differs between parts of the traffic (p = 0.012)'],
    [
      'sessions_only',
      '80.0 % of the persons are known by their session alone: the interval is too narrow if they return',
    ],
    [
      'rate_of_persons',
      'A few heavy persons drive the rate: averaged over persons it is 30.0 % for version 7 and 50.0 % for version 8',
    ],
    ['a_new_warning', 'Look at a_new_warning'],
  ])('warning %s gives its figure', (code, expected) => {
    expect(warningWords(code, row)).toBe(expected);
  });
  test('every one of them says something whole without its figures too', () => {
    const bare = verdictFixture({ figures: {} });
    for (const code of Object.keys(GATE_REASONS)) expect(gateReason(code, bare)).not.toMatch(/undefined|NaN/);
    for (const code of Object.keys(WARNING_WORDS)) expect(warningWords(code, bare)).not.toMatch(/undefined|NaN/);
  });
});

test('what ClickHouse answers becomes numbers', () => {
  const { n_a, n_b, persons_a, persons_b, persons, family_size, family_flagged, ...rest } = verdictFixture();
  const strings = { n_a, n_b, persons_a, persons_b, persons, family_size, family_flagged };
  const answered = Object.fromEntries(Object.entries(strings).map(([name, n]) => [name, String(n)]));
  expect(verdictRow({ ...rest, ...answered } as unknown as Parameters<typeof verdictRow>[0])).toEqual(verdictFixture());
});
