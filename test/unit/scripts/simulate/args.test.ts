// The command line of the simulation: what it takes, and one clear line for what it does not.
import { expect, test } from 'vitest';
import { LOOKS_MAX, readArgs, SEEDS_MAX, SHORT } from '../../../../scripts/simulate/args.js';
import { StartError } from '../../../../shared/runtime/errors.js';

function plan(line: string) {
  const read = readArgs(line.split(' ').filter((word) => word !== ''));
  if (read === 'help') throw new Error('help was asked for');
  return read;
}

test('without arguments all scenarios run in their full size', () => {
  const { scenarios, short, keep } = plan('');
  expect(scenarios.map(({ name, seeds, looks }) => `${name} ${seeds} ${looks}`)).toEqual([
    'independent 300 60',
    'returning 300 60',
    'growing 300 60',
    'heavy 300 60',
    'mix 300 60',
    'immature 300 60',
    'cells 100 30',
    'power 100 30',
  ]);
  expect([short, keep]).toEqual([false, false]);
});

test('the short form has few seeds and looks, and numbers that are given win over both forms', () => {
  expect(plan('--short').scenarios.map(({ seeds, looks }) => [seeds, looks])).toEqual([
    ...Array.from({ length: 6 }, () => [SHORT.seeds, SHORT.looks]),
    [SHORT.seedsOfCells, SHORT.looks],
    [SHORT.seedsOfPower, SHORT.looks],
  ]);
  const [scenario] = plan('--short --scenario power --seeds 7 --looks 9 --keep').scenarios;
  expect([scenario?.name, scenario?.seeds, scenario?.looks]).toEqual(['power', 7, 9]);
});

test('scenarios are chosen by name and run in their own order', () => {
  expect(plan('--scenario power,mix').scenarios.map(({ name }) => name)).toEqual(['mix', 'power']);
});

test('help is answered as such', () => {
  expect(readArgs(['--help'])).toBe('help');
});

function refused(line: string, says: RegExp): void {
  test(`refused in one line: ${line}`, () => {
    expect(() => plan(line)).toThrow(StartError);
    expect(() => plan(line)).toThrow(says);
    expect(() => plan(line)).toThrow(/^[^\n]+$/);
  });
}

refused('--seeds 0', /--seeds must be a whole number from 1 to 999/);
refused(`--seeds ${SEEDS_MAX + 1}`, /--seeds must be/);
refused('--seeds 1.5', /--seeds must be/);
refused('--looks 0', /--looks must be a whole number from 1 to 200/);
refused(`--looks ${LOOKS_MAX + 1}`, /--looks must be/);
refused('--scenario nothing,mix', /there is no nothing, but independent, returning/);
refused('--sedes 3', /--sedes/);
refused('everything', /everything/);

test('the greatest numbers are taken', () => {
  const [scenario] = plan(`--seeds ${SEEDS_MAX} --looks ${LOOKS_MAX}`).scenarios;
  expect([scenario?.seeds, scenario?.looks]).toEqual([SEEDS_MAX, LOOKS_MAX]);
});
