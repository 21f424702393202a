// How much of a text is left after an edit. In: both texts. Out: numbers only. Bounded in time: exact up to a size,
// then by words, then by groups of four characters, and says which.
import { levenshtein } from './levenshtein.js';
import type { Difference } from './wire.js';

/** Exact up to this many pairs of code points, about 10 ms. */
export const EXACT_CELLS_MAX = 4000 * 4000;

/** By words up to this many code points, about 20 ms. */
export const WORDS_POINTS_MAX = 20_000;

const words = (points: string[]): string[] => points.join('').match(/[\p{L}\p{N}_]+|\s+|[^]/gu) ?? [];

/** Share of the groups of four that the two do not have in common, 0..1. */
function gramsApart(a: string[], b: string[]): number {
  const seen = new Map<string, number>();
  const gram = (points: string[], i: number): string => points.slice(i, i + 4).join('');
  for (let i = 0; i < a.length; i++) seen.set(gram(a, i), (seen.get(gram(a, i)) ?? 0) + 1);
  let common = 0;
  for (let i = 0; i < b.length; i++) {
    const left = seen.get(gram(b, i)) ?? 0;
    if (left > 0) common++;
    seen.set(gram(b, i), left - 1);
  }
  return 1 - (2 * common) / (a.length + b.length);
}

/**
 * Compares code points after NFC, without the common beginning and end. `similarity` is 1 - distance / longer length,
 * to 4 digits; `from` and `to` are lengths in UTF-16 units.
 */
export function compare(before: string, after: string): Difference {
  const [a, b] = [before, after].map((text) => [...text.normalize('NFC')]) as [string[], string[]];
  const longer = Math.max(a.length, b.length) || 1;
  let start = 0;
  let end = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start++;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  const size = Math.max(x.length, y.length);
  let distance: number;
  let approx: Difference['approx'];
  if (x.length * y.length <= EXACT_CELLS_MAX) distance = levenshtein(x, y);
  else if (size <= WORDS_POINTS_MAX) {
    const [v, w] = [words(x), words(y)];
    approx = 'tokens';
    distance = Math.round((size * levenshtein(v, w)) / Math.max(v.length, w.length));
  } else {
    approx = 'grams';
    distance = Math.round(size * gramsApart(x, y));
  }
  const similarity = Math.round((1 - distance / longer) * 1e4) / 1e4;
  return { similarity, distance, from: before.length, to: after.length, approx };
}
