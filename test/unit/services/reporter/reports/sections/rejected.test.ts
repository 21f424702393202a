// The ranking of rejected prompts: shrunk, never raw; whole in every corner.
import { describe, expect, test } from 'vitest';
import {
  rankRejected,
  rejectedSection,
  REJECTED_MAX,
} from '../../../../../../services/reporter/reports/sections/rejected.js';
import type { LevelRow } from '../../../../../../services/reporter/reports/sections/read-levels.js';
import { emptyRow, levelRow } from '../../../../../support/report-parts.js';

/** A prompt with `rejected` of `mature`, worth as many independent ones unless it is said. */
function prompt(promptId: string, rejected: number, mature: number, over: Partial<LevelRow> = {}): LevelRow {
  return levelRow({ promptId, matureRejected: rejected, mature, rejectionEffectiveN: mature, ...over });
}

function rank(rows: readonly LevelRow[], total = rows.length) {
  return rankRejected({ rows, total });
}

test('a tiny prompt with every generation rejected stands below a large one that is rejected often', () => {
  const rows = [
    prompt('tiny', 2, 2),
    prompt('large', 400, 1000),
    ...Array.from({ length: 20 }, (_, i) => prompt(`calm-${i}`, 100 + i, 1000)),
  ];
  const { prompts, mean } = rank(rows);
  expect(prompts[0]?.promptId).toBe('large');
  const tiny = prompts.find(({ promptId }) => promptId === 'tiny');
  expect(tiny?.rate).toBe(1);
  expect(tiny?.shrunk).toBeLessThan(0.4);
  expect(prompts.map(({ shrunk }) => shrunk)).toEqual(prompts.map(({ shrunk }) => shrunk).sort((a, b) => b - a));
  expect(mean).toBeCloseTo(2592 / 21_002, 9);
});

test.each([
  [REJECTED_MAX, []],
  [REJECTED_MAX + 1, ['The 10 most rejected of 11 prompts.']],
])('of %i prompts at most ten are listed', (n, notes) => {
  const rows = Array.from({ length: n }, (_, i) => prompt(`p${i}`, 50 + 40 * i, 1000));
  expect(rank(rows).prompts).toHaveLength(REJECTED_MAX);
  expect(rank(rows).notes).toEqual(notes);
});

describe('corners', () => {
  test('nothing final', () => {
    expect(rank([emptyRow({ promptId: 'a', shown: 5 })])).toEqual({
      metricVersion: '',
      prompts: [],
      mean: null,
      notes: ['No prompt has final generations yet.'],
    });
  });
  test('one prompt alone keeps its own rate and has no interval', () => {
    const { prompts, notes } = rank([prompt('only', 10, 100)]);
    expect(prompts).toMatchObject([{ promptId: 'only', rate: 0.1, shrunk: 0.1, low: null, high: null }]);
    expect(notes).toEqual(['One prompt alone: there are no others to rank it among.']);
  });
  test('nothing rejected is said, and nothing is ranked', () => {
    const { prompts, mean, notes } = rank([prompt('a', 0, 60), prompt('b', 0, 40)]);
    expect([prompts, mean, notes]).toEqual([[], 0, ['None of 100 final generations was rejected.']]);
  });
  test('one person everywhere is one voice each, and gives no NaN', () => {
    const alone = { persons: 1, rejectionEffectiveN: null };
    const { prompts } = rank([prompt('a', 90, 100, alone), prompt('b', 1, 10, alone)]);
    for (const each of prompts) expect(Number.isFinite(each.shrunk)).toBe(true);
  });
  test('everything rejected everywhere', () => {
    const { prompts } = rank([prompt('a', 10, 10), prompt('b', 20, 20)]);
    expect(prompts.map(({ shrunk }) => shrunk)).toEqual([1, 1]);
  });
  test('prompts that differ by chance alone are said to', () => {
    const { notes } = rank([prompt('a', 50, 500), prompt('b', 50, 500)]);
    expect(notes).toEqual([
      'The prompts do not differ beyond chance: all are drawn to the rate that they have in common.',
    ]);
  });
});

test('prompts measured by other settings are left out, and counted', () => {
  const rows = [
    prompt('a', 10, 100),
    prompt('b', 30, 100),
    prompt('c', 50, 60, { metricVersion: 'm-2' }),
    emptyRow({ promptId: 'd', metricVersion: 'm-2' }),
  ];
  const { prompts, notes, metricVersion } = rank(rows);
  expect(metricVersion).toBe('m-1');
  expect(prompts.map(({ promptId }) => promptId)).toEqual(['b', 'a']);
  expect(notes.at(-1)).toMatch(/^1 row of prompts measured by other settings than m-1 is left out/);
});

test('prompts that were not read are counted', () => {
  expect(rank([prompt('a', 1, 10), prompt('b', 9, 10)], 7).notes.at(-1)).toBe(
    '5 prompts with less traffic were not looked through.',
  );
});

test('reasons stand with their prompt, most first, in words', () => {
  const ranking = rank([prompt('a', 10, 100), prompt('b', 1, 100)]);
  const { prompts } = rejectedSection(ranking, [
    { promptId: 'a', reason: 'none', generations: 2 },
    { promptId: 'a', reason: 'dismissed', generations: 8 },
    { promptId: 'b', reason: 'something new', generations: 1 },
  ]);
  expect(prompts.map(({ reasons }) => reasons)).toEqual([
    [
      { bucket: 'dismissed', label: 'Dismissed', generations: 8 },
      { bucket: 'none', label: 'No reason given', generations: 2 },
    ],
    [{ bucket: 'something new', label: 'something new', generations: 1 }],
  ]);
});
