// What a run of the benchmarks is asked for. In: command-line arguments. Out: stages, length and file, or a line that says what is wrong.

export const STAGES = ['collector', 'disk-log', 'sink', 'roll-up', 'chain'] as const;
export type StageName = (typeof STAGES)[number];

export interface BenchOptions {
  readonly stages: readonly StageName[];
  /** A quick pass: fewer repetitions of less work. Its ratios are rough. */
  readonly short: boolean;
  /** Where the figures are written as JSON. */
  readonly jsonFile: string | undefined;
}

export const USAGE = `npm run bench -- [${STAGES.join(' | ')} ...] [--short] [--json FILE]`;

/** Throws an Error with one line for the caller to show. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const stages: StageName[] = [];
  let short = false;
  let jsonFile: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const stage = STAGES.find((name) => name === arg);
    if (stage !== undefined) stages.push(stage);
    else if (arg === '--short') short = true;
    else if (arg === '--json') {
      i += 1;
      jsonFile = args[i];
      if (jsonFile === undefined) throw new Error('--json needs a file');
    } else throw new Error(`unknown argument ${arg}; usage: ${USAGE}`);
  }
  return { stages: stages.length === 0 ? STAGES : STAGES.filter((name) => stages.includes(name)), short, jsonFile };
}
