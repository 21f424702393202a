// Finds the rows that make an insert fail. In: rows whose common insert was refused, and a way to try some of them.
// Out: exactly those that are refused on their own. Must never judge them: that needs a witness (store.ts).

/** Tries to insert some rows; answers why they were refused, or undefined when they are stored. */
export type Probe<Row, Reason> = (rows: readonly Row[]) => Promise<Reason | undefined>;

/** Why rows were refused. `index` is the one that ClickHouse names as the first bad one: a hint, which is tried and not believed. */
export interface Reasoned {
  readonly index?: number | undefined;
}

export interface Rejected<Row, Reason> {
  readonly row: Row;
  readonly reason: Reason;
}

/** Next to try after rows were taken: so many times as many. */
const GROWTH = 8;

/**
 * Rows that are refused each by itself, in order; every other row was accepted in some probe, and no row is blamed for its
 * neighbours. It goes from the first row to the last: refused parts shrink to the row named, or to a half; parts grow while
 * they are accepted. With true hints about 3 probes per bad row, else about 2 log2 of the rows between two bad ones; what is
 * sent in all stays within about GROWTH times the rows.
 */
export async function bisect<Row, Reason extends Reasoned>(
  rows: readonly Row[],
  refusal: Reason,
  probe: Probe<Row, Reason>,
): Promise<Rejected<Row, Reason>[]> {
  const rejected: Rejected<Row, Reason>[] = [];
  let at = 0;
  let size = rows.length;
  let lastBad = -1;
  let named: number | undefined;
  let hintsAreTrue = true;

  function shrink(reason: Reason, length: number): void {
    const index = hintsAreTrue ? (reason.index ?? -1) : -1;
    named = index >= 0 && index < length ? at + index : undefined;
    if (named === undefined) size = Math.max(1, length >> 1);
  }

  shrink(refusal, rows.length);
  while (at < rows.length) {
    const end = named === undefined ? Math.min(rows.length, at + size) : Math.max(named, at + 1);
    const part = rows.slice(at, end);
    const reason = await probe(part);
    if (reason === undefined) {
      if (named === undefined) size *= GROWTH;
      else if (named < end) {
        // The row named is good by itself: such hints only cost probes.
        hintsAreTrue = false;
        named = undefined;
      }
      at = end;
    } else if (part.length === 1) {
      rejected.push(...part.map((row) => ({ row, reason })));
      size = (at - lastBad) * GROWTH;
      lastBad = at;
      named = undefined;
      at = end;
    } else {
      shrink(reason, part.length);
    }
  }
  return rejected;
}
