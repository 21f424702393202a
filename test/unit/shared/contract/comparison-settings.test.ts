// What the projects file may say about comparisons.
import { expect, test } from 'vitest';
import { comparisonSettingsSchema, projectSchema } from '../../../../shared/contract/projects.js';

test('a project that says nothing has the defaults', () => {
  const { comparisons } = projectSchema.parse({ id: 'a', hashKey: { value: 'x'.repeat(16) } });
  expect(comparisons).toEqual({ mde: 0.05, alpha: 0.05, incumbents: {}, experiments: {}, pairs: [] });
});

function check(title: string, settings: object, accepted: boolean): void {
  test(title, () => expect(comparisonSettingsSchema.safeParse(settings).success).toBe(accepted));
}

check('the smallest drop is 0.001', { mde: 0.001 }, true);
check('a smaller one is refused', { mde: 0.0009 }, false);
check('the largest drop is 0.5', { mde: 0.5 }, true);
check('a larger one is refused', { mde: 0.51 }, false);
check('the level may be 0.5', { alpha: 0.5 }, true);
check('a higher one is refused', { alpha: 0.51 }, false);
check('the level may be 0.0001', { alpha: 0.0001 }, true);
check('a lower one is refused', { alpha: 0.00009 }, false);
check('an unknown setting is refused', { q: 0.1 }, false);
check('weights are positive', { experiments: { e: { weights: { A: 0 } } } }, false);
check('an incumbent needs a model alone', { incumbents: { web: { model: 'm' } } }, true);
check('both sides of a pair name the same columns', { pairs: [{ a: { arm: 'x' }, b: { model: 'm' } }] }, false);
check('the sides of a pair differ', { pairs: [{ a: { arm: 'x' }, b: { arm: 'x' } }] }, false);
check('a side names a column', { pairs: [{ a: {}, b: {} }] }, false);
const pair = { a: { arm: 'x' }, b: { arm: 'y' } };
check('there may be 500 pairs', { pairs: Array.from({ length: 500 }, () => pair) }, true);
check('501 are refused', { pairs: Array.from({ length: 501 }, () => pair) }, false);
