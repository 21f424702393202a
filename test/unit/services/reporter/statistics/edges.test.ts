// Where formulas end: nothing, one person, rates of 0 and 1, far tails, limits at them and one past.
import { expect, test } from 'vitest';
import { betaBinomialLikelihood } from '../../../../../services/reporter/statistics/beta-binomial-likelihood.js';
import {
  betaBinomialMoments,
  credibleInterval,
  shrunkRate,
} from '../../../../../services/reporter/statistics/beta-binomial.js';
import { calibration } from '../../../../../services/reporter/statistics/calibration.js';
import { chiSquareTail } from '../../../../../services/reporter/statistics/chi-square.js';
import { classification } from '../../../../../services/reporter/statistics/classification.js';
import { clusterBootstrap, RESAMPLES } from '../../../../../services/reporter/statistics/cluster-bootstrap.js';
import {
  clusteredRate,
  meanOfPersons,
  personSums,
} from '../../../../../services/reporter/statistics/clustered-rate.js';
import { commonOddsRatio } from '../../../../../services/reporter/statistics/common-odds-ratio.js';
import { halfWidth, logE, oneSidedHalfWidth } from '../../../../../services/reporter/statistics/confidence-sequence.js';
import { eCusum, eCusumThreshold, fallBegan } from '../../../../../services/reporter/statistics/e-cusum.js';
import { effectHeterogeneity } from '../../../../../services/reporter/statistics/effect-heterogeneity.js';
import { effectiveCount, heaviestShare } from '../../../../../services/reporter/statistics/effective-count.js';
import { clopperPearson, jeffreys } from '../../../../../services/reporter/statistics/exact-interval.js';
import { fixedLookInterval, fixedLookP } from '../../../../../services/reporter/statistics/fixed-look.js';
import { laneySigma, pooledRate } from '../../../../../services/reporter/statistics/laney.js';
import { mcnemar } from '../../../../../services/reporter/statistics/mcnemar.js';
import { benjaminiHochberg, eBenjaminiHochberg } from '../../../../../services/reporter/statistics/multiple-tests.js';
import {
  criticalZ,
  normalQuantile,
  normalTail,
  twoSidedP,
} from '../../../../../services/reporter/statistics/normal.js';
import { rocAuc } from '../../../../../services/reporter/statistics/roc-auc.js';
import { trialsPerArm } from '../../../../../services/reporter/statistics/sample-size.js';
import { sampleRatio } from '../../../../../services/reporter/statistics/sample-ratio.js';
import {
  stratifiedDifference,
  type PersonRow,
} from '../../../../../services/reporter/statistics/stratified-difference.js';
import { criticalT, twoSidedTP } from '../../../../../services/reporter/statistics/student-t.js';
import { weekdayOffsets, withoutWeekdays } from '../../../../../services/reporter/statistics/weekday-means.js';
import { wilson } from '../../../../../services/reporter/statistics/wilson.js';

test('tails stay exact far out, and quantiles undo them', () => {
  expect(Math.log10(twoSidedP(28.2842712474619))).toBeCloseTo(-175.26793887532, 6);
  expect(normalTail(38) > 0 && normalTail(38) < 1e-300).toBe(true);
  expect(Math.log10(chiSquareTail(909.0909090909091, 1))).toBeCloseTo(-198.98443, 4);
  for (const q of [1e-200, 1e-20, 1e-3, 0.3]) expect(normalTail(-normalQuantile(q)) / q).toBeCloseTo(1, 9);
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.9)).toBeCloseTo(-normalQuantile(0.1), 12);
  expect(criticalZ(0.05)).toBeCloseTo(1.959963984540054, 14);
  expect(chiSquareTail(3, 0)).toBe(1);
});

test('t needs one degree of freedom', () => {
  expect(criticalT(0.05, 1)).toBeCloseTo(12.706204736, 8);
  expect(criticalT(0.05, 0.99)).toBeNaN();
  expect(twoSidedTP(2.045229642, 29)).toBeCloseTo(0.05, 8);
  expect(twoSidedTP(1, 0)).toBeNaN();
});

