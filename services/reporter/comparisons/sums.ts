// What ClickHouse summed for one comparison. Types only; all counts are numbers, shares lie in 0..1.
import type { ShareName } from './sum-statements.js';

type Sided<Name extends string> = `${Name}_a` | `${Name}_b`;
type SideColumn = Sided<
  | 'n'
  | 'y'
  | 'persons'
  | 'assigned'
  | 'all_generated'
  | 'effective_persons'
  | 'persons_rate'
  | 'rate_variance'
  | ShareName
>;
type ShareVariance = `${ShareName}_variance`;

/** One row of `sumsSql`. n, y, persons: in strata that both sides share; assigned and the shares: over all days read. */
export interface Sums extends Readonly<Record<SideColumn | ShareVariance, number>> {
  readonly c: number;
  readonly persons: number;
  readonly strata: number;
  /** Sum of the strata's weights; 0 without a shared stratum. */
  readonly weight: number;
  readonly difference: number;
  readonly standard_error: number;
  /** Variance of the difference if generations were independent. */
  readonly independent_variance: number;
  readonly session_share: number;
  readonly heaviest_share: number;
  readonly all_sessions: number;
}

/** What else is known of a comparison besides its sums. */
export interface Extras {
  readonly withoutHeaviest: number | undefined;
  /** Cochran's Q, and the strata in it. */
  readonly heterogeneity: { readonly q: number; readonly strata: number } | undefined;
  /** p of the mix of SDK versions being the same on both sides. */
  readonly sdkMixP: number | undefined;
  /** Weights of A and B in their experiment. */
  readonly weights: readonly [number, number];
}

export const NO_EXTRAS: Extras = {
  withoutHeaviest: undefined,
  heterogeneity: undefined,
  sdkMixP: undefined,
  weights: [1, 1],
};
