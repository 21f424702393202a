// The row of a look.
import { expect, test } from 'vitest';
import { logE } from '../../../../../services/reporter/statistics/confidence-sequence.js';
import { lookRow, type LookFacts } from '../../../../../services/reporter/comparisons/look-row.js';
import { NO_EXTRAS } from '../../../../../services/reporter/comparisons/sums.js';
import { sumsOf, TIER_1 } from '../../../../support/comparison-cases.js';

const facts: LookFacts = {
  registered: {
    comparison_id: 'c',
    project_id: 'acme',
    kind: 'experiment',
    surface: '',
    a: { arm: 'A' },
    b: { arm: 'B' },
    family: 'f',
    tau: 0.03,
    alpha: 0.01,
    metric_version: 'm',
    created_at: 0,
  },
  tierFacts: TIER_1,
  days: { from: '2026-03-02', to: '2026-03-09' },
  sums: sumsOf(),
  extras: NO_EXTRAS,
  lookAt: 1_000_000,
};

test('a look carries what was fixed at the first one, its figures, and the evidence at its tau', () => {
  expect(lookRow(facts)).toMatchObject({
    comparison_id: 'c',
    look_at: 1_000_000,
    family: 'f',
    tier: 'T1',
    tau: 0.03,
    alpha: 0.01,
    metric_version: 'm',
    from_day: '2026-03-02',
    to_day: '2026-03-09',
    n_a: 500,
    rate_a: 0.4,
    rate_b: 0.36,
    difference: -0.04,
    standard_error: 0.02,
    log_e: logE({ difference: -0.04, standardError: 0.02 }, 0.03),
    gates: [],
    warnings: [],
  });
});

test('what cannot be estimated is nought, with a gate', () => {
  const nothing = { difference: 0, standard_error: 0, log_e: 0 };
  expect(lookRow({ ...facts, sums: sumsOf({ standard_error: 0 }) })).toMatchObject({
    ...nothing,
    gates: ['no_data'],
    n_a: 500,
  });
  expect(lookRow({ ...facts, days: undefined, sums: undefined })).toMatchObject({
    ...nothing,
    gates: ['no_data'],
    warnings: [],
    n_a: 0,
    persons: 0,
    rate_a: 0,
    from_day: '1970-01-01',
  });
});
