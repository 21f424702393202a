// Warnings: what a reader should know, and what does not forbid a verdict. Pure. In: the sums of a comparison. Out: codes, figures.
import { chiSquareTail } from '../statistics/chi-square.js';
import { DIFFERENCE_P_MIN, share, type Finding } from './gates.js';
import { HEAVIEST_SHARE_MAX } from './sum-statements.js';
import type { Extras, Sums } from './sums.js';

/** Share of late, clock-suspect and forced generations from which it is said. */
export const DOUBTFUL_SHARE_MAX = 0.05;
/** Below this p the strata's differences are not one. */
export const HETEROGENEITY_P_MIN = 0.05;
/** Share of persons known by their session alone from which it is said. */
export const SESSION_SHARE_MAX = 0.5;
/** Standard errors by which the rate of persons may differ from the rate of generations. */
export const PERSONS_RATE_ERRORS_MAX = 2;

export function raisedWarnings(sums: Sums, extras: Extras): Finding {
  const figures: Record<string, number> = {};
  const codes: string[] = [];
  const warn = (code: string, raised: boolean) => void (raised && codes.push(code));
  for (const name of ['late_share', 'clock_suspect_share', 'forced_share'] as const) {
    const { a, b, p } = share(name, sums, figures);
    warn(name, Math.max(a, b) > DOUBTFUL_SHARE_MAX || p < DIFFERENCE_P_MIN);
  }
  figures['heaviest_share'] = sums.heaviest_share;
  warn('one_person', sums.heaviest_share > HEAVIEST_SHARE_MAX);
  if (extras.withoutHeaviest !== undefined) figures['without_heaviest'] = extras.withoutHeaviest;
  const pooled = sums.y_b / sums.n_b - sums.y_a / sums.n_a;
  figures['pooled_difference'] = pooled;
  warn('mix_moved', pooled * sums.difference < 0);
  if (extras.heterogeneity !== undefined) {
    const p = chiSquareTail(extras.heterogeneity.q, extras.heterogeneity.strata - 1);
    figures['effect_differs_p'] = p;
    warn('effect_differs', p < HETEROGENEITY_P_MIN);
  }
  figures['sessions_only'] = sums.session_share;
  warn('sessions_only', sums.session_share > SESSION_SHARE_MAX);
  for (const side of ['a', 'b'] as const) figures[`persons_rate_${side}`] = sums[`persons_rate_${side}`];
  warn('rate_of_persons', personsRateDiffers(sums, 'a') || personsRateDiffers(sums, 'b'));
  figures['effective_persons_a'] = sums.effective_persons_a;
  figures['effective_persons_b'] = sums.effective_persons_b;
  if (sums.independent_variance > 0) figures['design_effect'] = sums.standard_error ** 2 / sums.independent_variance;
  return { codes, figures };
}

function personsRateDiffers(sums: Sums, side: 'a' | 'b'): boolean {
  const error = Math.sqrt(sums[`rate_variance_${side}`]);
  const rate = sums[`y_${side}`] / sums[`n_${side}`];
  return error > 0 && Math.abs(sums[`persons_rate_${side}`] - rate) > PERSONS_RATE_ERRORS_MAX * error;
}
