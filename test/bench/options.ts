// What a run of the benchmarks is asked for. In: command-line arguments. Out: stages, length and file, or a line that says what is wrong.

export const STAGES = ['collector', 'disk-log', 'sink', 'roll-up', 'comparisons', 'pages', 'chain', 'beacon'] as const;
/** These start a real Kafka, and so need Java. */
export const KAFKA_STAGES = ['kafka-producer', 'kafka-sink', 'kafka-chain'] as const;
const ALL_STAGES = [...STAGES, ...KAFKA_STAGES] as const;
export type StageName = (typeof ALL_STAGES)[number];

export interface BenchOptions {
  readonly stages: readonly StageName[];
  /** A quick pass: fewer repetitions of less work. Its ratios are rough. */
  readonly short: boolean;
  /** Of the stage `pages`; undefined leaves it to the stage. */
  readonly generations: number | undefined;
  /** Where the figures are written as JSON. */
  readonly jsonFile: string | undefined;
}

export const GENERATIONS_MIN = 100_000;
export const GENERATIONS_MAX = 100_000_000;

export const USAGE = `npm run bench -- [${ALL_STAGES.join(' | ')} ...] [--kafka] [--short] [--generations N] [--json FILE]`;

/** Throws an Error with one line for the caller to show. */
export function parseOptions(args: readonly string[]): BenchOptions {
  const stages: StageName[] = [];
  let short = false;
  let generations: number | undefined;
  let jsonFile: string | undefined;
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const stage = ALL_STAGES.find((name) => name === arg);
    if (stage !== undefined) stages.push(stage);
    else if (arg === '--kafka') stages.push(...KAFKA_STAGES);
    else if (arg === '--short') short = true;
    else if (arg === '--generations') {
      i += 1;
      generations = Number(args[i]);
      if (!Number.isInteger(generations) || generations < GENERATIONS_MIN || generations > GENERATIONS_MAX)
        throw new Error(`--generations needs a whole number from ${GENERATIONS_MIN} to ${GENERATIONS_MAX}`);
    } else if (arg === '--json') {
      i += 1;
      jsonFile = args[i];
      if (jsonFile === undefined) throw new Error('--json needs a file');
    } else throw new Error(`unknown argument ${arg}; usage: ${USAGE}`);
  }
  const chosen = ALL_STAGES.filter((name) => stages.includes(name));
  return { stages: chosen.length === 0 ? STAGES : chosen, short, generations, jsonFile };
}
