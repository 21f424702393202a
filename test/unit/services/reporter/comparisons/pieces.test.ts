// Pieces of a large look.
import { expect, test } from 'vitest';
import { cutPieces } from '../../../../../services/reporter/comparisons/pieces.js';

function check(
  title: string,
  rows: readonly (readonly [c: number, rows: number])[],
  expected: readonly [number, number][],
): void {
  test(title, () =>
    expect(
      cutPieces(
        rows.map(([c, n]) => ({ c, rows: n })),
        10,
      ),
    ).toEqual(expected.map(([from, to]) => ({ from, to }))),
  );
}

check('nothing has no piece', [], []);
check(
  'what fits is one piece, gaps and order aside',
  [
    [3, 4],
    [0, 6],
  ],
  [[0, 4]],
);
check(
  'one row more than fits begins a second piece',
  [
    [0, 6],
    [1, 5],
  ],
  [
    [0, 1],
    [1, 2],
  ],
);
check(
  'a comparison that is too large by itself is a piece of its own',
  [
    [0, 1],
    [1, 99],
    [2, 1],
  ],
  [
    [0, 1],
    [1, 2],
    [2, 3],
  ],
);
