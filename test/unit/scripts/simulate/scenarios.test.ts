// The scenarios as data: names, sizes, and rates of persons that have the mean and the spread they are told to have.
import { expect, test } from 'vitest';
import { personRates, SCENARIOS } from '../../../../scripts/simulate/scenarios.js';

test('every scenario has a name of its own and a size', () => {
  expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length);
  for (const { seeds, looks, slots, generations } of SCENARIOS)
    expect(Math.min(seeds, looks, slots, generations)).toBeGreaterThan(0);
});

test('only the scenario of power has an effect', () => {
  expect(SCENARIOS.filter(({ truth }) => truth !== 0).map(({ name, kind }) => [name, kind])).toEqual([
    ['power', 'power'],
  ]);
});

function check(mean: number, icc: number): void {
  test(`rates of persons have the mean ${mean} and the correlation ${icc}`, () => {
    const rates = personRates(mean, icc);
    const average = rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
    const variance = rates.reduce((sum, rate) => sum + (rate - average) ** 2, 0) / rates.length;
    expect(average).toBeCloseTo(mean, 3);
    expect(variance / (average * (1 - average))).toBeCloseTo(icc, 2);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...rates)).toBeLessThanOrEqual(1);
  });
}

check(0.3, 0.15);
check(0.3, 0.4);
