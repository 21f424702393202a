// Each warning at its limit and one past it.
import { expect, test } from 'vitest';
import { NO_EXTRAS, type Extras, type Sums } from '../../../../../services/reporter/comparisons/sums.js';
import { raisedWarnings } from '../../../../../services/reporter/comparisons/warnings.js';
import { sumsOf } from '../../../../support/comparison-cases.js';

function check(title: string, sums: Partial<Sums>, codes: readonly string[], extras: Partial<Extras> = {}): void {
  test(title, () => expect(raisedWarnings(sumsOf(sums), { ...NO_EXTRAS, ...extras }).codes).toEqual(codes));
}

check('a comparison without faults has none', {}, []);
for (const name of ['late_share', 'clock_suspect_share', 'forced_share'] as const) {
  const even = { [`${name}_variance`]: 0.01 };
  check(`${name} of 5 % on both sides is not said`, { ...even, [`${name}_a`]: 0.05, [`${name}_b`]: 0.05 }, []);
  check(`${name} above 5 % on A is said`, { ...even, [`${name}_a`]: 0.0501 }, [name]);
  check(`${name} above 5 % on B is said`, { ...even, [`${name}_b`]: 0.0501 }, [name]);
  check(`${name} that differs by 3.29 errors is not said`, { [`${name}_b`]: 0.0329 }, []);
  check(`${name} that differs by 3.291 errors is said`, { [`${name}_b`]: 0.03291 }, [name]);
}
check('one person with a fifth of the generations is not named', { heaviest_share: 0.2 }, []);
check('one person with more is', { heaviest_share: 0.2001 }, ['one_person']);
check('a pooled difference of the other sign says that the mix moved', { difference: 0.001 }, ['mix_moved']);
check('a difference of nothing has no sign', { difference: 0 }, []);
// the upper 5 % of chi-square with two degrees begin at 5.9915
check('strata that scatter as chance has it are one effect', {}, [], { heterogeneity: { q: 5.991, strata: 3 } });
check('strata that scatter more are not', {}, ['effect_differs'], { heterogeneity: { q: 5.992, strata: 3 } });
check('half of the persons known by session alone are not said', { session_share: 0.5 }, []);
check('more than half are', { session_share: 0.51 }, ['sessions_only']);
check('a rate of persons two errors away is not said', { persons_rate_a: 0.4399999 }, []);
check('a rate of persons further away is', { persons_rate_b: 0.4000001 }, ['rate_of_persons']);

test('the figures are those that the sentences need', () => {
  const { figures } = raisedWarnings(sumsOf(), { ...NO_EXTRAS, withoutHeaviest: -0.03 });
  expect(figures).toMatchObject({
    without_heaviest: -0.03,
    persons_rate_a: 0.4,
    effective_persons_b: 80,
    design_effect: 1,
  });
  expect(figures['pooled_difference']).toBeCloseTo(-0.04, 12);
});
