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
 * neighbours. With true hints about 2 probes per bad row, both refused, and so cheap: rows before one that is named are good and
 * are stored together at the end. Without hints about 2 log2 of the rows between two bad ones.
 */
export async function bisect<Row, Reason extends Reasoned>(
  rows: readonly Row[],
  refusal: Reason,
  probe: Probe<Row, Reason>,
): Promise<Rejected<Row, Reason>[]> {
  const found: (Rejected<Row, Reason> & { readonly at: number })[] = [];
  const all = rows.map((row, at) => ({ row, at }));
  const tryRows: Probe<Placed<Row>, Reason> = async (part) => await probe(part.map(({ row }) => row));
  const reject = ({ row, at }: Placed<Row>, reason: Reason): void => void found.push({ row, reason, at });
  const passedOver = await sift(all, refusal, tryRows, reject, true);
  const reason = passedOver.length === 0 ? undefined : await tryRows(passedOver);
  // A hint was wrong, so none is believed any more.
  if (reason !== undefined) await sift(passedOver, reason, tryRows, reject, false);
  return found.sort((a, b) => a.at - b.at).map(({ row, reason: why }) => ({ row, reason: why }));
}

interface Placed<Row> {
  readonly row: Row;
  readonly at: number;
}

/**
 * Goes from the first row to the last. A refused part shrinks to the row that is named, or to a half; parts grow while they are
 * accepted, so that what is sent in all stays within about GROWTH times the rows. Answers the rows before named ones, untried.
 */
async function sift<Row, Reason extends Reasoned>(
  rows: readonly Row[],
  refusal: Reason,
  probe: Probe<Row, Reason>,
  reject: (row: Row, reason: Reason) => void,
  useHints: boolean,
): Promise<Row[]> {
  const passedOver: Row[] = [];
  let at = 0;
  let size = rows.length;
  let lastBad = -1;
  let isNamed = false;
  let hintsAreTrue = useHints;

  function shrink(reason: Reason, length: number): void {
    const index = hintsAreTrue ? (reason.index ?? -1) : -1;
    isNamed = index >= 0 && index < length;
    if (!isNamed) {
      size = Math.max(1, length >> 1);
      return;
    }
    for (const row of rows.slice(at, at + index)) passedOver.push(row);
    at += index;
  }

  shrink(refusal, rows.length);
  while (at < rows.length) {
    const part = rows.slice(at, isNamed ? at + 1 : at + size);
    const [only] = part;
    const reason = await probe(part);
    if (reason !== undefined && part.length > 1) {
      shrink(reason, part.length);
      continue;
    }
    if (reason === undefined) {
      // A row that was named and is good by itself: such hints only cost probes.
      if (isNamed) hintsAreTrue = false;
      else size *= GROWTH;
    } else if (only !== undefined) {
      reject(only, reason);
      size = (at - lastBad) * GROWTH;
      lastBad = at;
    }
    at += part.length;
    isNamed = false;
  }
  return passedOver;
}
