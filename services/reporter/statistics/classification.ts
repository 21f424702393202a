// How well an evaluator tells the classes of behaviour apart. In: a table of counts, rows what people did, columns what the
// evaluator said, for all declared classes. Out: the usual figures; 0 / 0 counts as 0, so a class that never occurs pulls
// the mean down.

export interface ClassFigures {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** How often people did it. */
  readonly support: number;
}

export interface Classification {
  /** Equal to micro-F1, since each generation has one class. */
  readonly accuracy: number;
  readonly classes: readonly ClassFigures[];
  /** Mean over the declared classes. */
  readonly macroF1: number;
  /** Mean by support. */
  readonly weightedF1: number;
  /** Matthews' correlation, which stays honest when one class is rare; 0 when a side knows one class only. */
  readonly correlation: number;
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Source of the correlation: Gorodkin 2004 (R_K). undefined without counts. */
export function classification(counts: readonly (readonly number[])[]): Classification | undefined {
  const n = total(counts.flat());
  if (!(n > 0)) return undefined;
  const did = counts.map(total);
  const said = counts.map((_, column) => total(counts.map((row) => row[column] ?? 0)));
  const right = counts.map((row, index) => row[index] ?? 0);
  const classes = right.map((hits, index) => {
    const [support, predicted] = [did[index] as number, said[index] as number];
    return {
      precision: ratio(hits, predicted),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, predicted + support),
      support,
    };
  });
  const products = total(did.map((count, index) => count * (said[index] as number)));
  const spread = (sums: readonly number[]): number => n * n - total(sums.map((sum) => sum * sum));
  return {
    accuracy: total(right) / n,
    classes,
    macroF1: total(classes.map(({ f1 }) => f1)) / classes.length,
    weightedF1: total(classes.map(({ f1, support }) => f1 * support)) / n,
    correlation: ratio(total(right) * n - products, Math.sqrt(spread(did) * spread(said))),
  };
}
