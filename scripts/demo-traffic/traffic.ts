// One run of synthetic traffic up to the collector: who, what, in which parcels, sent and counted.
import type { DropReason } from '../../shared/contract/drop-reasons.js';
import { makeBadEvents } from './bad-events.js';
import { createBatchMaker } from './batches.js';
import { makeGenerations, type Generation, type Plan } from './generations.js';
import { makeMail, type Mail } from './parcels.js';
import { drawPopulation, type Population } from './population.js';
import { createPrng } from './prng.js';
import { sendBatches, type SendOptions, type Tally } from './send.js';

const DAY_MS = 86_400_000;
/** One bad event for so many generations. */
const GENERATIONS_PER_BAD_EVENT = 40;

export interface Traffic {
  readonly population: Population;
  readonly generations: readonly Generation[];
  readonly mail: Mail;
}

/** The same plan gives the same traffic; with or without `duplicates` the same set of true events. */
export function makeTraffic(plan: Plan, duplicates: boolean): Traffic {
  const population = drawPopulation(plan.seed, plan.generations);
  const generations = makeGenerations(population, plan);
  const badCount = Math.ceil(plan.generations / GENERATIONS_PER_BAD_EVENT);
  const bad = makeBadEvents(createPrng(plan.seed, 'bad'), badCount, plan.now - plan.days * DAY_MS, plan.now);
  const mail = makeMail(createPrng(plan.seed, 'mail'), generations, bad, { duplicates, now: plan.now });
  return { population, generations, mail };
}

/** Events that the collector must accept and drop when each parcel arrives once. */
export function expectedTally(mail: Mail): { accepted: number; dropped: Map<DropReason, number> } {
  let accepted = 0;
  const dropped = new Map<DropReason, number>();
  for (const parcel of [...mail.parcels, ...mail.late]) {
    accepted += parcel.events.length;
    for (const { reason } of parcel.bad) dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  }
  return { accepted, dropped };
}

/** Sends everything, late parcels last. */
export async function sendTraffic(traffic: Traffic, signingSecret: string, options: SendOptions): Promise<Tally> {
  const { population, generations, mail } = traffic;
  const maker = createBatchMaker(population, generations, signingSecret);
  const tally: Tally = { requests: 0, retries: 0, accepted: 0, dropped: new Map() };
  const total = mail.parcels.length + mail.late.length;
  let before = 0;
  for (const parcels of [mail.parcels, mail.late]) {
    const offset = before;
    const onProgress = (done: number) => options.onProgress(offset + done, total);
    await sendBatches(parcels, maker.batchOf, { ...options, onProgress }, tally);
    before += parcels.length;
  }
  return tally;
}

/** In words, where the collector's answers differ from what they must be; empty when they do not. */
export function tallyProblems(tally: Tally, mail: Mail): string[] {
  const expected = expectedTally(mail);
  const problems: string[] = [];
  if (tally.accepted !== expected.accepted)
    problems.push(`accepted ${tally.accepted} events instead of ${expected.accepted}`);
  for (const reason of new Set([...expected.dropped.keys(), ...tally.dropped.keys()])) {
    const [got, wanted] = [tally.dropped.get(reason) ?? 0, expected.dropped.get(reason) ?? 0];
    if (got !== wanted) problems.push(`dropped ${got} events as ${reason} instead of ${wanted}`);
  }
  return problems;
}
