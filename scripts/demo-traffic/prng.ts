// Randomness that can be repeated: the same seed gives the same numbers on every machine. Never for secrets.
import { createHash } from 'node:crypto';

export interface Prng {
  /** Uniform in [0, 1), 32 bits. */
  next(): number;
  /** Uniform whole number in [0, below). */
  int(below: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** One of the items, each as likely. Throws when there are none. */
  pick<T>(items: readonly T[]): T;
  /** Standard normal. */
  normal(): number;
  /** exp of a normal with this median and spread on the log scale. */
  logNormal(median: number, sigma: number): number;
  /** Beta with this mean in (0, 1) and concentration (sum of both parameters) above 0. */
  beta(mean: number, concentration: number): number;
  bytes(count: number): Uint8Array;
  /** The items in a random order; the input stays as it is. */
  shuffled<T>(items: readonly T[]): T[];
}

/** A stream of its own per name: what one stream draws never shifts another. */
export function createPrng(seed: number | string, name: string): Prng {
  const uint32 = smallFastCounting(createHash('sha256').update(`${seed}/${name}`).digest());
  const next = () => uint32() / 2 ** 32;
  const int = (below: number) => Math.floor(next() * below);
  // Box-Muller, one of the pair: a cached second value would make draws depend on earlier calls.
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return {
    next,
    int,
    chance: (p) => next() < p,
    pick: (items) => {
      if (items.length === 0) throw new RangeError('nothing to pick from');
      return items[int(items.length)] as (typeof items)[number];
    },
    normal,
    logNormal: (median, sigma) => median * Math.exp(sigma * normal()),
    beta: (mean, concentration) => {
      const a = gamma(mean * concentration, next, normal);
      const b = gamma((1 - mean) * concentration, next, normal);
      return a + b === 0 ? mean : a / (a + b);
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => uint32() >>> 24),
    shuffled: (items) => shuffle([...items], int),
  };
}

/** sfc32 by Chris Doty-Humphrey: 128 bits of state, passes PractRand. */
function smallFastCounting(state: Buffer): () => number {
  let a = state.readUInt32LE(0);
  let b = state.readUInt32LE(4);
  let c = state.readUInt32LE(8);
  let counter = 1;
  const uint32 = () => {
    const out = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + out;
    return out >>> 0;
  };
  for (let i = 0; i < 12; i += 1) uint32();
  return uint32;
}

/** Gamma with scale 1 (Marsaglia and Tsang 2000; shapes below 1 by the power of a uniform). */
function gamma(shape: number, next: () => number, normal: () => number): number {
  if (shape < 1) return gamma(shape + 1, next, normal) * (1 - next()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal();
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - next()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

function shuffle<T>(items: T[], int: (below: number) => number): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = int(last + 1);
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
