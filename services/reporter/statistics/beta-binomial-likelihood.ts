// The most likely mean and strength of many cells' rates. In: successes and trials of each cell. Out: as by moments, which
// it starts from and falls back to: where cells differ by chance alone the likelihood has no top.
import betaln from '@stdlib/math-base-special-betaln';
import { betaBinomialMoments, type BetaBinomial } from './beta-binomial.js';
import type { Proportion } from './two-proportions.js';

/** A strength beyond this is no finding: cells do not differ beyond chance. */
export const STRENGTH_MAX = 1e6;

const ROUNDS_MAX = 400;
/** Both simplex and heights are this close at the top. */
const CLOSE = 1e-12;

/** Logarithm of the likelihood without the binomial coefficients: sum lnB(x + alpha, n - x + beta) - lnB(alpha, beta). */
export function logLikelihood(cells: readonly Proportion[], mean: number, strength: number): number {
  const [alpha, beta] = [mean * strength, (1 - mean) * strength];
  return cells.reduce((sum, { x, n }) => sum + betaln(x + alpha, n - x + beta) - betaln(alpha, beta), 0);
}

type Point = readonly [number, number];
interface Corner {
  readonly at: Point;
  readonly height: number;
}

/** Highest point near `start`, by the simplex of Nelder and Mead 1965 with its usual factors; two dimensions. */
function highest(start: Point, heightAt: (at: Point) => number): Point {
  const corner = (at: Point): Corner => ({ at, height: heightAt(at) });
  let [best, middle, worst] = (
    [
      [0, 0],
      [0.5, 0],
      [0, 0.5],
    ] as const
  )
    .map(([x, y]) => corner([start[0] + x, start[1] + y]))
    .sort((a, b) => b.height - a.height) as [Corner, Corner, Corner];
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const size = Math.abs(worst.at[0] - best.at[0]) + Math.abs(worst.at[1] - best.at[1]);
    if (best.height - worst.height < CLOSE && size < 1e-9) break;
    const centre: Point = [(best.at[0] + middle.at[0]) / 2, (best.at[1] + middle.at[1]) / 2];
    const along = (step: number): Corner =>
      corner([centre[0] + step * (centre[0] - worst.at[0]), centre[1] + step * (centre[1] - worst.at[1])]);
    let next = along(1);
    if (next.height > best.height) {
      const further = along(2);
      if (further.height > next.height) next = further;
    } else if (next.height <= middle.height) {
      next = along(next.height > worst.height ? 0.5 : -0.5);
    }
    if (next.height > worst.height) {
      worst = next;
    } else {
      const halfway = ({ at }: Corner): Corner => corner([(at[0] + best.at[0]) / 2, (at[1] + best.at[1]) / 2]);
      [middle, worst] = [halfway(middle), halfway(worst)];
    }
    [best, middle, worst] = [best, middle, worst].sort((a, b) => b.height - a.height) as [Corner, Corner, Corner];
  }
  return best.at;
}

/**
 * Maximises over (logit mean, ln strength), strength at most `STRENGTH_MAX`; by moments where those say that cells do not
 * differ, share nothing or have no successes or no failures, and where the top lies at the cap. undefined without trials.
 */
export function betaBinomialLikelihood(all: readonly Proportion[]): BetaBinomial | undefined {
  const cells = all.filter(({ n }) => n > 0);
  const moments = betaBinomialMoments(cells);
  if (moments === undefined || !(moments.mean > 0 && moments.mean < 1)) return moments;
  if (!(moments.strength > 0 && moments.strength < STRENGTH_MAX)) return moments;
  const cap = Math.log(STRENGTH_MAX);
  const meanOf = (logit: number): number => 1 / (1 + Math.exp(-logit));
  const top = highest([Math.log(moments.mean / (1 - moments.mean)), Math.log(moments.strength)], ([logit, log]) => {
    const height = logLikelihood(cells, meanOf(logit), Math.exp(Math.min(log, cap)));
    return Number.isFinite(height) ? height : Number.NEGATIVE_INFINITY;
  });
  if (top[1] >= cap) return moments;
  const strength = Math.exp(top[1]);
  return { mean: meanOf(top[0]), rho: 1 / (1 + strength), strength };
}
