// What must hold of the formulas for any data: order, pieces and names change nothing, swapped arms flip signs, more of the
// same data narrows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { betaBinomialMoments, shrunkRate } from '../../../../../services/reporter/statistics/beta-binomial.js';
import { clusteredRate, personSums } from '../../../../../services/reporter/statistics/clustered-rate.js';
import { commonOddsRatio } from '../../../../../services/reporter/statistics/common-odds-ratio.js';
import { halfWidth, logE, runningMinimum } from '../../../../../services/reporter/statistics/confidence-sequence.js';
import { effectiveCount } from '../../../../../services/reporter/statistics/effective-count.js';
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  eBenjaminiHochberg,
  holm,
} from '../../../../../services/reporter/statistics/multiple-tests.js';
import { newcombe } from '../../../../../services/reporter/statistics/newcombe.js';
import { rocAuc } from '../../../../../services/reporter/statistics/roc-auc.js';
import { sampleRatio } from '../../../../../services/reporter/statistics/sample-ratio.js';
import {
  stratifiedDifference,
  type PersonRow,
} from '../../../../../services/reporter/statistics/stratified-difference.js';
import { pooledZ } from '../../../../../services/reporter/statistics/two-proportions.js';
import { wilson } from '../../../../../services/reporter/statistics/wilson.js';

/** Always the same examples: no run of these tests differs from another. */
const FIXED = { seed: 20_261_124, numRuns: 200 };

const counts = fc
  .integer({ min: 1, max: 6 })
  .chain((n) => fc.record({ n: fc.constant(n), y: fc.integer({ min: 0, max: n }) }));
const row: fc.Arbitrary<PersonRow> = fc
  .tuple(
    fc.integer({ min: 0, max: 9 }),
    fc.integer({ min: 0, max: 2 }),
    fc.constantFrom('A' as const, 'B' as const),
    counts,
  )
  .map(([person, stratum, arm, { n, y }]) => ({ person, stratum, arm, n, y }));
const rows = fc.array(row, { minLength: 2, maxLength: 40 });
const shuffled = <T>(values: readonly T[], keys: readonly number[]): T[] =>
  values
    .map((value, i) => ({ value, key: keys[i % keys.length] ?? 0, i }))
    .sort((a, b) => a.key - b.key || b.i - a.i)
    .map(({ value }) => value);
const keys = fc.array(fc.nat(1000), { minLength: 3, maxLength: 40 });
const proportion = fc
  .integer({ min: 1, max: 500 })
  .chain((n) => fc.record({ n: fc.constant(n), x: fc.integer({ min: 0, max: n }) }));
const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 });

/** Both undefined, or equal but for rounding. */
function same(a: number | undefined, b: number | undefined): void {
  if (a === undefined || b === undefined) expect(a).toBe(b);
  else expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(a)));
}

function sameDifference(before: readonly PersonRow[], after: readonly PersonRow[]): void {
  const [a, b] = [stratifiedDifference(before), stratifiedDifference(after)];
  same(a?.difference, b?.difference);
  same(a?.standardError, b?.standardError);
  expect(a?.persons).toBe(b?.persons);
}

test('the order of rows, and the pieces in which they come, change no difference', () => {
  fc.assert(
    fc.property(rows, keys, (all, order) => {
      sameDifference(all, shuffled(all, order));
      const pieces = all.flatMap((one) => [
        { ...one, n: one.n / 2, y: one.y / 2 },
        { ...one, n: one.n / 2, y: one.y / 2 },
      ]);
      sameDifference(all, shuffled(pieces, order));
    }),
    FIXED,
  );
});

test('names of persons and strata change no difference, nor does a stratum without one of the arms', () => {
  fc.assert(
    fc.property(rows, (all) => {
      sameDifference(
        all,
        all.map((one) => ({ ...one, person: `person ${9 - Number(one.person)}`, stratum: `s${one.stratum}` })),
      );
      sameDifference(all, [...all, { person: 99, stratum: 'alone', arm: 'B', n: 50, y: 50 }]);
    }),
    FIXED,
  );
});

