// The persons and the definition of a cell's true rate.
import { describe, expect, test } from 'vitest';
import { CELLS_PER_PROMPT, PROMPT_COUNT, makeCells, promptShare } from '../../../../scripts/demo-traffic/cells.js';
import { drawPopulation } from '../../../../scripts/demo-traffic/population.js';

const population = drawPopulation(1, 20_000);

describe('cells', () => {
  test('are more than 40, all different, with rates that leave room on both sides', () => {
    const cells = makeCells();
    expect(cells.length).toBe(PROMPT_COUNT * CELLS_PER_PROMPT);
    expect(cells.length).toBeGreaterThanOrEqual(40);
    expect(new Set(cells.map(({ rate: _, ...key }) => JSON.stringify(key))).size).toBe(cells.length);
    for (const { rate } of cells) expect(rate > 0.1 && rate < 0.9).toBe(true);
  });

  test('share the traffic out completely', () => {
    const shares = Array.from({ length: PROMPT_COUNT }, (_, prompt) => promptShare(prompt));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
  });

  test('do not depend on the seed', () => {
    expect(drawPopulation(2, 1000).cells).toEqual(population.cells);
  });
});

describe('persons', () => {
  test('are the same for the same seed and others for another', () => {
    expect(drawPopulation(1, 20_000)).toEqual(population);
    expect(drawPopulation(2, 20_000).persons).not.toEqual(population.persons);
  });

  test('are many, and a few of them make much of the traffic', () => {
    const paces = population.persons.map(({ pace }) => pace).sort((a, b) => b - a);
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    expect(paces.length).toBe(2500);
    const topPercent = sum(paces.slice(0, 25)) / sum(paces);
    expect(topPercent).toBeGreaterThan(0.05);
    expect(topPercent).toBeLessThan(0.2);
  });

  test('have one cell of each prompt, and rates that differ from person to person', () => {
    for (const { prompts } of population.persons) {
      expect(prompts.map(({ cell }) => Math.floor(cell / CELLS_PER_PROMPT))).toEqual([0, 1, 2, 3, 4]);
      expect(prompts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    }
    expect(new Set(population.persons.map(({ prompts }) => prompts[0]?.rate)).size).toBeGreaterThan(2000);
  });

  test('are users and, the smaller part, anonymous clients', () => {
    const users = population.persons.filter(({ kind }) => kind === 'user').length;
    expect(users / population.persons.length).toBeCloseTo(0.85, 1);
  });
});

describe('the true rate of a cell', () => {
  test('is the mean of its persons rates, weighted by how much each of them does there', () => {
    for (const [cell, rate] of population.trueRates.entries()) {
      const inCell = population.persons.flatMap(({ pace, prompts }) =>
        prompts
          .filter((prompt) => prompt.cell === cell)
          .map((prompt) => ({ weight: pace * prompt.share, rate: prompt.rate })),
      );
      const weight = inCell.reduce((sum, one) => sum + one.weight, 0);
      expect(rate).toBeCloseTo(inCell.reduce((sum, one) => sum + one.weight * one.rate, 0) / weight, 10);
    }
  });

  test('lies near the mean of all persons there could be, and is not it', () => {
    const gaps = population.cells.map((cell, index) => Math.abs((population.trueRates[index] ?? 0) - cell.rate));
    expect(Math.max(...gaps)).toBeLessThan(0.15);
    expect(Math.min(...gaps)).toBeGreaterThan(0);
  });

  test('is unknown where nobody was drawn', () => {
    const few = drawPopulation(3, 100);
    for (const [cell, rate] of few.trueRates.entries()) {
      const drawn = few.persons.some(({ prompts }) => prompts.some((prompt) => prompt.cell === cell));
      expect(rate !== undefined).toBe(drawn);
    }
  });
});
