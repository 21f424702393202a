// The command line of the synthetic traffic: `--seed 1 --generations 20000 --days 28 --duplicates on --project traffic`.
import { parseArgs } from 'node:util';
import { StartError } from '../../shared/runtime/errors.js';

export interface TrafficArgs {
  readonly seed: number;
  readonly generations: number;
  readonly days: number;
  readonly duplicates: boolean;
  readonly project: string;
}

export const SEED_MAX = 2 ** 31 - 1;
export const GENERATIONS_MIN = 100;
export const GENERATIONS_MAX = 1_000_000;
/** Nothing younger than W + L, three days, can be mature. */
export const DAYS_MIN = 4;
/** The collector takes backfill of up to twelve months. */
export const DAYS_MAX = 360;

export const USAGE = `npm run demo:traffic -- [options]

Sends synthetic traffic to a running instance and prints the true rates beside the measured ones.

  --seed N          the same seed sends the same traffic within an hour (1)
  --generations N   ${GENERATIONS_MIN} to ${GENERATIONS_MAX} (20000)
  --days N          spread over the last N days, ${DAYS_MIN} to ${DAYS_MAX} (28)
  --duplicates M    on: repeated, re-timed, late and shuffled as in the real world; off: each event once, in order (on)
  --project ID      project that takes it (traffic)
  --help            this text
`;

/** Reads the arguments, or answers `help`. Throws StartError that names every problem. */
export function readArgs(args: readonly string[]): TrafficArgs | 'help' {
  const text = { type: 'string' } as const;
  const options = {
    seed: text,
    generations: text,
    days: text,
    duplicates: text,
    project: text,
    help: { type: 'boolean' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new StartError(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
  if (values.help === true) return 'help';
  const problems: string[] = [];
  const whole = (name: string, given: string | undefined, byDefault: number, min: number, max: number): number => {
    if (given === undefined) return byDefault;
    const value = Number(given);
    if (/^\d+$/.test(given) && value >= min && value <= max) return value;
    problems.push(`--${name} must be a whole number from ${min} to ${max}`);
    return byDefault;
  };
  const seed = whole('seed', values.seed, 1, 0, SEED_MAX);
  const generations = whole('generations', values.generations, 20_000, GENERATIONS_MIN, GENERATIONS_MAX);
  const days = whole('days', values.days, 28, DAYS_MIN, DAYS_MAX);
  const duplicates = values.duplicates ?? 'on';
  if (duplicates !== 'on' && duplicates !== 'off') problems.push('--duplicates must be on or off');
  const project = values.project ?? 'traffic';
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(project)) problems.push('--project must be the id of a project');
  if (problems.length > 0) throw new StartError(problems.join('\n'));
  return { seed, generations, days, duplicates: duplicates === 'on', project };
}
