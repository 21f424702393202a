// Every formula gives what other engines give: one function per family of reference cases, and no case without one.
import { describe, expect, test } from 'vitest';
import { levenshtein } from '../../../../../services/beacon/web/levenshtein.js';
import { compare } from '../../../../../services/beacon/web/similarity.js';
import {
  betaBinomialLikelihood,
  logLikelihood,
} from '../../../../../services/reporter/statistics/beta-binomial-likelihood.js';
import {
  betaBinomialMoments,
  credibleInterval,
  shrunkRate,
  type BetaBinomial,
} from '../../../../../services/reporter/statistics/beta-binomial.js';
import { calibration } from '../../../../../services/reporter/statistics/calibration.js';
import { classification, type ClassFigures } from '../../../../../services/reporter/statistics/classification.js';
import { clusteredRate, personSums } from '../../../../../services/reporter/statistics/clustered-rate.js';
import { commonOddsRatio } from '../../../../../services/reporter/statistics/common-odds-ratio.js';
import { clopperPearson, jeffreys } from '../../../../../services/reporter/statistics/exact-interval.js';
import type { Interval } from '../../../../../services/reporter/statistics/interval.js';
import { cohenKappa } from '../../../../../services/reporter/statistics/kappa.js';
import { mcnemar } from '../../../../../services/reporter/statistics/mcnemar.js';
import { newcombe } from '../../../../../services/reporter/statistics/newcombe.js';
import { rocAuc } from '../../../../../services/reporter/statistics/roc-auc.js';
import { trialsPerArm } from '../../../../../services/reporter/statistics/sample-size.js';
import {
  pooledDifference,
  stratifiedDifference,
  type PersonRow,
} from '../../../../../services/reporter/statistics/stratified-difference.js';
import { agrestiCaffoError, pooledZ } from '../../../../../services/reporter/statistics/two-proportions.js';
import {
  anytimeP,
  halfWidth,
  logE,
  runningMinimum,
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

interface TwoArms {
  readonly successesA: number;
  readonly trialsA: number;
  readonly successesB: number;
  readonly trialsB: number;
  readonly confidence: number;
}

interface Counts {
  readonly successes: number[];
  readonly trials: number[];
}

/** Rows in columns; `arm` has one letter a row. */
interface Rows {
  readonly rows: { user: number[]; stratum: number[]; arm: string; n: number[]; y: number[] };
}

interface Stream {
  readonly cumA: number[];
  readonly cumB: number[];
  readonly cumN_each: number[];
  readonly tau: number;
  readonly alpha: number;
}

const ends = (interval: Interval | undefined): Found => ({ lower: interval?.low, upper: interval?.high });

const cellsOf = ({ successes, trials }: Counts) => successes.map((x, i) => ({ x, n: trials[i] ?? 0 }));

function armsOf({ successesA, trialsA, successesB, trialsB }: TwoArms) {
  return [
    { x: successesA, n: trialsA },
    { x: successesB, n: trialsB },
  ] as const;
}

function rowsOf({ rows: { user, stratum, arm, n, y } }: Rows): PersonRow[] {
  return user.map((person, i) => ({
    person,
    stratum: stratum[i] ?? 0,
    arm: arm[i] === 'A' ? 'A' : 'B',
    n: n[i] ?? 0,
    y: y[i] ?? 0,
  }));
}

function shrinkage(counts: Counts, fit: BetaBinomial | undefined): Found {
  if (fit === undefined) return {};
  const cells = cellsOf(counts);
  const intervals = cells.map((cell) => credibleInterval(cell, fit));
  return {
    mu: fit.mean,
    rho: fit.rho,
    alpha: fit.mean * fit.strength,
    beta: (1 - fit.mean) * fit.strength,
    shrunk: cells.map((cell) => shrunkRate(cell, fit)),
    loglik_without_binomial_coeff: logLikelihood(cells, fit.mean, fit.strength),
    cred_lower: intervals.map((interval) => interval?.low),
    cred_upper: intervals.map((interval) => interval?.high),
  };
}

const FAMILIES: Readonly<Record<string, (inputs: never) => Found>> = {
  wilson_interval({ successes, trials, confidence }: Proportion) {
    return ends(wilson(successes, trials, confidence));
  },
  clopper_pearson_interval({ successes, trials, confidence }: Proportion) {
    return ends(clopperPearson(successes, trials, confidence));
  },
  jeffreys_interval({ successes, trials, confidence }: Proportion) {
    return ends(jeffreys(successes, trials, confidence));
  },
  two_proportion_z_pooled(inputs: TwoArms) {
    const found = pooledZ(...armsOf(inputs));
    const log = found === undefined ? undefined : Math.log10(found.p);
    return { diff_B_minus_A: found?.difference, z: found?.z, p_two_sided: found?.p, log10_p: log };
  },
  newcombe_difference(inputs: TwoArms) {
    const [a, b] = armsOf(inputs);
    return { diff_B_minus_A: b.x / b.n - a.x / a.n, ...ends(newcombe(a, b, inputs.confidence)) };
  },
  cmh_common_odds_ratio({ strata }: { strata: Readonly<Record<string, number>>[] }) {
    const found = commonOddsRatio(
      strata.map((one) => ({
        a: { x: one['A_success'] ?? NaN, n: one['A_trials'] ?? NaN },
        b: { x: one['B_success'] ?? NaN, n: one['B_trials'] ?? NaN },
      })),
    );
    return {
      common_or_B_vs_A: found?.ratio,
      or_lower: found?.interval.low,
      or_upper: found?.interval.high,
      cmh_chi2: found?.chiSquare,
      df: 1,
      p: found?.p,
    };
  },
  cluster_robust_rate({ users }: { users: { n: number[]; y: number[] } }) {
    const found = clusteredRate(personSums(users.n.map((n, i) => ({ n, y: users.y[i] ?? 0 }))));
    if (found === undefined) return {};
    return {
      rate: found.rate,
      n_events: found.n,
      n_users: found.persons,
      se_cluster: found.standardError,
      se_iid: Math.sqrt((found.rate * (1 - found.rate)) / found.n),
      deff: found.designEffect,
      n_eff_t: found.effectiveN,
      wilson_eff_lower: found.interval?.low,
      wilson_eff_upper: found.interval?.high,
    };
  },
  cluster_robust_difference(inputs: Rows) {
    const rows = rowsOf(inputs);
    const rate = (arm: string): number => {
      const own = rows.filter((row) => row.arm === arm);
      return own.reduce((sum, { y }) => sum + y, 0) / own.reduce((sum, { n }) => sum + n, 0);
    };
    const found = stratifiedDifference(rows);
    return {
      rateA: rate('A'),
      rateB: rate('B'),
      diff: found?.difference,
      se: found?.standardError,
      n_users: found?.persons,
    };
  },
  stratified_cluster_robust_difference(inputs: Rows) {
    const found = stratifiedDifference(rowsOf(inputs));
    return {
      diff_MH: found?.difference,
      se: found?.standardError,
      pooled_diff: pooledDifference(rowsOf(inputs)),
      n_users: found?.persons,
    };
  },
  beta_binomial_mom: (counts: Counts) => shrinkage(counts, betaBinomialMoments(cellsOf(counts))),
  beta_binomial_mle: (counts: Counts) => shrinkage(counts, betaBinomialLikelihood(cellsOf(counts))),
  anytime_valid_stream({ cumA, cumB, cumN_each: n, tau, alpha }: Stream) {
    const looks = cumA.map((x, day) => {
      const [a, b] = [
        { x, n: n[day] ?? 0 },
        { x: cumB[day] ?? 0, n: n[day] ?? 0 },
      ];
      return { difference: b.x / b.n - a.x / a.n, standardError: agrestiCaffoError(a, b) };
    });
    const intervals = looks.map((look) => sequenceInterval(look, tau, alpha));
    return {
      diff: looks.map((look) => look.difference),
      se_agresti_caffo: looks.map((look) => look.standardError),
      lower: intervals.map((interval) => interval?.low),
      upper: intervals.map((interval) => interval?.high),
      p_anytime_running_min: runningMinimum(looks.map((look) => anytimeP(logE(look, tau) ?? NaN))),
      first_alarm_day: 1 + intervals.findIndex((interval) => interval !== undefined && interval.high < 0),
    };
  },
  sample_size_two_proportions({ p1, p2, power, alpha }: { p1: number; p2: number; power: number; alpha: number }) {
    return { n_per_arm: trialsPerArm(p1, p2, power, alpha) };
  },
  cohen_kappa({ confusion }: { confusion: number[][] }) {
    const found = cohenKappa(confusion);
    if (found === undefined) return {};
    const { kappa, observed, expected, standardError, interval } = found;
    return { kappa, po: observed, pe: expected, se: standardError, ...ends(interval) };
  },
  roc_auc({ labels, scores }: { labels: number[]; scores: number[] }) {
    const found = rocAuc(labels, scores);
    return {
      auc: found?.auc,
      delong_se: found?.standardError,
      delong_lower: found?.interval?.low,
      delong_upper: found?.interval?.high,
    };
  },
  multiclass_classification(inputs: { labels: string[]; confusion_rows_true_cols_pred: number[][] }) {
    const found = classification(inputs.confusion_rows_true_cols_pred);
    if (found === undefined) return {};
    const named = (pick: (figures: ClassFigures) => number): Found =>
      Object.fromEntries(found.classes.map((figures, index) => [inputs.labels[index] ?? '', pick(figures)] as const));
    return {
      accuracy: found.accuracy,
      precision: named((figures) => figures.precision),
      recall: named((figures) => figures.recall),
      f1: named((figures) => figures.f1),
      macro_f1: found.macroF1,
      micro_f1: found.accuracy,
      weighted_f1: found.weightedF1,
      mcc: found.correlation,
    };
  },
  calibration(inputs: { labels: number[]; probabilities: number[]; ece_bins: number }) {
    const found = calibration(inputs.labels, inputs.probabilities, inputs.ece_bins);
    return { brier: found?.brier, log_loss: found?.logLoss, ece_equal_width: found?.calibrationError };
  },
  mcnemar({ only_A_right: onlyA, only_B_right: onlyB }: { only_A_right: number; only_B_right: number }) {
    const found = mcnemar(onlyA, onlyB);
    return { p_exact: found?.exactP, chi2: found?.chiSquare, p_asymptotic: found?.asymptoticP };
  },
  edit_weighted_acceptance({ generated, final }: { generated: string; final: string }) {
    const [a, b] = [[...generated.normalize('NFC')], [...final.normalize('NFC')]];
    const distance = levenshtein(a, b);
    const normalised = distance / (Math.max(a.length, b.length) || 1);
    // What the beacon sends has four digits.
    const sent = compare(generated, final);
    expect(sent.distance).toBe(distance);
    expect(sent.similarity).toBeCloseTo(1 - normalised, 4);
    return { levenshtein_code_points: distance, normalised, similarity: 1 - normalised };
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

test('every case has a formula, and none is lost', () => {
  expect(cases.filter(({ family }) => FAMILIES[family] === undefined)).toEqual([]);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(87);
});
