// How much of a text is left after an edit. In: both texts. Out: numbers only. Bounded in time: exact up to a size,
// then by words, then by groups of four characters, and says which.
import { levenshtein } from './levenshtein.js';
import type { Difference } from './wire.js';

/** Exact up to this many pairs of code points, about 10 ms. */
export const EXACT_CELLS_MAX = 4000 * 4000;

/** By words up to this many code points, */
export const WORDS_POINTS_MAX = 20_000;

/** and this many pairs of words, about 30 ms: a text of signs alone has as many words as characters. */
export const WORDS_CELLS_MAX = 12_000 * 12_000;

/** Groups of four are counted for about so many of them, chosen by what stands in them, the same in both texts. */
export const GRAMS_MAX = 20_000;

/** Exact also only up to this many code points: a large text against a few letters is no few pairs. */
export const EXACT_POINTS_MAX = 200_000;

const words = (text: string): string[] => text.match(/[\p{L}\p{N}_]+|\s+|[^]/gu) ?? [];

/** Code points; a lone surrogate is one too. */
function pointsOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/** Share of the groups of four that the two do not have in common, 0..1. */
function gramsApart(a: string, b: string): number {
  const every = Math.ceil(Math.max(a.length, b.length) / GRAMS_MAX);
  const seen = new Map<number, number>();
  let all = 0;
  let common = 0;
  function each(text: string, take: (gram: number) => void): void {
    let gram = 0;
    for (let i = 0; i < text.length + 3; i++) {
      // The last four units, spread over 32 bits.
      gram = Math.imul(gram, 1 << 8) ^ Math.imul(text.charCodeAt(i) || 0, 0x9e3779b1);
      const mixed = Math.imul(gram ^ (gram >>> 15), 0x85ebca6b) >>> 0;
      if (mixed % every) continue;
      all++;
      take(mixed);
    }
  }
  each(a, (gram) => seen.set(gram, (seen.get(gram) ?? 0) + 1));
  each(b, (gram) => {
    const left = seen.get(gram) ?? 0;
    if (left > 0) common++;
    seen.set(gram, left - 1);
  });
  return all ? 1 - (2 * common) / all : 1;
}

const isLow = (text: string, at: number): boolean => (text.charCodeAt(at) & 0xfc00) === 0xdc00;

/** What lies between the common beginning and the common end: where it starts, and its end in each text. */
export function changed(a: string, b: string): { start: number; endA: number; endB: number } {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  // Half a code point is none.
  if (start && (isLow(a, start) || isLow(b, start))) start--;
  let [endA, endB] = [a.length, b.length];
  while (endA > start && endB > start && a.charCodeAt(endA - 1) === b.charCodeAt(endB - 1)) {
    endA--;
    endB--;
  }
  if (endA < a.length && isLow(a, endA)) {
    endA++;
    endB++;
  }
  return { start, endA, endB };
}

/**
 * Compares code points after NFC, without the common beginning and end. `similarity` is 1 - distance / longer length,
 * to 4 digits; `from` and `to` are lengths in UTF-16 units. `soon`: in a few ms whatever the texts are, as the page is
 * left.
 */
export function compare(before: string, after: string, soon = false): Difference {
  return comparison(before, after).run(soon);
}

/** The same in two steps: `slow` says that `run` should wait until the page has nothing else to do. */
export function comparison(before: string, after: string): { slow: boolean; run: (soon?: boolean) => Difference } {
  const [a, b] = [before.normalize('NFC'), after.normalize('NFC')];
  const { start, endA, endB } = changed(a, b);
  const [x, y] = [a.slice(start, endA), b.slice(start, endB)];
  const [m, n] = [pointsOf(x), pointsOf(y)];
  const size = Math.max(m, n);
  const exact = !Math.min(m, n) || (m * n <= EXACT_CELLS_MAX && size <= EXACT_POINTS_MAX);

  function run(soon = false): Difference {
    let distance = size;
    let approx: Difference['approx'];
    if (exact) {
      if (m && n) distance = levenshtein([...x], [...y]);
    } else {
      const [v, w] = !soon && size <= WORDS_POINTS_MAX ? [words(x), words(y)] : [[], []];
      if (v.length && v.length * w.length <= WORDS_CELLS_MAX) {
        approx = 'tokens';
        distance = Math.round((size * levenshtein(v, w)) / Math.max(v.length, w.length));
      } else {
        approx = 'grams';
        distance = Math.round(size * gramsApart(x, y));
      }
    }
    // The common ends have the same number of code points in both.
    const longer = size + pointsOf(a) - m || 1;
    const similarity = Math.round((1 - distance / longer) * 1e4) / 1e4;
    return { similarity, distance, from: before.length, to: after.length, approx };
  }
  return { slow: !exact, run };
}

/** A slow comparison waits at most this long for a quiet moment, ms. */
const QUIET_MS = 2000;

/**
 * Compares now, or in a quiet moment when it would take long. Answers a function that does it at once, in a few ms, as
 * the page is left; undefined when it is done.
 */
export function whenCompared(
  before: string,
  after: string,
  done: (difference: Difference) => void,
): (() => void) | undefined {
  const { slow, run } = comparison(before, after);
  if (!slow) return void done(run());
  let waits = true;
  const finish = (soon: boolean): void => {
    if (waits) done(run(soon));
    waits = false;
  };
  if (typeof requestIdleCallback === 'function') requestIdleCallback(() => finish(false), { timeout: QUIET_MS });
  else setTimeout(finish, 0, false);
  return () => finish(true);
}

/** How many characters of the first text are still there, at least; UTF-16 units. */
export function retainedChars({ distance, from, to }: Difference): number {
  return Math.max(0, Math.min(from, to, Math.max(from, to) - distance));
}
