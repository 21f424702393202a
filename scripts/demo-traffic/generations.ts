// The synthetic generations with everything that happened to them. Pure: a seed, a number, a period and an instant in, events out.
// The same seed and instant give the same ids, times and outcomes, however they are sent later; another instant moves the times.
import { uuidV7 } from '../../shared/contract/ids.js';
import type { Person, Population } from './population.js';
import { createPrng, type Prng } from './prng.js';
import { TAKEN_STORIES, UNTAKEN_STORIES, type Scene, type Step, type Weighted } from './stories.js';
import { makeEvent, type WireEvent } from './wire-event.js';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
/** The newest generation is at least so old, so that there was time to act on it. */
const AGE_MS_MIN = 2 * HOUR_MS;
/** Decisions come within this after a generation was shown: well inside the window of a day. */
const DECISION_MS_MAX = 20 * HOUR_MS;
const DECISION_MEDIAN_MS = 25 * SECOND_MS;
const NOT_SHOWN_SHARE = 0.03;
const ORPHAN_SHARE = 0.01;

export interface Generation {
  readonly id: string;
  /** Index of the person and of the cell in the population. */
  readonly person: number;
  readonly cell: number;
  /** ms since the epoch. */
  readonly generatedAt: number;
  /** When it was first seen; undefined when it never was. */
  readonly shownAt: number | undefined;
  /** Whether it ends accepted or edited. Means nothing for one that was not shown. */
  readonly taken: boolean;
  /** In the order of their times. */
  readonly events: readonly WireEvent[];
}

export interface Plan {
  readonly seed: number;
  readonly generations: number;
  readonly days: number;
  /** Nothing happens after this instant, ms since the epoch. */
  readonly now: number;
}

/** The instant from which a run counts: the full hour, so that a run repeated within it sends the same events. */
export function fullHour(now: number): number {
  return Math.floor(now / HOUR_MS) * HOUR_MS;
}

/** Who, where and whether it is taken follow from the seed alone; the times follow from the instant too. */
export function makeGenerations(population: Population, plan: Plan): readonly Generation[] {
  const times = createPrng(plan.seed, 'times');
  const pickPerson = pickerByWeight(population.persons.map(({ pace }) => pace));
  return Array.from({ length: plan.generations }, (_, index) => {
    // A stream per generation: how much randomness one of them needs never changes the next.
    const prng = createPrng(plan.seed, `generation ${index}`);
    const person = pickPerson(prng);
    return makeGeneration(prng, population, person, drawTime(times, plan), plan.now);
  });
}

function makeGeneration(
  prng: Prng,
  population: Population,
  person: number,
  generatedAt: number,
  now: number,
): Generation {
  const { cell, rate } = pickPrompt(prng, population.persons[person]);
  const taken = prng.chance(rate);
  const fate = prng.next();
  const signed = population.cells[cell]?.signed ?? false;
  // A bare UUIDv7 carries its time; an id with a prefix is opaque, so its batch has to say the time.
  const id = `${signed ? '' : 'm:'}${uuidV7(generatedAt, prng.bytes(10))}`;
  const length = Math.min(6000, Math.max(120, Math.round(prng.logNormal(600, 0.7))));
  const events = [makeEvent(prng, id, generatedAt, { type: 'generated', length })];
  if (fate < NOT_SHOWN_SHARE) {
    events.push(makeEvent(prng, id, generatedAt + SECOND_MS, { type: 'shown', visibleMs: 100 + prng.int(600) }));
    return { id, person, cell, generatedAt, shownAt: undefined, taken, events };
  }
  const shownAt = generatedAt + 300 + prng.int(4000);
  const orphan = fate < NOT_SHOWN_SHARE + ORPHAN_SHARE;
  if (!orphan) events.push(...shownEvents(prng, id, shownAt));
  const scene: Scene = { prng, length, next: decisionTimes(prng, Math.min(DECISION_MS_MAX, now - shownAt)) };
  const steps = orphan ? tell(prng, TAKEN_STORIES, scene) : tell(prng, taken ? TAKEN_STORIES : UNTAKEN_STORIES, scene);
  for (const { afterMs, action } of steps)
    if (shownAt + afterMs <= now) events.push(makeEvent(prng, id, shownAt + afterMs, action));
  events.push(...opinions(prng, id, shownAt, taken));
  events.sort((a, b) => a.t - b.t);
  return { id, person, cell, generatedAt, shownAt: orphan ? undefined : shownAt, taken, events };
}

