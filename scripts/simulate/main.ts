// `npm run simulate`: how often the verdicts are wrong, counted over people whose true rates are known.
// In: options. Out: a table on stdout, progress on stderr, exit code 1 when a mark is missed. Touches no data of an instance.
import { StartError, WeatherError } from '../../shared/runtime/errors.js';
import { readArgs, USAGE, type SimulationPlan } from './args.js';
import { openDatabase } from './database.js';
import { failures, FULL_MARKS, SHORT_MARKS } from './marks.js';
import { runScenario, type Outcome } from './run-scenario.js';
import type { Scenario } from './scenarios.js';
import { tableHead, tableRow } from './table.js';

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const INTERRUPTED = 130;
/** Progress is told this often, ms. */
const PROGRESS_MS = 15_000;

function describe({ name, says, seeds, looks, cells }: Scenario): string {
  const each = cells > 1 ? ` of ${cells} comparisons` : '';
  return `  ${name}: ${seeds} projects${each}, ${looks} daily looks; ${says}`;
}

async function play(scenario: Scenario, keep: boolean, signal: AbortSignal): Promise<Outcome> {
  const database = await openDatabase();
  const startedAt = performance.now();
  let toldAt = -Infinity;
  try {
    const onLook = (look: number, generations: number) => {
      const now = performance.now();
      if (now - toldAt < PROGRESS_MS && look < scenario.looks) return;
      toldAt = now;
      const minutes = ((now - startedAt) / 60_000).toFixed(1);
      say(`${scenario.name}: look ${look} of ${scenario.looks}, ${generations} generations, ${minutes} min`);
    };
    return await runScenario(scenario, { database, signal, onLook });
  } finally {
    const left = await database.stop(keep);
    if (left !== undefined) say(`${scenario.name}: the database is in ${left}`);
  }
}

async function simulate({ scenarios, short, keep }: SimulationPlan, signal: AbortSignal): Promise<readonly string[]> {
  say(`${scenarios.length} scenarios:`);
  for (const scenario of scenarios) say(describe(scenario));
  print(tableHead());
  const failed: string[] = [];
  for (const scenario of scenarios) {
    const outcome = await play(scenario, keep, signal);
    print(tableRow(outcome));
    const stages = Object.entries(outcome.seconds).map(([stage, seconds]) => `${stage} ${seconds.toFixed(0)} s`);
    say(`${scenario.name}: ${outcome.looksTaken} looks at comparisons; ${stages.join(', ')}`);
    if (outcome.findings.gated > 0) say(`${scenario.name}: gates that failed: ${outcome.findings.gates.join(', ')}`);
    failed.push(...failures(outcome, short ? SHORT_MARKS : FULL_MARKS));
  }
  return failed;
}

async function main(): Promise<void> {
  const plan = readArgs(process.argv.slice(2));
  if (plan === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () =>
      stop.abort(new StartError(plan.keep ? 'Interrupted.' : 'Interrupted; nothing is left behind.')),
    );
  try {
    const failed = await simulate(plan, stop.signal);
    print(failed.length === 0 ? '\nEvery mark is reached.' : `\nMissed: ${failed.join('; ')}.`);
    if (failed.length > 0) process.exitCode = 1;
  } catch (error) {
    if (stop.signal.aborted) process.exitCode = INTERRUPTED;
    throw error;
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError || error instanceof WeatherError)) throw error;
  say(error.message);
  process.exitCode ||= 1;
}
