// The bytes that may be in memory at once.
import { expect, it } from 'vitest';
import { MemoryBudget } from '../../../../services/collector/memory-budget.js';

it('gives up to its bound, not one byte more, and again what came back', () => {
  const budget = new MemoryBudget(100);
  expect(budget.take(60)).toBe(true);
  expect(budget.take(41)).toBe(false);
  expect(budget.heldBytes).toBe(60);
  expect(budget.take(40)).toBe(true);
  budget.give(100);
  expect(budget.heldBytes).toBe(0);
  expect(budget.take(100)).toBe(true);
});