test('no data is undefined, never 0', () => {
  expect(wilson(0, 0)).toBeUndefined();
  expect(wilson(2, 1)).toBeUndefined();
  expect(clopperPearson(0, 0)).toBeUndefined();
  expect(jeffreys(-1, 3)).toBeUndefined();
  expect(clusteredRate(personSums([{ n: 0, y: 0 }]))).toBeUndefined();
  expect(meanOfPersons([])).toBeUndefined();
  expect(pooledRate([])).toBeUndefined();
  expect(laneySigma([1])).toBeUndefined();
  expect(rocAuc([1, 1], [0.2, 0.3])).toBeUndefined();
  expect(classification([[0]])).toBeUndefined();
  expect(calibration([], [])).toBeUndefined();
  expect(mcnemar(0, 0)).toBeUndefined();
  expect(sampleRatio([0, 0], [1, 1])).toBeUndefined();
  expect(sampleRatio([5, 5], [1, 0])).toBeUndefined();
  expect(commonOddsRatio([{ a: { x: 0, n: 5 }, b: { x: 0, n: 5 } }])).toBeUndefined();
  expect(betaBinomialMoments([{ x: 0, n: 0 }])).toBeUndefined();
  expect(stratifiedDifference([{ person: 1, stratum: 1, arm: 'A', n: 3, y: 1 }])).toBeUndefined();
  expect(benjaminiHochberg([])).toEqual([]);
  expect(eBenjaminiHochberg([], 0.05)).toEqual([]);
});

test('without a standard error there is no sequence', () => {
  for (const error of [0, Number.NaN, -1]) {
    expect(halfWidth(error, 0.05, 0.05)).toBeUndefined();
    expect(oneSidedHalfWidth(error, 0.05, 0.05)).toBeUndefined();
    expect(logE({ difference: 0.1, standardError: error }, 0.05)).toBeUndefined();
  }
  expect(fixedLookInterval(0.1, 0, 10)).toBeUndefined();
  expect(fixedLookP(0.1, 0.05, 2)).toBeUndefined();
  expect(fixedLookP(0.1, 0.05, 3)).toBeCloseTo(2 * 0.14758361765, 6);
});

test('ends of intervals are exact where nothing or everything succeeded', () => {
  for (const interval of [wilson, clopperPearson, jeffreys]) {
    expect(interval(0, 7)?.low).toBe(0);
    expect(interval(7, 7)?.high).toBe(1);
  }
  const sure = clusteredRate(
    personSums([
      { n: 5, y: 5 },
      { n: 3, y: 3 },
    ]),
  );
  expect(sure).toMatchObject({ rate: 1, effectiveN: 2, designEffect: undefined, standardError: 0 });
});

test('one person has a rate and no interval; persons without generations are none', () => {
  expect(
    clusteredRate(
      personSums([
        { n: 40, y: 12 },
        { n: 0, y: 0 },
      ]),
    ),
  ).toMatchObject({ rate: 0.3, persons: 1, interval: undefined });
  expect(
    meanOfPersons([
      { n: 10, y: 10 },
      { n: 1, y: 0 },
      { n: 0, y: 0 },
    ]),
  ).toBe(0.5);
  expect(effectiveCount([98, 1, 1])).toBeCloseTo(1.04, 2);
  expect(effectiveCount([])).toBe(0);
  expect(heaviestShare([98, 1, 1])).toBe(0.98);
  expect(heaviestShare([])).toBe(0);
});

test('an effect that differs from stratum to stratum is seen, one that does not is not', () => {
  const rows = (effects: readonly number[]): PersonRow[] =>
    effects.flatMap((effect, stratum) =>
      Array.from({ length: 200 }, (_, person): PersonRow => {
        const arm = person % 2 === 0 ? 'A' : 'B';
        const place = Math.floor(person / 2) / 100;
        return {
          person: `${stratum}-${person}`,
          stratum,
          arm,
          n: 1,
          y: place < 0.5 + (arm === 'B' ? effect : 0) ? 1 : 0,
        };
      }),
    );
  expect(effectHeterogeneity(rows([0.3, -0.3]))?.p).toBeLessThan(0.001);
  expect(effectHeterogeneity(rows([0.1, 0.1]))?.p).toBeGreaterThan(0.9);
  expect(effectHeterogeneity(rows([0.1]))).toBeUndefined();
});

