// Each gate at its limit and one past it.
import { expect, test } from 'vitest';
import { failedGates } from '../../../../../services/reporter/comparisons/gates.js';
import { NO_EXTRAS, type Extras, type Sums } from '../../../../../services/reporter/comparisons/sums.js';
import { tierOf, type TierFacts } from '../../../../../services/reporter/comparisons/tier.js';
import { sumsOf, TIER_1 } from '../../../../support/comparison-cases.js';

interface Case {
  readonly sums?: Partial<Sums>;
  readonly facts?: Partial<TierFacts>;
  readonly extras?: Partial<Extras>;
}

function check(title: string, { sums = {}, facts = {}, extras = {} }: Case, gates: readonly string[]): void {
  test(title, () => {
    const tierFacts = { ...TIER_1, ...facts };
    const found = failedGates(tierOf(tierFacts), tierFacts, sumsOf(sums), { ...NO_EXTRAS, ...extras });
    expect(found.codes).toEqual(gates);
  });
}

check('a comparison without faults passes', {}, []);
check('thirty persons a side are enough', { sums: { persons_a: 30, persons_b: 30 } }, []);
check('29 persons of A are too few', { sums: { persons_a: 29 } }, ['too_few_persons']);
check('29 persons of B are too few', { sums: { persons_b: 29 } }, ['too_few_persons']);
check('twenty effective persons are enough', { sums: { effective_persons_a: 20, effective_persons_b: 20 } }, []);
check('fewer than twenty effective persons of A are too few', { sums: { effective_persons_a: 19.99 } }, [
  'too_few_effective_persons',
]);
check('fewer than twenty effective persons of B are too few', { sums: { effective_persons_b: 19.99 } }, [
  'too_few_effective_persons',
]);
check('ten successes are enough', { sums: { y_a: 10, y_b: 10 } }, []);
check('nine successes are too few', { sums: { y_b: 9 } }, ['too_few_successes']);
check('ten failures are enough', { sums: { y_a: 490, y_b: 490 } }, []);
check('nine failures are too few', { sums: { y_a: 491 } }, ['too_few_failures']);
check('without a standard error there is nothing to say', { sums: { standard_error: 0 } }, ['no_data']);
check('without a shared stratum there is nothing to say', { sums: { weight: 0 } }, ['no_data']);

// chi-square of a : b against 1 : 1 is (a - b)^2 / (a + b); at p = 0.001 it is 10.8276
check('200 persons split 116 to 84 pass', { sums: { assigned_a: 116, assigned_b: 84 } }, []);
check('200 persons split 124 to 76 do not', { sums: { assigned_a: 124, assigned_b: 76 } }, ['sample_ratio']);
check('1 000 persons split 552 to 448 pass', { sums: { assigned_a: 552, assigned_b: 448 } }, []);
check('1 000 persons split 553 to 447 do not', { sums: { assigned_a: 553, assigned_b: 447 } }, ['sample_ratio']);
check(
  'what the weights ask for passes',
  { sums: { assigned_a: 900, assigned_b: 100 }, extras: { weights: [9, 1] } },
  [],
);
check('an even split fails weights of nine to one', { extras: { weights: [9, 1] } }, ['sample_ratio']);
const generations = { assignments: ['randomised:generation'] };
const uneven = { assigned_a: 200, assigned_b: 50, all_generated_a: 500, all_generated_b: 500 };
check('generations are counted where generations were assigned', { facts: generations, sums: uneven }, []);
check(
  'a split of generations fails too',
  { facts: generations, sums: { all_generated_a: 600, all_generated_b: 400 } },
  ['sample_ratio'],
);
const sessions = { assignments: ['randomised:session'] };
check('sessions are not known of users', { facts: sessions, sums: uneven }, []);
check('sessions are known where every person is one', { facts: sessions, sums: { ...uneven, all_sessions: 1 } }, [
  'sample_ratio',
]);
check('a comparison that is not randomised has no split', { facts: { assignments: ['canary'] }, sums: uneven }, []);

// z of p = 0.001 is 3.2905; the standard error of the case is 0.01
check('shown less often by 3.29 errors passes', { sums: { shown_rate_b: 1 - 0.0329 } }, []);
check('shown less often by 3.291 errors does not', { sums: { shown_rate_b: 1 - 0.03291 } }, ['shown_rate']);
check('shown more often is no better', { sums: { shown_rate_a: 1 - 0.03291 } }, ['shown_rate']);
check('orphans of 2 % on both sides pass', { sums: { orphan_share_a: 0.02, orphan_share_b: 0.02 } }, []);
check('more orphans than 2 % on either side do not', { sums: { orphan_share_b: 0.0201 } }, ['orphan_share']);
check('orphan shares that differ do not', { sums: { orphan_share_a: 0.01, orphan_share_variance: 0.000009 } }, [
  'orphan_share',
]);
check('a mix of SDK versions at p = 0.001 passes', { extras: { sdkMixP: 0.001 } }, []);
check('a mix of SDK versions below does not', { extras: { sdkMixP: 0.000999 } }, ['sdk_mix']);
check('half of B on days of A is concurrent', { facts: { concurrentB: 50 } }, []);
check('less than half is before and after', { facts: { concurrentB: 49.9 } }, ['before_after']);
check(
  'every gate that failed is named',
  { sums: { persons_a: 3, persons_b: 3, y_a: 1, orphan_share_a: 0.5 }, facts: { concurrentB: 0 } },
  ['too_few_persons', 'too_few_successes', 'orphan_share', 'before_after'],
);

test('every figure of a gate is there, also of those that passed', () => {
  const { figures } = failedGates('T1', TIER_1, sumsOf(), { ...NO_EXTRAS, sdkMixP: 0.5 });
  expect(Object.keys(figures).sort()).toEqual([
    'before_after',
    'orphan_share_a',
    'orphan_share_b',
    'orphan_share_p',
    'sample_ratio_a',
    'sample_ratio_b',
    'sample_ratio_p',
    'sdk_mix_p',
    'shown_rate_a',
    'shown_rate_b',
    'shown_rate_p',
    'too_few_effective_persons_a',
    'too_few_effective_persons_b',
    'too_few_failures_a',
    'too_few_failures_b',
    'too_few_persons_a',
    'too_few_persons_b',
    'too_few_successes_a',
    'too_few_successes_b',
  ]);
});

test('a comparison of which nothing was read has no data', () => {
  expect(failedGates('T3', { ...TIER_1, concurrentB: 0 }, undefined, NO_EXTRAS)).toEqual({
    codes: ['no_data', 'before_after'],
    figures: { before_after: 0 },
  });
});
