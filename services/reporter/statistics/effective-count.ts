// How many persons of equal weight a group is worth. In: generations of each person. Out: Kish's number and the share of
// the heaviest. A few who do almost everything must never count as many.

/** (sum n)^2 / sum n^2; 0 without any. Source: Kish 1965. */
export function effectiveCount(counts: readonly number[]): number {
  const sum = counts.reduce((all, n) => all + n, 0);
  return sum > 0 ? (sum * sum) / counts.reduce((all, n) => all + n * n, 0) : 0;
}

/** Share of all that the heaviest holds, 0..1; 0 without any. */
export function heaviestShare(counts: readonly number[]): number {
  const sum = counts.reduce((all, n) => all + n, 0);
  return sum > 0 ? counts.reduce((most, n) => Math.max(most, n), 0) / sum : 0;
}
