// Gates: what forbids a verdict. Pure. In: the sums of a comparison. Out: codes of the gates that failed, and every figure used.
import { sampleRatio, SAMPLE_RATIO_P_MIN } from '../statistics/sample-ratio.js';
import { twoSidedP } from '../statistics/normal.js';
import type { ShareName } from './sum-statements.js';
import type { Extras, Sums } from './sums.js';
import { assignedUnit, concurrentShare, CONCURRENT_SHARE_MIN, type Tier, type TierFacts } from './tier.js';

export const PERSONS_MIN = 30;
export const EFFECTIVE_PERSONS_MIN = 20;
export const SUCCESSES_MIN = 10;
export const FAILURES_MIN = 10;
export const ORPHAN_SHARE_MAX = 0.02;
/** Below this p two shares, or two mixes, differ. */
export const DIFFERENCE_P_MIN = 0.001;

export interface Finding {
  readonly codes: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

/** Gates in the order in which they are said. */
export function failedGates(tier: Tier, tierFacts: TierFacts, sums: Sums | undefined, extras: Extras): Finding {
  const figures: Record<string, number> = { before_after: concurrentShare(tierFacts) };
  const codes: string[] = [];
  const gate = (code: string, fails: boolean) => void (fails && codes.push(code));
  if (sums === undefined || !(sums.weight > 0)) {
    gate('no_data', true);
    gate('before_after', tier === 'T3');
    return { codes, figures };
  }
  const atLeast = (code: string, a: number, b: number, min: number) => {
    figures[`${code}_a`] = a;
    figures[`${code}_b`] = b;
    gate(code, a < min || b < min);
  };
  gate('no_data', !(sums.standard_error > 0));
  atLeast('too_few_persons', sums.persons_a, sums.persons_b, PERSONS_MIN);
  atLeast('too_few_effective_persons', sums.effective_persons_a, sums.effective_persons_b, EFFECTIVE_PERSONS_MIN);
  atLeast('too_few_successes', sums.y_a, sums.y_b, SUCCESSES_MIN);
  atLeast('too_few_failures', sums.n_a - sums.y_a, sums.n_b - sums.y_b, FAILURES_MIN);
  const units = tier === 'T1' ? assignedUnits(tierFacts, sums) : undefined;
  const ratio = units === undefined ? undefined : sampleRatio(units, extras.weights);
  if (units !== undefined && ratio !== undefined) {
    [figures['sample_ratio_a'], figures['sample_ratio_b']] = units;
    figures['sample_ratio_p'] = ratio.p;
    gate('sample_ratio', ratio.p < SAMPLE_RATIO_P_MIN);
  }
  const shown = share('shown_rate', sums, figures);
  gate('shown_rate', shown.p < DIFFERENCE_P_MIN);
  const orphan = share('orphan_share', sums, figures);
  gate('orphan_share', Math.max(orphan.a, orphan.b) > ORPHAN_SHARE_MAX || orphan.p < DIFFERENCE_P_MIN);
  if (extras.sdkMixP !== undefined) {
    figures['sdk_mix_p'] = extras.sdkMixP;
    gate('sdk_mix', extras.sdkMixP < DIFFERENCE_P_MIN);
  }
  gate('before_after', concurrentShare(tierFacts) < CONCURRENT_SHARE_MIN);
  return { codes, figures };
}

/** Units that the experiment assigned to A and B. Sessions are not stored: they are known only where every person is one. */
function assignedUnits(facts: TierFacts, sums: Sums): [number, number] | undefined {
  const unit = assignedUnit(facts);
  if (unit === 'generation') return [sums.all_generated_a, sums.all_generated_b];
  if (unit === 'user' || (unit === 'session' && sums.all_sessions === 1)) return [sums.assigned_a, sums.assigned_b];
  return undefined;
}

/** A share of both sides and the p of their difference, clustered by person; written into the figures too. */
export function share(
  name: ShareName,
  sums: Sums,
  figures: Record<string, number>,
): { a: number; b: number; p: number } {
  const [a, b, variance] = [sums[`${name}_a`], sums[`${name}_b`], sums[`${name}_variance`]];
  const p = variance > 0 ? twoSidedP((b - a) / Math.sqrt(variance)) : 1;
  figures[`${name}_a`] = a;
  figures[`${name}_b`] = b;
  figures[`${name}_p`] = p;
  return { a, b, p };
}
