// Edit distance against a plain oracle, and the rule that chooses the method.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { levenshtein } from '../../../../../services/beacon/web/levenshtein.js';
import {
  EXACT_CELLS_MAX,
  EXACT_POINTS_MAX,
  GRAMS_MAX,
  WORDS_CELLS_MAX,
  WORDS_POINTS_MAX,
  compare,
  comparison,
  retainedChars,
  whenCompared,
} from '../../../../../services/beacon/web/similarity.js';

/** The textbook table. */
function oracle(a: readonly string[], b: readonly string[]): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (const [i, symbol] of a.entries()) {
    const next = [i + 1];
    for (const [j, other] of b.entries())
      next.push(Math.min((row[j] ?? 0) + (symbol === other ? 0 : 1), (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    row = next;
  }
  return row[b.length] ?? 0;
}

const letters = (min: number, max: number) =>
  fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: min, maxLength: max });

test('the bit-parallel distance is the distance', () => {
  fc.assert(
    fc.property(letters(0, 140), letters(0, 140), (a, b) => {
      expect(levenshtein(a, b)).toBe(oracle(a, b));
    }),
    { numRuns: 300 },
  );
});

test('it is right at and around each boundary of a block', () => {
  for (const n of [31, 32, 33, 63, 64, 65])
    for (const m of [1, 31, 32, 33, 64]) {
      const a = Array.from({ length: n }, (_, i) => 'abc'[(i * 7) % 3] ?? '');
      const b = Array.from({ length: m }, (_, i) => 'cab'[(i * 5) % 3] ?? '');
      expect(levenshtein(a, b)).toBe(oracle(a, b));
    }
});

test('a comparison agrees with the oracle over code points', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '👍', 'é', '漢'), maxLength: 60 });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const { distance, similarity, from, to, approx } = compare(before, after);
      const [a, b] = [[...before], [...after]];
      expect(distance).toBe(oracle(a, b));
      expect(similarity).toBeCloseTo(1 - distance / Math.max(a.length, b.length, 1), 4);
      expect([from, to, approx]).toEqual([before.length, after.length, undefined]);
    }),
    { numRuns: 300 },
  );
});

function check(before: string, after: string, expected: object): void {
  expect(compare(before, after)).toMatchObject(expected);
}

test('ends, empty texts and composed letters compare as expected', () => {
  check('', '', { similarity: 1, distance: 0, from: 0, to: 0 });
  check('abc', '', { similarity: 0, distance: 3 });
  check('', 'abc', { similarity: 0, distance: 3 });
  check('same', 'same', { similarity: 1, distance: 0 });
  check('e\u0301t\u00e9', '\u00e9te\u0301', { similarity: 1, distance: 0, from: 4, to: 4 });
  check('aaa', 'aa', { distance: 1 });
});

const random = (n: number, seed: number): string => {
  let state = seed;
  return Array.from({ length: n }, () => {
    state = (state * 48271) % 2147483647;
    return 'abcdefghij klmno '[state % 17];
  }).join('');
};

test('the method is exact up to its limit and by words one past it', () => {
  const side = Math.sqrt(EXACT_CELLS_MAX);
  // A first and a last letter that differ keep the whole text.
  const a = `x${random(side - 2, 1)}x`;
  const b = `y${random(side - 2, 2)}y`;
  expect(compare(a, b).approx).toBeUndefined();
  expect(compare(a, `${b}y`).approx).toBe('tokens');
});

test('it is by words up to its limit and by groups of four one past it', () => {
  const a = `x${random(WORDS_POINTS_MAX - 2, 1)}x`;
  const b = `y${random(WORDS_POINTS_MAX - 2, 2)}y`;
  expect(compare(a, b).approx).toBe('tokens');
  expect(compare(a, `${b}y`).approx).toBe('grams');
});

test('a small change in a long text is exact, because the common ends do not count', () => {
  const text = random(100_000, 3);
  check(text, `${text.slice(0, 50_000)}!!${text.slice(50_000)}`, { distance: 2, similarity: 1 });
  expect(compare(text, `${text.slice(0, 50_000)}!!${text.slice(50_000)}`).approx).toBeUndefined();
});