/** Seen once or twice; the first time counts. One in thirty is acted on so soon that only the action proves it. */
function shownEvents(prng: Prng, id: string, shownAt: number): WireEvent[] {
  const forced = prng.chance(1 / 30);
  const first = forced
    ? makeEvent(prng, id, shownAt, { type: 'shown', visibleMs: 200 + prng.int(500), forced })
    : makeEvent(prng, id, shownAt, { type: 'shown', visibleMs: 750 + Math.round(prng.logNormal(9000, 1)) });
  if (!prng.chance(0.15)) return [first];
  const again = shownAt + SECOND_MS + prng.int(1800 * SECOND_MS);
  return [first, makeEvent(prng, id, again, { type: 'shown', visibleMs: 750 + prng.int(20_000) })];
}

/** Thumbs and an evaluator's score: reported beside the rates, never part of them. */
function opinions(prng: Prng, id: string, shownAt: number, taken: boolean): WireEvent[] {
  const events: WireEvent[] = [];
  if (prng.chance(0.05)) {
    const up = prng.chance(taken ? 0.85 : 0.3);
    events.push(
      makeEvent(prng, id, shownAt + prng.int(600 * SECOND_MS), {
        type: 'rate',
        value: up ? 1 : -1,
        label: up ? 'up' : 'down',
      }),
    );
  }
  if (prng.chance(0.08)) {
    const value = Math.round(100 * Math.min(1, Math.max(0, (taken ? 0.7 : 0.5) + 0.2 * prng.normal()))) / 100;
    events.push(
      makeEvent(prng, id, shownAt, { type: 'score', name: 'helpfulness', version: '3', value, source: 'evaluator' }),
    );
  }
  return events;
}

/** Times of decision one after the other, ms after the generation was shown, none beyond `limitMs`. */
function decisionTimes(prng: Prng, limitMs: number): () => number {
  let last = 0;
  return () => {
    const wanted = last + 200 + Math.round(prng.logNormal(DECISION_MEDIAN_MS, 1.3));
    last = wanted <= limitMs ? wanted : last + Math.floor((limitMs - last) * prng.next());
    return last;
  };
}

function tell(prng: Prng, stories: Weighted, scene: Scene): Step[] {
  let left = prng.next() * stories.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, story] of stories) {
    if (left < weight) return story(scene);
    left -= weight;
  }
  return [];
}

function pickPrompt(prng: Prng, person: Person | undefined): { cell: number; rate: number } {
  let left = prng.next();
  const prompts = person?.prompts ?? [];
  for (const prompt of prompts) {
    if (left < prompt.share) return prompt;
    left -= prompt.share;
  }
  return prompts.at(-1) ?? { cell: 0, rate: 0 };
}

/** Picks an index with a probability proportional to its weight. */
function pickerByWeight(weights: readonly number[]): (prng: Prng) => number {
  let total = 0;
  const sums = weights.map((weight) => (total += weight));
  return (prng) => {
    const wanted = prng.next() * total;
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** A time within the period: busy at noon and on working days, quiet at night, by UTC. */
function drawTime(prng: Prng, { days, now }: Plan): number {
  for (;;) {
    const time = Math.floor(now - days * DAY_MS + prng.next() * (days * DAY_MS - AGE_MS_MIN));
    const date = new Date(time);
    const weekend = date.getUTCDay() % 6 === 0 ? 0.4 : 1;
    const daylight = 0.55 - 0.45 * Math.cos((2 * Math.PI * (date.getUTCHours() - 1)) / 24);
    if (prng.chance(weekend * daylight)) return time;
  }
}
