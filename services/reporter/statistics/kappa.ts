// Agreement beyond chance of an evaluator with what people did. In: a square table of counts. Out: Cohen's kappa and its
// interval, valid with one generation per person only; else the bootstrap over persons.
import { around, type Interval } from './interval.js';
import { criticalZ } from './normal.js';

export interface Kappa {
  /** Share of agreement, and that by chance alone. */
  readonly observed: number;
  readonly expected: number;
  /** undefined when chance alone agrees always: one class only. */
  readonly kappa: number | undefined;
  readonly standardError: number | undefined;
  readonly interval: Interval | undefined;
}

/**
 * kappa = (po - pe) / (1 - pe); standard error by Fleiss, Cohen and Everitt 1969. `counts[i][j]`: of class i by the one,
 * of class j by the other. undefined without counts.
 */
export function cohenKappa(counts: readonly (readonly number[])[], confidence = 0.95): Kappa | undefined {
  const n = counts.flat().reduce((sum, count) => sum + count, 0);
  if (!(n > 0)) return undefined;
  const q = (i: number, j: number): number => (counts[i]?.[j] ?? 0) / n;
  const classes = counts.map((_, index) => index);
  const rows = classes.map((i) => classes.reduce((sum, j) => sum + q(i, j), 0));
  const columns = classes.map((j) => classes.reduce((sum, i) => sum + q(i, j), 0));
  const [row, column] = [(i: number) => rows[i] as number, (j: number) => columns[j] as number];
  const observed = classes.reduce((sum, i) => sum + q(i, i), 0);
  const expected = classes.reduce((sum, i) => sum + row(i) * column(i), 0);
  const beyond = 1 - expected;
  if (!(beyond > 0)) {
    return { observed, expected, kappa: undefined, standardError: undefined, interval: undefined };
  }
  const kappa = (observed - expected) / beyond;
  const missed = 1 - kappa;
  let [onDiagonal, off] = [0, 0];
  for (const i of classes) {
    for (const j of classes) {
      if (i === j) onDiagonal += q(i, i) * (1 - (row(i) + column(i)) * missed) ** 2;
      else off += q(i, j) * (column(i) + row(j)) ** 2;
    }
  }
  const spread = onDiagonal + missed * missed * off - (kappa - expected * missed) ** 2;
  const standardError = Math.sqrt(Math.max(0, spread) / n) / beyond;
  return {
    observed,
    expected,
    kappa,
    standardError,
    interval: around(kappa, criticalZ(1 - confidence) * standardError),
  };
}
