// Do both sides use the same SDK versions? Pure. In: persons per major version and side. Out: p of a chi-square test per comparison.
import { chiSquareTail } from '../statistics/chi-square.js';
import { groupBy } from './pair.js';

/** Versions of which one side can expect fewer persons are put together: below that the chi-square is no good approximation. */
export const EXPECTED_MIN = 5;

export interface SdkPersons {
  readonly c: number;
  readonly sdk: string;
  readonly a: number;
  readonly b: number;
}

/** p by number of the comparison; absent where there is one version only. */
export function sdkMixes(rows: readonly SdkPersons[]): Map<number, number> {
  const mixes = new Map<number, number>();
  for (const own of groupBy(rows, ({ c }) => String(c)).values()) {
    const p = mixP(own);
    if (p !== undefined && own[0] !== undefined) mixes.set(own[0].c, p);
  }
  return mixes;
}

/** Pearson's chi-square of a table of two sides; undefined with fewer than two versions of enough persons. */
export function mixP(versions: readonly Pick<SdkPersons, 'a' | 'b'>[]): number | undefined {
  const sum = (of: readonly Pick<SdkPersons, 'a' | 'b'>[]) =>
    of.reduce((total, { a, b }) => ({ a: total.a + a, b: total.b + b }), { a: 0, b: 0 });
  const all = sum(versions);
  const persons = all.a + all.b;
  const enough = ({ a, b }: Pick<SdkPersons, 'a' | 'b'>) =>
    ((a + b) * Math.min(all.a, all.b)) / persons >= EXPECTED_MIN;
  const rest = sum(versions.filter((version) => !enough(version)));
  const kept = [...versions.filter(enough), ...(enough(rest) ? [rest] : [])];
  const total = sum(kept);
  if (kept.length < 2 || total.a === 0 || total.b === 0) return undefined;
  const share = total.a / (total.a + total.b);
  const chiSquare = kept.reduce((x, { a, b }) => {
    const n = a + b;
    return x + (a - n * share) ** 2 / (n * share) + (b - n * (1 - share)) ** 2 / (n * (1 - share));
  }, 0);
  return chiSquareTail(chiSquare, kept.length - 1);
}
