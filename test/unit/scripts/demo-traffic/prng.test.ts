// The repeatable randomness: same seed, same numbers; streams apart; the distributions are what their names say.
import { describe, expect, test } from 'vitest';
import { createPrng, type Prng } from '../../../../scripts/demo-traffic/prng.js';

const many = (draw: () => number, count = 20_000) => Array.from({ length: count }, draw);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]) => {
  const centre = mean(values);
  return mean(values.map((value) => (value - centre) ** 2));
};

describe('a stream', () => {
  test('gives the same numbers for the same seed and name on every machine', () => {
    const prng = createPrng(1, 'check');
    expect(many(() => prng.int(1_000_000), 5)).toEqual([143519, 487010, 403995, 124902, 6931]);
  });

  test('differs by seed and by name, and what one draws never shifts another', () => {
    const draws = (prng: Prng) => many(() => prng.next(), 4);
    const alone = draws(createPrng(1, 'a'));
    const other = createPrng(1, 'b');
    draws(other);
    expect(draws(createPrng(1, 'a'))).toEqual(alone);
    expect(draws(createPrng(1, 'b'))).not.toEqual(alone);
    expect(draws(createPrng(2, 'a'))).not.toEqual(alone);
  });
});

describe('draws', () => {
  const prng = createPrng(7, 'draws');

  test('are uniform in [0, 1)', () => {
    const values = many(() => prng.next());
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(mean(values)).toBeCloseTo(0.5, 1);
    expect(variance(values)).toBeCloseTo(1 / 12, 2);
  });

  test('are normal with mean 0 and variance 1', () => {
    const values = many(() => prng.normal());
    expect(Math.abs(mean(values))).toBeLessThan(0.03);
    expect(Math.abs(variance(values) - 1)).toBeLessThan(0.05);
  });

  test('are beta with the mean and the correlation asked for', () => {
    const check = (centre: number, concentration: number) => {
      const values = many(() => prng.beta(centre, concentration));
      expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
      expect(Math.max(...values)).toBeLessThanOrEqual(1);
      expect(Math.abs(mean(values) - centre)).toBeLessThan(0.01);
      const wanted = (centre * (1 - centre)) / (concentration + 1);
      expect(Math.abs(variance(values) / wanted - 1)).toBeLessThan(0.06);
    };
    check(0.5, 7.3);
    check(0.2, 7.3);
    check(0.9, 1.5);
  });

  test('are whole numbers below the bound, all of them', () => {
    const seen = new Set(many(() => prng.int(6), 500));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('shuffle keeps every item and leaves the input alone', () => {
    const items = [1, 2, 3, 4, 5, 6, 7, 8];
    const shuffled = prng.shuffled(items);
    expect(items).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(shuffled).not.toEqual(items);
    expect([...shuffled].sort()).toEqual(items);
  });

  test('picking from nothing is refused', () => {
    expect(() => prng.pick([])).toThrow(RangeError);
  });
});
