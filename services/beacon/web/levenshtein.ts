// Edit distance by bit-parallel blocks of 32 rows (Myers 1999 in the form of Hyyrö 2003): a thirtieth of the plain
// algorithm's work. In: two sequences of anything comparable. Out: insertions, deletions and substitutions.

/** Cost: `a.length * b.length / 32` steps. */
export function levenshtein<T>(a: readonly T[], b: readonly T[]): number {
  if (!a.length || !b.length) return a.length || b.length;
  const blocks = Math.ceil(a.length / 32);
  // For each symbol of `a`, in which rows it stands.
  const rows = new Map<T, Int32Array>();
  a.forEach((symbol, i) => {
    const bits = rows.get(symbol) ?? new Int32Array(blocks);
    bits[i >> 5] = (bits[i >> 5] ?? 0) | (1 << (i & 31));
    rows.set(symbol, bits);
  });
  const none = new Int32Array(blocks);
  // Where the distance grows (plus) or shrinks (minus) from one row to the next.
  const plus = new Int32Array(blocks).fill(-1);
  const minus = new Int32Array(blocks);
  let distance = a.length;
  for (const symbol of b) {
    const equal = rows.get(symbol) ?? none;
    // The change along the row above the block: row 0 grows by one with each symbol of `b`.
    let carry = 1;
    for (let k = 0; k < blocks; k++) {
      const up = plus[k] as number;
      const down = minus[k] as number;
      const same = equal[k] as number;
      const vertical = same | down;
      const start = same | (carry < 0 ? 1 : 0);
      const diagonal = (((start & up) + up) ^ up) | start;
      const grows = down | ~(diagonal | up);
      const shrinks = up & diagonal;
      const lastRow = k === blocks - 1 ? (a.length - 1) & 31 : 31;
      const next = ((grows >>> lastRow) & 1) - ((shrinks >>> lastRow) & 1);
      const shifted = (grows << 1) | (carry > 0 ? 1 : 0);
      plus[k] = (shrinks << 1) | (carry < 0 ? 1 : 0) | ~(vertical | shifted);
      minus[k] = shifted & vertical;
      carry = next;
    }
    distance += carry;
  }
  return distance;
}
