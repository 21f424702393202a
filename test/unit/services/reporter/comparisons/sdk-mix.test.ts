// The mix of SDK versions on both sides.
import { expect, test } from 'vitest';
import { mixP, sdkMixes } from '../../../../../services/reporter/comparisons/sdk-mix.js';

function check(title: string, versions: readonly [number, number][], p: number | undefined): void {
  test(title, () => {
    const found = mixP(versions.map(([a, b]) => ({ a, b })));
    if (p === undefined || found === undefined) expect(found).toBe(p);
    else expect(found).toBeCloseTo(p, 9);
  });
}

check('one version has no mix', [[100, 100]], undefined);
check('no version has none', [], undefined);
check(
  'equal mixes do not differ',
  [
    [50, 50],
    [20, 20],
  ],
  1,
);
// chi-square of 40, 60 against 60, 40 is 8 with one degree
check(
  'unequal mixes have the p of Pearson',
  [
    [40, 60],
    [60, 40],
  ],
  0.0046777349810472,
);
check(
  'versions of a few persons are put together',
  [
    [50, 50],
    [3, 3],
    [3, 3],
  ],
  1,
);
check(
  'versions of too few persons do not count',
  [
    [50, 50],
    [4, 0],
  ],
  undefined,
);
check(
  'a side without persons has no mix',
  [
    [50, 0],
    [50, 0],
  ],
  undefined,
);

test('each comparison has its own', () => {
  const rows = [1, 2].flatMap((c) => [
    { c, sdk: 'w/1', a: 40, b: 40 * c },
    { c, sdk: 'w/2', a: 40, b: 40 },
  ]);
  const mixes = sdkMixes([...rows, { c: 3, sdk: 'w/1', a: 10, b: 10 }]);
  expect([...mixes.keys()]).toEqual([1, 2]);
  expect(mixes.get(1)).toBe(1);
  expect(mixes.get(2)).toBeLessThan(0.05);
});
