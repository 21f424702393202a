// Every formula gives what other engines give: one function per family of reference cases, and no case without one.
import { describe, expect, test } from 'vitest';
import { chiSquareTail } from '../../../../../services/reporter/statistics/chi-square.js';
import {
  anytimeP,
  halfWidth,
  logE,
  oneSidedHalfWidth,
  sequenceInterval,
  tauForTrials,
} from '../../../../../services/reporter/statistics/confidence-sequence.js';
import { cusumLower, eCusum } from '../../../../../services/reporter/statistics/e-cusum.js';
import {
  binomialScores,
  laneyLimits,
  laneySigma,
  pooledRate,
} from '../../../../../services/reporter/statistics/laney.js';
import {
  benjaminiHochberg,
  benjaminiYekutieli,
  eBenjaminiHochberg,
  falseCoverageAlpha,
  holm,
} from '../../../../../services/reporter/statistics/multiple-tests.js';
import { sampleRatio, sampleRatioLogBayesFactor } from '../../../../../services/reporter/statistics/sample-ratio.js';
import { wilson } from '../../../../../services/reporter/statistics/wilson.js';
import { cases, check } from './reference-cases.js';

type Found = Readonly<Record<string, unknown>>;

interface Proportion {
  readonly successes: number;
  readonly trials: number;
  readonly confidence: number;
}

const FAMILIES: Readonly<Record<string, (inputs: never) => Found>> = {
  wilson_interval({ successes, trials, confidence }: Proportion) {
    const interval = wilson(successes, trials, confidence);
    return { lower: interval?.low, upper: interval?.high };
  },
  bh_adjusted_p: ({ p }: { p: number[] }) => ({ adjusted: benjaminiHochberg(p) }),
  by_adjusted_p: ({ p }: { p: number[] }) => ({ adjusted: benjaminiYekutieli(p) }),
  holm_adjusted_p: ({ p }: { p: number[] }) => ({ adjusted: holm(p) }),
  e_bh({ e, q }: { e: number[]; q: number }) {
    const rejected = eBenjaminiHochberg(e.map(Math.log), q);
    return { rejected_zero_based: rejected, k: rejected.length };
  },
  anytime_valid_interval({ diff, se, tau, alpha }: { diff: number; se: number; tau: number; alpha: number }) {
    const look = { difference: diff, standardError: se };
    const [half, interval, e] = [halfWidth(se, tau, alpha), sequenceInterval(look, tau, alpha), logE(look, tau)];
    if (half === undefined || e === undefined) return {};
    return {
      half_width: half,
      lower: interval?.low,
      upper: interval?.high,
      log_e: e,
      p_anytime: anytimeP(e),
      critical_abs_z: half / se,
    };
  },
  asymptotic_cs_halfwidth(inputs: { sigma2: number; n: number; n_star: number; alpha: number }) {
    const { sigma2, n, n_star: best, alpha } = inputs;
    const se = Math.sqrt(sigma2 / n);
    return {
      two_sided: halfWidth(se, tauForTrials(sigma2, best, alpha), alpha),
      one_sided: oneSidedHalfWidth(se, tauForTrials(sigma2, best, 2 * alpha), alpha),
    };
  },
  anytime_valid_interval_fcr(inputs: {
    diff: number;
    se: number;
    tau: number;
    q: number;
    selected: number;
    tests: number;
  }) {
    const { diff, se, tau, q, selected, tests } = inputs;
    const alpha = falseCoverageAlpha(q, selected, tests);
    const interval = sequenceInterval({ difference: diff, standardError: se }, tau, alpha);
    return { alpha_used: alpha, lower: interval?.low, upper: interval?.high };
  },
  srm_chi_square({ observed, expected_weights: weights }: { observed: number[]; expected_weights: number[] }) {
    const found = sampleRatio(observed, weights);
    return { chi2: found?.chiSquare, df: found?.degrees, p: found?.p };
  },
  srm_sequential_multinomial(inputs: { observed: number[]; expected_weights: number[]; dirichlet_total: number }) {
    const factor = sampleRatioLogBayesFactor(inputs.observed, inputs.expected_weights, inputs.dirichlet_total);
    return { log_bayes_factor: factor, p_anytime: factor === undefined ? undefined : anytimeP(factor) };
  },
  laney_sigma_z({ successes, trials }: { successes: number[]; trials: number[] }) {
    const days = successes.map((x, day) => ({ successes: x, trials: trials[day] ?? 0 }));
    const rate = pooledRate(days) ?? Number.NaN;
    const z = binomialScores(days, rate);
    const sigma = laneySigma(z) ?? Number.NaN;
    const limits = laneyLimits(rate, trials.at(-1) ?? 0, sigma);
    return { p_bar: rate, z, sigma_z: sigma, limits_last: [limits.low, limits.high] };
  },
  cusum_lower: ({ z, k, lambda }: { z: number[]; k: number; lambda: number }) => ({
    cusum: cusumLower(z, k),
    log_e_cusum: eCusum(z, lambda),
  }),
};

describe.each(Object.keys(FAMILIES))('%s', (family) => {
  const own = cases.filter((reference) => reference.family === family);
  test.each(own)('$id', (reference) => check(reference, FAMILIES[family]?.(reference.inputs) ?? {}));

  test('has cases', () => expect(own.length).toBeGreaterThan(0));
});

test('a probability far out is not 0', () => {
  expect(Math.log10(chiSquareTail(909.0909090909091, 1))).toBeCloseTo(-198.98, 1);
});
