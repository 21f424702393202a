// The marks of the simulation, each at its border and one past it.
import { expect, test } from 'vitest';
import { failures, FULL_MARKS } from '../../../../scripts/simulate/marks.js';
import type { Outcome } from '../../../../scripts/simulate/run-scenario.js';
import { SCENARIOS } from '../../../../scripts/simulate/scenarios.js';
import { tableHead, tableRow } from '../../../../scripts/simulate/table.js';

interface Counts {
  readonly worse?: number;
  readonly naive?: number;
  readonly compared?: number;
  readonly covered?: number;
}

function outcomeOf(name: string, { worse = 0, naive = 100, compared = 100, covered = 100 }: Counts): Outcome {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  return {
    scenario: { ...scenario, seeds: 100 },
    generations: 1000,
    looksTaken: 100,
    naiveAny: naive,
    naiveWorse: naive,
    findings: { worse, better: 0, medianLook: 7, compared, covered, gated: 100 - compared, gates: [] },
    minutes: 1,
    seconds: { insert: 0, 'roll-up': 0, looks: 0, naive: 0, drop: 0, verdicts: 0 },
  };
}

function check(title: string, name: string, counts: Counts, expected: readonly string[]): void {
  test(title, () => {
    expect(failures(outcomeOf(name, counts), FULL_MARKS)).toEqual(expected);
  });
}

check('five false alarms of a hundred are allowed', 'mix', { worse: 5 }, []);
check('six are not', 'mix', { worse: 6 }, ['mix: false worse 6.0 %, at most 5 % allowed']);
check('six runs of many cells are not either', 'cells', { worse: 6 }, [
  'cells: false worse 6.0 %, at most 5 % allowed',
]);
check('a naive test that alarms in a quarter makes it a fair contest', 'heavy', { naive: 25 }, []);
check('one that alarms less often does not', 'heavy', { naive: 24 }, [
  'heavy: naive alarms 24.0 %, at least 25 % expected',
]);
check('four of five drops found are enough', 'power', { worse: 80, naive: 0 }, []);
check('fewer are not', 'power', { worse: 79 }, ['power: found 79.0 %, at least 80 % asked']);
check('93 of 100 intervals may cover', 'growing', { covered: 93 }, []);
check('92 may not', 'growing', { covered: 92 }, ['growing: coverage 92.0 %, at least 93 % asked']);
check('gated comparisons have no interval that could cover', 'growing', { compared: 50, covered: 46 }, [
  'growing: coverage 92.0 %, at least 93 % asked',
]);
check('a scenario in which nothing is compared shows nothing', 'heavy', { compared: 0, covered: 0 }, [
  'heavy: nothing could be compared at the last look',
]);

test('a line of the table has each count with its share, and the exact interval of the false alarms', () => {
  expect(tableHead()).toMatch(/^scenario .* minutes$/);
  expect(tableRow(outcomeOf('mix', { worse: 3, naive: 40, compared: 98, covered: 97 })).split(/ {2,}/)).toEqual([
    'mix',
    '100',
    '60',
    '1000',
    '3 of 100, 3.0 % (0.6-8.5)',
    '0',
    '40 of 100, 40.0 % / 40',
    '97 of 98, 99.0 %, 2 gated',
    '7',
    '1.0',
  ]);
});
