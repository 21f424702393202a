// Tiers by how generations were assigned, and when.
import { expect, test } from 'vitest';
import { assignedUnit, tierOf, type Tier, type TierFacts } from '../../../../../services/reporter/comparisons/tier.js';
import { TIER_1 } from '../../../../support/comparison-cases.js';

function check(title: string, facts: Partial<TierFacts>, tier: Tier): void {
  test(title, () => expect(tierOf({ ...TIER_1, ...facts })).toBe(tier));
}

check('one randomised experiment with an arm a side is T1', {}, 'T1');
check('several arms a side are T1', { armsA: ['A', 'C'], armsB: ['B'] }, 'T1');
check(
  'two randomised units of one experiment are T1',
  { assignments: ['randomised:user', 'randomised:session'] },
  'T1',
);
check('a canary is T2', { assignments: ['canary'] }, 'T2');
check('no assignment is T2', { assignments: [''] }, 'T2');
check('one row that was not randomised makes it T2', { assignments: ['randomised:user', ''] }, 'T2');
check('two experiments are T2', { experiments: ['e', 'f'] }, 'T2');
check('an experiment without a name is T2', { experiments: [''] }, 'T2');
check('an arm on both sides is T2', { armsA: ['A', 'B'] }, 'T2');
check('nothing read is before and after', { concurrentB: 0, allB: 0, assignments: [] }, 'T3');
check('a randomised experiment whose arms follow each other is before and after', { concurrentB: 49 }, 'T3');

test('the unit is known where all generations agree in it', () => {
  const unit = (assignments: string[]) => assignedUnit({ ...TIER_1, assignments });
  expect(unit(['randomised:user'])).toBe('user');
  expect(unit(['randomised:generation'])).toBe('generation');
  expect(unit(['randomised:session'])).toBe('session');
  expect(unit(['randomised:user', 'randomised:session'])).toBeUndefined();
  expect(unit(['randomised:team'])).toBeUndefined();
  expect(unit([])).toBeUndefined();
});