test('a stratum split in identical halves changes no difference', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const twice = all.map((one) => ({ ...one, n: 2 * one.n, y: 2 * one.y }));
      const halves = all.flatMap((one) => [one, { ...one, stratum: `${one.stratum} again` }]);
      sameDifference(twice, halves);
    }),
    FIXED,
  );
});

test('swapped arms flip the sign of a difference and leave its error', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const [a, b] = [
        stratifiedDifference(all),
        stratifiedDifference(all.map((one) => ({ ...one, arm: one.arm === 'A' ? 'B' : 'A' }))),
      ];
      same(a?.difference, b === undefined ? undefined : -b.difference);
      same(a?.standardError, b?.standardError);
    }),
    FIXED,
  );
  fc.assert(
    fc.property(proportion, proportion, (a, b) => {
      const [one, other] = [newcombe(a, b), newcombe(b, a)];
      same(one?.low, other === undefined ? undefined : -other.high);
      const z = pooledZ(b, a)?.z;
      same(pooledZ(a, b)?.z, z === undefined ? undefined : -z);
      const odds = commonOddsRatio([{ a: b, b: a }])?.ratio;
      same(commonOddsRatio([{ a, b }])?.ratio, odds === undefined ? undefined : 1 / odds);
    }),
    FIXED,
  );
});

test('more persons like those there are leave a difference and narrow it', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const [few, many] = [
        stratifiedDifference(all),
        stratifiedDifference([...all, ...all.map((one) => ({ ...one, person: `twin of ${one.person}` }))]),
      ];
      same(few?.difference, many?.difference);
      if (few?.standardError === undefined || few.standardError < 1e-9) return;
      expect(many?.standardError).toBeLessThan(few.standardError);
    }),
    FIXED,
  );
});

test('more persons like those there are leave a rate and narrow it', () => {
  fc.assert(
    fc.property(fc.array(counts, { minLength: 2, maxLength: 30 }), (persons) => {
      const [few, many] = [clusteredRate(personSums(persons)), clusteredRate(personSums([...persons, ...persons]))];
      same(few?.rate, many?.rate);
      if (few?.interval === undefined || many?.interval === undefined) throw new Error('two persons have no interval');
      expect(many.interval.high - many.interval.low).toBeLessThan(few.interval.high - few.interval.low);
    }),
    FIXED,
  );
  fc.assert(
    fc.property(proportion, ({ x, n }) => {
      const [few, many] = [wilson(x, n), wilson(2 * x, 2 * n)];
      expect((many?.high ?? NaN) - (many?.low ?? NaN)).toBeLessThan((few?.high ?? NaN) - (few?.low ?? NaN));
    }),
    FIXED,
  );
});

test('a rate lies in its interval, the interval in 0..1', () => {
  fc.assert(
    fc.property(proportion, fc.constantFrom(0.8, 0.95, 0.999), ({ x, n }, confidence) => {
      const { low, high } = wilson(x, n, confidence) ?? { low: NaN, high: NaN };
      expect(0 <= low && low <= x / n && x / n <= high && high <= 1).toBe(true);
    }),
    FIXED,
  );
});

test('a sequence leaves 0 out exactly when its E-value reaches 1 / alpha, and is narrower the smaller the error', () => {
  const size = fc.double({ min: 0.001, max: 0.2, noNaN: true });
  fc.assert(
    fc.property(fc.double({ min: -1, max: 1, noNaN: true }), size, size, (difference, standardError, tau) => {
      const half = halfWidth(standardError, tau, 0.05) ?? NaN;
      const e = logE({ difference, standardError }, tau) ?? NaN;
      if (Math.abs(Math.abs(difference) - half) > 1e-9) expect(Math.abs(difference) > half).toBe(e > Math.log(20));
      same(logE({ difference: -difference, standardError }, tau), e);
      expect(halfWidth(standardError, tau, 0.01)).toBeGreaterThan(half);
    }),
    FIXED,
  );
});

