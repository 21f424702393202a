// Finds the rows that make an insert fail. In: rows whose common insert was refused, and a way to try some of them.
// Out: exactly those that are refused on their own. Must never judge them: that needs a witness (store.ts).

/** Tries to insert some rows; answers why they were refused, or undefined when they are stored. */
export type Probe<Row, Reason> = (rows: readonly Row[]) => Promise<Reason | undefined>;

export interface Rejected<Row, Reason> {
  readonly row: Row;
  readonly reason: Reason;
}

/**
 * Rows that are refused each by itself, in order; every other row was accepted in some probe.
 * A row is never blamed for its neighbours. About b log2(n / b) to twice as many probes for b bad rows of n.
 */
export async function bisect<Row, Reason>(
  refused: readonly Row[],
  probe: Probe<Row, Reason>,
): Promise<Rejected<Row, Reason>[]> {
  const rejected: Rejected<Row, Reason>[] = [];

  /** Answers whether something in `rows` was refused. What is known to be refused as a whole is split without another try. */
  async function search(rows: readonly Row[], known: boolean): Promise<boolean> {
    const [first] = rows;
    if (first === undefined) return false;
    if (rows.length === 1 || !known) {
      const reason = await probe(rows);
      if (reason === undefined) return false;
      if (rows.length === 1) {
        rejected.push({ row: first, reason });
        return true;
      }
    }
    const middle = rows.length >> 1;
    const inFirstHalf = await search(rows.slice(0, middle), false);
    await search(rows.slice(middle), !inFirstHalf);
    return true;
  }

  await search(refused, true);
  return rejected;
}