test('the inexact methods stay near the truth, within bounds', () => {
  const text = random(18_000, 5);
  const words = text.replace(/[abc]/g, (letter, at: number) => (at % 9 ? letter : 'z'));
  const exact = [...text].filter((letter, i) => letter !== words[i]).length / text.length;
  const tokens = compare(`x${text}x`, `y${words}y`);
  expect(tokens.approx).toBe('tokens');
  expect(tokens.similarity).toBeGreaterThan(0.3);
  expect(tokens.similarity).toBeLessThanOrEqual(1 - exact + 0.05);
  const grams = compare(`x${random(50_000, 6)}x`, `y${random(50_000, 7)}y`);
  expect(grams.approx).toBe('grams');
  expect(grams.similarity).toBeGreaterThanOrEqual(0);
  expect(grams.similarity).toBeLessThan(0.6);
});

test('few letters against a large text are exact up to its limit and by groups of four one past it', () => {
  const a = `x${random(48, 1)}x`;
  const b = `y${random(EXACT_POINTS_MAX - 2, 2)}y`;
  expect(compare(a, b).approx).toBeUndefined();
  expect(compare(a, `${b}y`).approx).toBe('grams');
});

test('words are compared up to their limit, and a text with one more by groups of four', () => {
  const side = Math.sqrt(WORDS_CELLS_MAX);
  // Signs are a word each.
  const signs = (n: number, of: string): string =>
    Array.from({ length: n }, (_, i) => of[(i * 7) % of.length]).join('');
  const a = `<${signs(side - 2, '+-*/!?')}<`;
  const b = `>${signs(side - 2, '=%&#')}>`;
  expect(compare(a, b).approx).toBe('tokens');
  expect(compare(a, `${b}>`).approx).toBe('grams');
});

test('groups of four are counted one by one up to their limit, and past it by a sample that tells the same', () => {
  const signs = (n: number, seed: number): string => {
    let state = seed;
    const next = (): number => (state = (state * 48271) % 2147483647);
    return String.fromCharCode(...Array.from({ length: n }, () => 0x4e00 + (next() % 5000)));
  };
  const check = (n: number, off: number): void => {
    const [half, a, b] = [signs(n / 2, 9), signs(n / 2, 10), signs(n / 2, 11)];
    // The halves are the other way round: nothing but groups is common.
    const { similarity, approx } = compare(half + a, b + half, true);
    expect(approx).toBe('grams');
    expect(Math.abs(similarity - 0.5)).toBeLessThan(off);
  };
  check(GRAMS_MAX, 0.001);
  check(GRAMS_MAX + 2, 0.02);
  check(5 * GRAMS_MAX, 0.02);
});

test('as the page is left a large comparison is by groups of four', () => {
  const [a, b] = [`x${random(6000, 1)}x`, `y${random(6000, 2)}y`];
  expect(comparison(a, b).slow).toBe(true);
  expect(compare(a, b).approx).toBe('tokens');
  expect(compare(a, b, true).approx).toBe('grams');
  expect(comparison(a, `${a}!`).slow).toBe(false);
});

test('half a code point is never common', () => {
  // Their first and their last halves are the same.
  check('a👍b', 'a👎b', { distance: 1 });
  check('👍', '👎', { distance: 1, similarity: 0 });
  check('\u{1f44d}', '\u{1f84d}', { distance: 1, similarity: 0 });
  check('👍👍', '👍', { distance: 1, similarity: 0.5 });
});

test('a quick comparison is there at once; a slow one later, or at once when it is told to finish, and once', async () => {
  const found: unknown[] = [];
  expect(whenCompared('abc', 'abd', (difference) => found.push(difference.distance))).toBeUndefined();
  expect(found).toEqual([1]);
  const [a, b] = [`x${random(6000, 1)}x`, `y${random(6000, 2)}y`];
  const finish = whenCompared(a, b, ({ approx }) => found.push(approx));
  expect(found).toEqual([1]);
  finish?.();
  finish?.();
  expect(found).toEqual([1, 'grams']);
  const later = await new Promise((resolve) => void whenCompared(a, b, ({ approx }) => resolve(approx)));
  expect([later, found]).toEqual(['tokens', [1, 'grams']]);
});

test('what is retained is what was neither removed nor replaced', () => {
  const kept = (before: string, after: string): number => retainedChars(compare(before, after));
  expect(kept('one two', 'one two')).toBe(7);
  expect(kept('one two', 'one')).toBe(3);
  expect(kept('one two', 'one two three')).toBe(7);
  expect(kept('one two', '')).toBe(0);
  expect(kept('', 'one')).toBe(0);
  expect(kept('abcd', 'abxd')).toBe(3);
});
