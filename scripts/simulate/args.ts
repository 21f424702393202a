// The command line of the simulation. In: words. Out: what to run, or `help`. Throws StartError with one line for each problem.
import { parseArgs } from 'node:util';
import { StartError } from '../../shared/runtime/errors.js';
import { SCENARIOS, type Scenario } from './scenarios.js';

export interface SimulationPlan {
  readonly scenarios: readonly Scenario[];
  readonly short: boolean;
  readonly keep: boolean;
}

export const SEEDS_MAX = 999;
export const LOOKS_MAX = 200;
/** The short form: enough looks for the gates to open, enough seeds to see a method that is plainly wrong. */
export const SHORT = { seeds: 20, seedsOfCells: 4, seedsOfPower: 10, looks: 12 } as const;

export const USAGE = `npm run simulate -- [options]

Makes events of people whose true rates are known, rolls them up, looks at them daily, and counts wrong verdicts.

  --scenario NAMES  some of ${SCENARIOS.map(({ name }) => name).join(', ')}, with commas between them (all)
  --seeds N         1 to ${SEEDS_MAX} projects per scenario (300; 100 of cells and power)
  --looks N         1 to ${LOOKS_MAX} daily looks (60; 30 of cells and power)
  --short           few seeds and looks: a check that everything works, within two minutes
  --keep            leaves the databases where they are and says where
  --help            this text
`;

export function readArgs(args: readonly string[]): SimulationPlan | 'help' {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const options = { scenario: text, seeds: text, looks: text, short: flag, keep: flag, help: flag } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new StartError(`${line} See npm run simulate -- --help.`);
  }
  if (values.help === true) return 'help';
  const short = values.short === true;
  const names = values.scenario?.split(',');
  const unknown = (names ?? []).filter((name) => !SCENARIOS.some((scenario) => scenario.name === name));
  if (unknown.length > 0)
    throw new StartError(
      `--scenario: there is no ${unknown.join(', ')}, but ${SCENARIOS.map(({ name }) => name).join(', ')}`,
    );
  const seeds = whole('seeds', values.seeds, SEEDS_MAX);
  const looks = whole('looks', values.looks, LOOKS_MAX);
  return {
    scenarios: SCENARIOS.filter(({ name }) => names?.includes(name) ?? true).map((scenario) => ({
      ...scenario,
      seeds: seeds ?? (short ? shortSeeds(scenario) : scenario.seeds),
      looks: looks ?? (short ? SHORT.looks : scenario.looks),
    })),
    short,
    keep: values.keep === true,
  };
}

function shortSeeds({ kind }: Scenario): number {
  if (kind === 'cells') return SHORT.seedsOfCells;
  return kind === 'power' ? SHORT.seedsOfPower : SHORT.seeds;
}

function whole(name: string, given: string | undefined, max: number): number | undefined {
  if (given === undefined) return undefined;
  const value = Number(given);
  if (/^\d+$/.test(given) && value >= 1 && value <= max) return value;
  throw new StartError(`--${name} must be a whole number from 1 to ${max}`);
}
