// Cells and sums for tests of the pure parts of comparisons. In: what differs. Out: whole objects that pass every gate.
import type { Cell } from '../../services/reporter/comparisons/cell.js';
import type { Sums } from '../../services/reporter/comparisons/sums.js';
import type { TierFacts } from '../../services/reporter/comparisons/tier.js';

export function cellOf(over: Partial<Cell> = {}): Cell {
  const cell: Cell = {
    cell: '',
    project_id: 'acme',
    prompt_id: 'p',
    prompt_version: '',
    model: '',
    model_version: '',
    experiment: '',
    arm: '',
    assignment: '',
    surface: 'web',
    metric_version: 'default',
    span_s: 259_200,
    first_day: '2026-03-02',
    last_day: '2026-03-20',
    mature: 100,
    ...over,
  };
  return { ...cell, cell: over.cell ?? JSON.stringify(cell) };
}

export const TIER_1: TierFacts = {
  concurrentB: 100,
  allB: 100,
  assignments: ['randomised:user'],
  experiments: ['e'],
  armsA: ['A'],
  armsB: ['B'],
};

export function sumsOf(over: Partial<Sums> = {}): Sums {
  const share = { a: 0, b: 0, variance: 0.0001 };
  return {
    c: 0,
    persons: 200,
    strata: 3,
    weight: 250,
    difference: -0.04,
    standard_error: 0.02,
    independent_variance: 0.0004,
    session_share: 0,
    heaviest_share: 0.02,
    all_sessions: 0,
    n_a: 500,
    n_b: 500,
    y_a: 200,
    y_b: 180,
    persons_a: 100,
    persons_b: 100,
    assigned_a: 100,
    assigned_b: 100,
    all_generated_a: 500,
    all_generated_b: 500,
    effective_persons_a: 80,
    effective_persons_b: 80,
    persons_rate_a: 0.4,
    persons_rate_b: 0.36,
    rate_variance_a: 0.0004,
    rate_variance_b: 0.0004,
    shown_rate_a: 1,
    shown_rate_b: 1,
    shown_rate_variance: share.variance,
    orphan_share_a: share.a,
    orphan_share_b: share.b,
    orphan_share_variance: share.variance,
    late_share_a: share.a,
    late_share_b: share.b,
    late_share_variance: share.variance,
    clock_suspect_share_a: share.a,
    clock_suspect_share_b: share.b,
    clock_suspect_share_variance: share.variance,
    forced_share_a: share.a,
    forced_share_b: share.b,
    forced_share_variance: share.variance,
    ...over,
  };
}
