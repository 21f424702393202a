// What is simulated: who comes on a day, what they get to see, and how often they take it, as SQL expressions over one generation.
// Pure data. In: nothing. Out: scenarios with the difference that is true in them.
//
// Names an expression may use: seed, cell, arm (0 is A, 1 is B), day (0 is the first), slot (the how-manieth person of that day),
// g (the how-manieth generation of that person on that day), of_day and of_one (hashes of the person's day and of the
// generation), person, beta (quantiles of the persons' rates), prompt.
import betaQuantile from '@stdlib/stats-base-dists-beta-quantile';

export interface Scenario {
  readonly name: string;
  /** What is told of it before it runs. */
  readonly says: string;
  readonly kind: 'null' | 'cells' | 'power';
  readonly seeds: number;
  readonly looks: number;
  /** Comparisons of one project, each an experiment of its own. */
  readonly cells: number;
  /** B minus A within a prompt, as it was put in. */
  readonly truth: number;
  /** Slots of an arm and day; `present` leaves some of them empty. */
  readonly slots: number;
  readonly present: string;
  /** Generations that one slot can have; `shown` leaves some of them out. */
  readonly generations: number;
  readonly shown: string;
  /** Which person of the arm it is. */
  readonly person: string;
  readonly prompt: string;
  /** Chance that the generation is taken. */
  readonly rate: string;
  /** Rates of persons: quantiles of a beta distribution. */
  readonly beta: readonly number[];
  /** Seconds from shown to taken, and from anything that happened to its receipt. */
  readonly delayS: string;
  readonly lateS: string;
  /** Days after its generation on which an event can still be received. */
  readonly lagDays: number;
}

const QUANTILES = 512;

/** Equally likely rates of persons with this mean and this correlation within a person. */
export function personRates(mean: number, icc: number): number[] {
  const sum = 1 / icc - 1;
  return Array.from({ length: QUANTILES }, (_, i) => betaQuantile((i + 0.5) / QUANTILES, mean * sum, (1 - mean) * sum));
}

const RATE = 0.3;
const PERSON_RATE = `beta[1 + cityHash64({salt:UInt64}, seed, arm, person, 'rate') % ${QUANTILES}]`;

const BASE: Scenario = {
  name: 'independent',
  says: 'new persons every day, one rate',
  kind: 'null',
  seeds: 300,
  looks: 60,
  cells: 1,
  truth: 0,
  slots: 40,
  present: '1',
  generations: 3,
  shown: '1',
  person: 'day * 1000 + slot',
  prompt: '0',
  rate: String(RATE),
  beta: [RATE],
  delayS: '5 + of_one % 300',
  lateS: '1',
  lagDays: 0,
};

/** In the order in which they run. */
export const SCENARIOS: readonly Scenario[] = [
  BASE,
  {
    ...BASE,
    name: 'returning',
    says: 'persons return, 40 of 40 to 160 on a day, with rates of their own (correlation .15)',
    person: 'slot + 40 * (of_day % (1 + intDiv(day, 15)))',
    rate: PERSON_RATE,
    beta: personRates(RATE, 0.15),
  },
  {
    ...BASE,
    name: 'growing',
    says: '10 persons per arm on the first day, one more every day; a third of them return, rates of their own',
    slots: 70,
    present: 'slot < 10 + day',
    person: 'if(slot % 3 = 0, slot, day * 1000 + slot)',
    rate: PERSON_RATE,
    beta: personRates(RATE, 0.15),
  },
  {
    ...BASE,
    name: 'heavy',
    says: 'of 40 persons per arm and day the same six have 8 generations, the others 2 (correlation .4)',
    generations: 8,
    shown: 'g < if(slot < 6, 8, 2)',
    person: 'if(slot < 6, slot, slot + 34 * (of_day % 6))',
    rate: PERSON_RATE,
    beta: personRates(RATE, 0.4),
  },
  {
    ...BASE,
    name: 'mix',
    says: 'three prompts with rates .50, .30 and .15; the traffic of B drifts to the hardest',
    prompt: `multiIf(of_one % 1000000 < 1000000 * (1 / 3 + if(arm = 1, 0.4 * day / 60, 0)), 2,
        of_one % 1000000 < 1000000 * (2 / 3 + if(arm = 1, 0.2 * day / 60, 0)), 1, 0)`,
    rate: '[0.5, 0.3, 0.15][prompt + 1]',
  },
  {
    ...BASE,
    name: 'immature',
    says: 'as many take B as A, but 60 % of them 6 to 23 h later; the events of every tenth person come up to 47 h late',
    delayS: '5 + if(arm = 1 AND intHash32(of_one) % 5 < 3, 21600 + of_one % 61200, of_one % 300)',
    lateS: 'if(of_day % 10 = 0, 1 + of_day % 169200, 1)',
    lagDays: 3,
  },
  {
    ...BASE,
    name: 'cells',
    says: '300 comparisons of one family without any effect, 3 persons per arm and day with one generation',
    kind: 'cells',
    seeds: 100,
    looks: 30,
    cells: 300,
    slots: 3,
    generations: 1,
    rate: '0.5',
  },
  {
    ...BASE,
    name: 'power',
    says: 'B is taken 5 points less often, 200 persons per arm and day',
    kind: 'power',
    seeds: 100,
    looks: 30,
    slots: 200,
    truth: -0.05,
    rate: `${RATE} - if(arm = 1, 0.05, 0)`,
  },
];
