// One row of `comparison_looks` from what was summed. Pure. In: registry row, tier facts, sums. Out: the row.
import { logE } from '../statistics/confidence-sequence.js';
import { failedGates } from './gates.js';
import type { Registered } from './registry.js';
import type { Extras, Sums } from './sums.js';
import { tierOf, type TierFacts } from './tier.js';
import { raisedWarnings } from './warnings.js';

export interface LookFacts {
  readonly registered: Registered;
  readonly tierFacts: TierFacts;
  /** First and last day read; absent when no day was shared. */
  readonly days: { readonly from: string; readonly to: string } | undefined;
  readonly sums: Sums | undefined;
  readonly extras: Extras;
  /** Instant of the look, ms. */
  readonly lookAt: number;
}

export function lookRow({ registered, tierFacts, days, sums, extras, lookAt }: LookFacts): Record<string, unknown> {
  const tier = tierOf(tierFacts);
  const gates = failedGates(tier, tierFacts, sums, extras);
  const shared = sums !== undefined && sums.weight > 0 ? sums : undefined;
  const warnings = shared === undefined ? { codes: [], figures: {} } : raisedWarnings(shared, extras);
  const estimable = shared !== undefined && shared.standard_error > 0 ? shared : undefined;
  const look = { difference: estimable?.difference ?? 0, standardError: estimable?.standard_error ?? 0 };
  return {
    comparison_id: registered.comparison_id,
    look_at: lookAt,
    project_id: registered.project_id,
    family: registered.family,
    tier,
    n_a: shared?.n_a ?? 0,
    n_b: shared?.n_b ?? 0,
    persons_a: shared?.persons_a ?? 0,
    persons_b: shared?.persons_b ?? 0,
    difference: look.difference,
    standard_error: look.standardError,
    log_e: logE(look, registered.tau) ?? 0,
    tau: registered.tau,
    alpha: registered.alpha,
    gates: gates.codes,
    metric_version: registered.metric_version,
    from_day: days?.from ?? '1970-01-01',
    to_day: days?.to ?? '1970-01-01',
    persons: shared?.persons ?? 0,
    strata: shared?.strata ?? 0,
    rate_a: shared === undefined ? 0 : shared.y_a / shared.n_a,
    rate_b: shared === undefined ? 0 : shared.y_b / shared.n_b,
    warnings: warnings.codes,
    figures: { ...gates.figures, ...warnings.figures },
  };
}
