// Does the effect differ from stratum to stratum? In: the rows of a stratified difference. Out: Cochran's Q with its tail,
// a heuristic of one look that only adds a sentence. Must never decide a verdict.
import { chiSquareTail } from './chi-square.js';
import { stratifiedDifference, type PersonRow } from './stratified-difference.js';

/** Below this p the effect is said to differ. */
export const HETEROGENEITY_P_MIN = 0.05;

export interface Heterogeneity {
  readonly q: number;
  readonly degrees: number;
  readonly p: number;
}

/**
 * Q = sum (D_k - D)^2 / se_k^2 against chi-square with K - 1 degrees of freedom, over the strata with a standard error
 * above 0. Source: Cochran 1954. undefined with fewer than two of them.
 */
export function effectHeterogeneity(rows: readonly PersonRow[]): Heterogeneity | undefined {
  const all = stratifiedDifference(rows);
  if (all === undefined) return undefined;
  const of = new Map<string | number, PersonRow[]>(all.strata.map(({ stratum }) => [stratum, []]));
  for (const row of rows) of.get(row.stratum)?.push(row);
  const terms = [...of.values()].flatMap((own) => {
    const found = stratifiedDifference(own);
    if (found?.standardError === undefined || !(found.standardError > 0)) return [];
    return [((found.difference - all.difference) / found.standardError) ** 2];
  });
  if (terms.length < 2) return undefined;
  const q = terms.reduce((sum, term) => sum + term, 0);
  return { q, degrees: terms.length - 1, p: chiSquareTail(q, terms.length - 1) };
}
