// The command line: defaults, each limit at it and one past it, every problem named.
import { expect, test } from 'vitest';
import {
  DAYS_MAX,
  DAYS_MIN,
  GENERATIONS_MAX,
  GENERATIONS_MIN,
  SEED_MAX,
  readArgs,
} from '../../../../scripts/demo-traffic/args.js';

const defaults = { seed: 1, generations: 20_000, days: 28, duplicates: true, project: 'traffic' };

test('without arguments the documented run is meant', () => {
  expect(readArgs([])).toEqual(defaults);
});

test('every argument is taken', () => {
  const args = '--seed 7 --generations 1500 --days 10 --duplicates off --project p2'.split(' ');
  expect(readArgs(args)).toEqual({ seed: 7, generations: 1500, days: 10, duplicates: false, project: 'p2' });
});

test('help is answered whatever else is there', () => {
  expect(readArgs(['--help', '--days', '1'])).toBe('help');
});

test('limits hold at them and not one past them', () => {
  const check = (name: string, value: number, taken: boolean) => {
    const read = () => readArgs([`--${name}`, String(value)]);
    if (taken) expect(read()).toEqual({ ...defaults, [name]: value });
    else expect(read).toThrow(`--${name} must be`);
  };
  check('seed', 0, true);
  check('seed', SEED_MAX, true);
  check('seed', SEED_MAX + 1, false);
  check('generations', GENERATIONS_MIN, true);
  check('generations', GENERATIONS_MIN - 1, false);
  check('generations', GENERATIONS_MAX, true);
  check('generations', GENERATIONS_MAX + 1, false);
  check('days', DAYS_MIN, true);
  check('days', DAYS_MIN - 1, false);
  check('days', DAYS_MAX, true);
  check('days', DAYS_MAX + 1, false);
});

test('what is not understood is refused with the reason', () => {
  const check = (args: string[], reason: string) => expect(() => readArgs(args)).toThrow(reason);
  check(['--seed', '1.5'], '--seed must be a whole number');
  check(['--seed', 'one'], '--seed must be a whole number');
  check(['--seed=-1'], '--seed must be a whole number');
  check(['--days', ''], '--days must be a whole number');
  check(['--duplicates', 'yes'], '--duplicates must be on or off');
  check(['--project', 'No Such'], '--project must be');
  check(['--color'], '--color');
  check(['stray'], 'stray');
});

test('all problems are said at once', () => {
  expect(() => readArgs(['--days', '1', '--seed', 'x'])).toThrow(/--seed[^]*--days/);
});
