// Many comparisons at once: which of them to believe. In: p-values in [0, 1] or log E-values, in any order. Out: adjusted
// p-values or choices, in the order of the input. Must never drop a comparison that cannot be judged: it counts with p = 1.

/** Adjusted p-values, from the largest down, so that none is below that of a smaller p: min over j >= i of p_(j) * factor(j). */
function stepUp(p: readonly number[], factor: (rank: number) => number): number[] {
  const adjusted = new Array<number>(p.length);
  let least = 1;
  order(p)
    .reverse()
    .forEach((index, back) => {
      least = Math.min(least, (p[index] as number) * factor(p.length - back));
      adjusted[index] = least;
    });
  return adjusted;
}

/** Places of the values, the smallest first. */
function order(values: readonly number[]): number[] {
  return values.map((_, index) => index).sort((a, b) => (values[a] as number) - (values[b] as number));
}

/** Those with an adjusted p of at most q have a false discovery rate of at most q. Source: Benjamini and Hochberg 1995. */
export function benjaminiHochberg(p: readonly number[]): number[] {
  return stepUp(p, (rank) => p.length / rank);
}

/** The same under any dependence, at the price of a factor of about ln m. Source: Benjamini and Yekutieli 2001. */
export function benjaminiYekutieli(p: readonly number[]): number[] {
  const harmonic = p.reduce((sum, _, index) => sum + 1 / (index + 1), 0);
  return stepUp(p, (rank) => (p.length * harmonic) / rank);
}

/** Those with an adjusted p of at most alpha hold at once, with no error at all, with probability 1 - alpha. Source: Holm 1979. */
export function holm(p: readonly number[]): number[] {
  const adjusted = new Array<number>(p.length);
  let most = 0;
  order(p).forEach((index, before) => {
    most = Math.min(1, Math.max(most, (p[index] as number) * (p.length - before)));
    adjusted[index] = most;
  });
  return adjusted;
}

/**
 * Places of those to believe, ascending: the k* with the largest E, k* = max { k : E_(k) >= m / (q k) }. Valid under any
 * dependence, on the E-values of one day. In: natural logarithms of E. Source: Wang and Ramdas 2022 (e-BH).
 */
export function eBenjaminiHochberg(logE: readonly number[], q: number): number[] {
  const sorted = order(logE).reverse();
  const chosen = sorted.findLastIndex((index, before) => {
    return (logE[index] as number) >= Math.log(logE.length / (q * (before + 1)));
  });
  return sorted.slice(0, chosen + 1).sort((a, b) => a - b);
}

/**
 * Level of the intervals of those that were chosen, so that at most a share q of the intervals shown miss the truth:
 * q * chosen / all. Source: Benjamini and Yekutieli 2005 (false coverage rate).
 */
export function falseCoverageAlpha(q: number, chosen: number, all: number): number {
  return (q * chosen) / all;
}
