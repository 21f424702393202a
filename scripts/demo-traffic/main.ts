// `npm run demo:traffic`: sends synthetic traffic with known true rates to a running instance and compares what it measures.
import { readConfig, sharedConfigSchema } from '../../shared/runtime/config.js';
import { dataDir } from '../../shared/runtime/data-dir.js';
import { StartError, WeatherError } from '../../shared/runtime/errors.js';
import { readArgs, USAGE, type TrafficArgs } from './args.js';
import { compareRates, renderComparison } from './compare.js';
import { fullHour } from './generations.js';
import { readRates, waitForRates, type RatesSource } from './measured-rates.js';
import { createProgress } from './progress.js';
import { findRunningInstance, type RunningInstance } from './running-instance.js';
import { WINDOW_MS } from './stories.js';
import { makeTraffic, sendTraffic, tallyProblems, type Traffic } from './traffic.js';

const CONCURRENCY = 8;
const DAY_MS = 86_400_000;
/** Three runs of the roll-up on its default schedule. */
const SETTLE_MS = 15_000;
const WAIT_MS_MAX = 300_000;

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function send(traffic: Traffic, instance: RunningInstance): Promise<void> {
  const progress = createProgress(process.stderr, 'Sending');
  const started = performance.now();
  const tally = await sendTraffic(traffic, instance.keys.signingSecret, {
    collector: instance.collector,
    serverKey: instance.keys.serverKey,
    concurrency: CONCURRENCY,
    onProgress: progress.update,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const bad = [...tally.dropped.values()].reduce((sum, n) => sum + n, 0);
  progress.end(
    `Sent ${tally.accepted + bad} events in ${tally.requests} requests and ${seconds} s: ${tally.accepted} accepted, ${bad} bad ones dropped for ${tally.dropped.size} reasons.`,
  );
  for (const problem of tallyProblems(tally, traffic.mail)) say(`Unexpected: the collector ${problem}.`);
}

function ratesSource(args: TrafficArgs, now: number, instance: RunningInstance): RatesSource {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  return {
    reporter: instance.reporter,
    readToken: instance.keys.readToken,
    project: args.project,
    from: day(now - args.days * DAY_MS),
    to: day(now + DAY_MS),
  };
}

/** The outcomes are made for a window of a day; with another one the true rates would not be true. */
async function checkWindow(source: RatesSource): Promise<void> {
  const { windowS } = await readRates(source);
  if (windowS * 1000 !== WINDOW_MS)
    throw new StartError(
      `In the project "${source.project}" an action counts for ${windowS} s; the traffic is made for projects in which it counts for ${WINDOW_MS / 1000} s.`,
    );
}

async function compare(traffic: Traffic, args: TrafficArgs, source: RatesSource): Promise<void> {
  const progress = createProgress(process.stderr, 'Waiting for the roll-up');
  let known = 0;
  const { cells, complete } = await waitForRates(source, {
    expected: args.generations,
    settleMs: SETTLE_MS,
    timeoutMs: WAIT_MS_MAX,
    onProgress: (found) => {
      known = found;
      progress.update(Math.min(found, args.generations), args.generations);
    },
  });
  progress.end(`The roll-up knows ${known} generations of the project ${args.project} in these days.`);
  if (!complete) say(`It did not take in everything within ${WAIT_MS_MAX / 1000} s; the figures below are partial.`);
  if (known > args.generations)
    say('Traffic of another run is among them, so the true rates are not those of all of it.');
  process.stdout.write(`\n${renderComparison(compareRates(traffic.population, cells))}`);
}

async function main(): Promise<void> {
  const args = readArgs(process.argv.slice(2));
  if (args === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const config = readConfig(sharedConfigSchema.pick({ TACIT_DATA_DIR: true }), process.env);
  const instance = await findRunningInstance(dataDir(config.TACIT_DATA_DIR), args.project);
  const now = fullHour(Date.now());
  const source = ratesSource(args, now, instance);
  await checkWindow(source);
  const traffic = makeTraffic({ ...args, now }, args.duplicates);
  say(
    `${args.generations} generations of ${traffic.population.persons.length} persons over ${args.days} days, in ${traffic.population.cells.length} cells of prompt version and model version.`,
  );
  await send(traffic, instance);
  await compare(traffic, args, source);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof StartError || error instanceof WeatherError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