test('a look that is repeated changes no running minimum but where it stands', () => {
  fc.assert(
    fc.property(pValues, (p) => {
      const once = runningMinimum(p);
      expect(runningMinimum(p.flatMap((value) => [value, value]))).toEqual(once.flatMap((value) => [value, value]));
      expect(runningMinimum(once)).toEqual(once);
    }),
    FIXED,
  );
});

test('adjusted p-values go with their comparison, whatever the order, and a smaller p raises none', () => {
  fc.assert(
    fc.property(pValues, keys, fc.nat(29), (p, order, which) => {
      const places = shuffled([...p.keys()], order);
      for (const adjust of [benjaminiHochberg, benjaminiYekutieli, holm]) {
        const adjusted = adjust(p);
        const moved = adjust(places.map((place) => p[place] ?? NaN));
        places.forEach((place, at) => same(moved[at], adjusted[place]));
        adjusted.forEach((value, at) => expect(value).toBeGreaterThanOrEqual(p[at] ?? NaN));
        const smaller = adjust(p.map((value, at) => (at === which % p.length ? value / 2 : value)));
        smaller.forEach((value, at) => expect(value).toBeLessThanOrEqual((adjusted[at] ?? NaN) + 1e-15));
      }
      const bh = benjaminiHochberg(p);
      holm(p).forEach((value, at) => expect(value).toBeGreaterThanOrEqual((bh[at] ?? NaN) - 1e-15));
    }),
    FIXED,
  );
});

test('those chosen by E-values are the largest, and a larger E drops none', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -5, max: 20, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.nat(29),
      (e, which) => {
        const chosen = eBenjaminiHochberg(e, 0.05);
        const least = Math.min(...chosen.map((at) => e[at] ?? NaN));
        e.forEach((value, at) => {
          if (value > least) expect(chosen).toContain(at);
        });
        const larger = eBenjaminiHochberg(
          e.map((value, at) => (at === which % e.length ? value + 3 : value)),
          0.05,
        );
        expect(larger).toEqual(expect.arrayContaining(chosen));
      },
    ),
    FIXED,
  );
});

test('a shrunk rate lies between the cell and the mean of all', () => {
  fc.assert(
    fc.property(fc.array(proportion, { minLength: 2, maxLength: 20 }), (cells) => {
      const fit = betaBinomialMoments(cells);
      if (fit === undefined) throw new Error('cells with trials have a fit');
      for (const cell of cells) {
        const [own, shrunk] = [cell.x / cell.n, shrunkRate(cell, fit)];
        expect(shrunk).toBeGreaterThanOrEqual(Math.min(own, fit.mean) - 1e-12);
        expect(shrunk).toBeLessThanOrEqual(Math.max(own, fit.mean) + 1e-12);
      }
    }),
    FIXED,
  );
});

test('reversed scores reflect the area, and scores count by their order alone', () => {
  const scored = fc.array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 5 })), {
    minLength: 2,
    maxLength: 40,
  });
  fc.assert(
    fc.property(scored, (all) => {
      const [labels, scores] = [all.map(([label]) => label), all.map(([, score]) => score)];
      const auc = rocAuc(labels, scores)?.auc;
      same(
        rocAuc(
          labels,
          scores.map((score) => -score),
        )?.auc,
        auc === undefined ? undefined : 1 - auc,
      );
      same(
        rocAuc(
          labels,
          scores.map((score) => Math.exp(score)),
        )?.auc,
        auc,
      );
    }),
    FIXED,
  );
});

test('a split is judged alike whatever the unit of its weights, and nobody counts as more than one', () => {
  const units = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 5 });
  fc.assert(
    fc.property(units, fc.double({ min: 0.01, max: 100, noNaN: true }), (observed, scale) => {
      const weights = observed.map((_, arm) => arm + 1);
      same(
        sampleRatio(observed, weights)?.p,
        sampleRatio(
          observed,
          weights.map((weight) => weight * scale),
        )?.p,
      );
      expect(effectiveCount(observed)).toBeLessThanOrEqual(observed.length + 1e-9);
    }),
    FIXED,
  );
});
