// True rates beside measured ones: which intervals hold, and what is printed.
import { expect, test } from 'vitest';
import { compareRates, coverageOf, renderComparison } from '../../../../scripts/demo-traffic/compare.js';
import { generationsIn, waitForRates, type MeasuredCell } from '../../../../scripts/demo-traffic/measured-rates.js';
import { drawPopulation } from '../../../../scripts/demo-traffic/population.js';

const population = drawPopulation(1, 20_000);
const [cell] = population.cells;
const trueRate = population.trueRates[0] ?? 0;

function measured(low: number | null, high: number | null): MeasuredCell {
  return {
    promptId: cell?.promptId ?? '',
    promptVersion: cell?.promptVersion ?? '',
    model: cell?.model ?? '',
    modelVersion: cell?.modelVersion ?? '',
    mature: 400,
    taken: 200,
    persons: 150,
    rate: 0.5,
    low,
    high,
    soFar: { shown: 410, notShown: 12, orphan: 3 },
  };
}

test('an interval holds the true rate at its borders and not one past them', () => {
  const check = (low: number | null, high: number | null, holds: boolean | undefined) =>
    expect(compareRates(population, [measured(low, high)])[0]?.holds).toBe(holds);
  check(trueRate, 1, true);
  check(0, trueRate, true);
  check(trueRate + 1e-9, 1, false);
  check(0, trueRate - 1e-9, false);
  check(null, null, undefined);
});

test('every cell has a line, also one without figures', () => {
  const compared = compareRates(population, [measured(0, 1)]);
  expect(compared.length).toBe(population.cells.length);
  expect(compared[1]).toMatchObject({ measured: undefined, holds: undefined });
  expect(coverageOf(compared.map(({ holds }) => holds))).toEqual({ intervals: 1, held: 1 });
});

test('the table names cell, n, persons, true rate, measured rate and interval, and what was missed', () => {
  const lines = renderComparison(compareRates(population, [measured(0.9, 0.95)])).split('\n');
  expect(lines[0]).toMatch(/^prompt +version +model +n +persons +true +measured +95 % interval$/);
  expect(lines[2]).toMatch(
    /^summarise +7 +aurora-large 2026-08 +400 +150 +\d+\.\d % +50\.0 % +90\.0 % to 95\.0 % +missed$/,
  );
  expect(lines[3]).toMatch(/ 0 +0 +\d+\.\d % +– +– to –$/);
  expect(lines.join('\n')).toContain('0 of 1 intervals hold the true rate (0.0 %).');
});

test('generations are counted whether they were shown or not', () => {
  expect(generationsIn([measured(0, 1), measured(0, 1)])).toBe(850);
});

test('figures are waited for until all is in and nothing moves any more', async () => {
  const source = { reporter: '', readToken: '', project: '', from: '', to: '' };
  const answers = [[], [measured(0, 1)], [{ ...measured(0, 1), taken: 201 }]];
  let reads = 0;
  const read = async () => await Promise.resolve(answers[Math.min(reads++, 2)] ?? []);
  const seen: number[] = [];
  const options = {
    expected: 425,
    settleMs: 20,
    timeoutMs: 5000,
    pollMs: 1,
    read,
    onProgress: (n: number) => seen.push(n),
  };
  const { cells, complete } = await waitForRates(source, options);
  expect(complete).toBe(true);
  expect(cells[0]?.taken).toBe(201);
  expect(reads).toBeGreaterThan(3);
  expect(seen.slice(0, 2)).toEqual([0, 425]);
});

test('a roll-up that does not come ends the wait and says so', async () => {
  const source = { reporter: '', readToken: '', project: '', from: '', to: '' };
  const read = async () => await Promise.resolve([measured(0, 1)]);
  const options = { expected: 426, settleMs: 1, timeoutMs: 20, pollMs: 1, read, onProgress: () => undefined };
  expect(await waitForRates(source, options)).toMatchObject({ complete: false });
});