test('cells that do not differ are pooled, and cells that share nothing are left', () => {
  const alike = Array.from({ length: 5 }, () => ({ x: 3, n: 10 }));
  const pooled = betaBinomialMoments(alike);
  expect(pooled?.strength).toBe(Number.POSITIVE_INFINITY);
  expect(betaBinomialLikelihood(alike)).toEqual(pooled);
  if (pooled !== undefined) {
    expect(shrunkRate({ x: 9, n: 10 }, pooled)).toBe(0.3);
    expect(credibleInterval({ x: 9, n: 10 }, pooled)).toEqual({ low: 0.3, high: 0.3 });
  }
  const apart = betaBinomialMoments([
    { x: 10, n: 10 },
    { x: 0, n: 10 },
  ]);
  expect(apart?.strength).toBe(0);
  if (apart !== undefined) {
    expect(shrunkRate({ x: 10, n: 10 }, apart)).toBe(1);
    expect(credibleInterval({ x: 10, n: 10 }, apart)).toBeUndefined();
  }
  expect(
    betaBinomialLikelihood([
      { x: 0, n: 5 },
      { x: 0, n: 9 },
    ])?.mean,
  ).toBe(0);
});

test('a fall is dated from the day its evidence rose above nothing', () => {
  const evidence = eCusum([0, 0, -3, -3]);
  expect(evidence).toEqual([-0.5, -0.5, 2.5, 5]);
  expect(fallBegan(evidence)).toBe(2);
  expect(fallBegan(eCusum([0, 1]))).toBeUndefined();
  expect(fallBegan([1, 2])).toBe(0);
  expect(eCusumThreshold(300, 90)).toBeCloseTo(10.2, 1);
});

test('the rhythm of the week goes, the level stays, and a weekday seen once has none', () => {
  const weekdays = [0, 1, 0, 1];
  expect(withoutWeekdays([1, 3, 1, 3], weekdays)).toEqual([2, 2, 2, 2]);
  expect(weekdayOffsets([5, 1, 1], [6, 0, 0]).get(6)).toBe(0);
  expect(weekdayOffsets([5, 5, 2], [6, 6, 0]).get(6)).toBe(1);
});

test('a bootstrap repeats itself by its seed, and says how many draws had no figure', () => {
  const persons = Array.from({ length: 30 }, (_, person) => person % 3);
  const mean = (drawn: readonly number[]) => drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const [one, again, other] = [1, 1, 2].map((seed) => clusterBootstrap(persons, mean, { seed }));
  expect(one).toEqual(again);
  expect(one?.interval).not.toEqual(other?.interval);
  expect(one).toMatchObject({ resamples: RESAMPLES, skipped: 0 });
  // The spread of a mean of 30 values of variance 2/3 is 0.149.
  expect(one?.interval?.low).toBeGreaterThan(1 - 2.6 * 0.149);
  expect(one?.interval?.low).toBeLessThan(1 - 1.4 * 0.149);
  expect(clusterBootstrap(persons, () => undefined, { seed: 1, resamples: 10 })).toEqual({
    interval: undefined,
    resamples: 10,
    skipped: 10,
  });
  expect(clusterBootstrap([1], mean, { seed: 1 }).interval).toBeUndefined();
});

test('no number is enough to tell equal rates apart', () => {
  expect(trialsPerArm(0.3, 0.3)).toBe(Number.POSITIVE_INFINITY);
});

test('a reliability table has its counts, with 1 in the last bin', () => {
  const found = calibration([1, 0, 1], [1, 0.05, 0.95]);
  expect(found?.bins.map(({ n }) => n)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
  expect(found?.bins[1]).toMatchObject({ n: 0, rate: undefined, meanProbability: undefined });
  expect(Number.isFinite(calibration([0], [1])?.logLoss)).toBe(true);
});
