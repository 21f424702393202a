// The rough number of persons still lacking, against R's power.prop.test.
import { expect, test } from 'vitest';
import { generationsForDrop, personsLacking } from '../../../../../services/reporter/comparisons/verdict-persons.js';
import { level, plainPoints, points, shortDay } from '../../../../../services/reporter/comparisons/verdict-words.js';
import { verdictFixture } from '../../../../support/verdict-fixture.js';

test('generations per side are those of power.prop.test', () => {
  // power.prop.test(p1 = .30, p2 = .25, power = .8)$n is 1250.7; ClickHouse's minSampleSizeConversion has its own formula
  expect(generationsForDrop(0.3, 0.05, 0.05)).toBeCloseTo(1250.7167, 3);
});

test('rates near 0 and 1 give a finite number', () => {
  for (const rate of [0, 0.01, 0.5, 0.99, 1]) {
    const n = generationsForDrop(rate, 0.05, 0.05);
    expect(n, String(rate)).toBeGreaterThan(100);
    expect(n, String(rate)).toBeLessThan(5000);
  }
});

test('a design effect asks for more persons, more generations a person for fewer', () => {
  const row = { persons: 80, persons_a: 40, persons_b: 40, n_a: 80, n_b: 80 };
  const lacking = (more: Parameters<typeof verdictFixture>[0]) =>
    personsLacking(verdictFixture({ ...row, ...more })) ?? 0;
  expect(lacking({ figures: { design_effect: 4 } })).toBeGreaterThan(lacking({ figures: { design_effect: 2 } }));
  expect(lacking({ n_a: 400, n_b: 400 })).toBeLessThan(lacking({}));
  expect(lacking({ figures: {} })).toBe(lacking({ figures: { design_effect: 0.5 } }));
});

test('nobody lacks when there are enough, and nothing is said when nobody was seen', () => {
  expect(personsLacking(verdictFixture({ n_a: 1e6, n_b: 1e6 }))).toBe(0);
  expect(personsLacking(verdictFixture({ persons_b: 0 }))).toBeUndefined();
});

test.each([
  [points(-0.048), '−4.8'],
  [points(0.0004), '0.0'],
  [points(0.1), '+10.0'],
  [plainPoints(0.05), '5'],
  [plainPoints(0.025), '2.5'],
  [level(0.05), '95 %'],
  [level(0.05 / 300), '99.98 %'],
  [level(0.00001), '99.999 %'],
  [shortDay('2026-03-01'), '1 Mar'],
])('%s is said as %s', (said, expected) => {
  expect(said).toBe(expected);
});
