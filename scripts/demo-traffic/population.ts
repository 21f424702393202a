// The persons of the synthetic traffic and the true rates that follow from them. Pure: a seed in, persons and rates out.
//
// What "true rate of a cell" means. A cell is one prompt version on one model version. Each person was assigned to one cell of
// each prompt, acts at her own pace, and takes an output there with a probability of her own. One shown generation of the cell
// belongs to person j with a probability proportional to a[j], her pace in that cell. So the chance that it is taken is
//
//     true rate = sum_j a[j] * p[j] / sum_j a[j]        over the persons who were drawn into the cell.
//
// It is the expected share of taken generations over the drawn persons: not the share that was in fact taken, and not the mean
// of all persons there could be (Cell.rate). The measured rate is an unbiased estimate of it, because whether a generation is
// shown, mature or lost depends on neither person nor outcome. Hence the person-clustered interval of `rate_intervals` is an
// interval for it, and one on the safe side: it also allows for other persons having been drawn.
import { CELLS_PER_PROMPT, PROMPT_COUNT, makeCells, promptShare, type Cell } from './cells.js';
import { createPrng, type Prng } from './prng.js';

/** Generations per person on average. */
const GENERATIONS_PER_PERSON = 8;
const PERSONS_MIN = 60;
/** Spread of the persons' pace on the log scale: the most active percent make about a tenth of the traffic. */
const PACE_SIGMA = 1.1;
/** How alike the generations of one person are: the intraclass correlation of being taken. */
export const PERSON_CORRELATION = 0.12;
/** Share of persons who are known by an anonymous client id only. */
const ANONYMOUS_SHARE = 0.15;

export interface Person {
  readonly kind: 'user' | 'client';
  readonly id: string;
  /** Relative number of generations. */
  readonly pace: number;
  /** Per prompt: her cell's index, her share of that prompt, and her chance to take an output of it. */
  readonly prompts: readonly { readonly cell: number; readonly share: number; readonly rate: number }[];
}

export interface Population {
  readonly cells: readonly Cell[];
  readonly persons: readonly Person[];
  /** True rate of each cell; undefined where no person was drawn into it. */
  readonly trueRates: readonly (number | undefined)[];
}

export function drawPopulation(seed: number, generations: number): Population {
  const cells = makeCells();
  const prng = createPrng(seed, 'population');
  const count = Math.max(PERSONS_MIN, Math.round(generations / GENERATIONS_PER_PERSON));
  const persons = Array.from({ length: count }, (_, index) => drawPerson(prng, cells, `${seed}-${index}`));
  return { cells, persons, trueRates: trueRatesOf(cells, persons) };
}

function drawPerson(prng: Prng, cells: readonly Cell[], name: string): Person {
  const kind = prng.chance(ANONYMOUS_SHARE) ? 'client' : 'user';
  const pace = prng.logNormal(1, PACE_SIGMA);
  const liking = Array.from({ length: PROMPT_COUNT }, (_, prompt) => promptShare(prompt) * prng.logNormal(1, 0.8));
  const total = liking.reduce((sum, value) => sum + value, 0);
  const prompts = liking.map((value, prompt) => {
    const cell = prompt * CELLS_PER_PROMPT + prng.int(CELLS_PER_PROMPT);
    const rate = prng.beta(cells[cell]?.rate ?? 0.5, 1 / PERSON_CORRELATION - 1);
    return { cell, share: value / total, rate };
  });
  return { kind, id: `${kind}-${name}`, pace, prompts };
}

function trueRatesOf(cells: readonly Cell[], persons: readonly Person[]): (number | undefined)[] {
  const weights = cells.map(() => 0);
  const taken = cells.map(() => 0);
  for (const { pace, prompts } of persons)
    for (const { cell, share, rate } of prompts) {
      weights[cell] = (weights[cell] ?? 0) + pace * share;
      taken[cell] = (taken[cell] ?? 0) + pace * share * rate;
    }
  return weights.map((weight, cell) => (weight === 0 ? undefined : (taken[cell] ?? 0) / weight));
}
