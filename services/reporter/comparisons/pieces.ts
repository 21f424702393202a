// Cuts a look into pieces of comparisons whose rows fit into a statement's memory and time. Pure.

/** Rows of persons and days that one piece joins. */
export const PIECE_ROWS_MAX = 4_000_000;

/** Comparisons `from` to `to` (exclusive). */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** In: rows per number of a comparison. Out: pieces that cover every number, each of one comparison or at most `max` rows. */
export function cutPieces(
  weights: readonly { readonly c: number; readonly rows: number }[],
  max = PIECE_ROWS_MAX,
): Piece[] {
  const pieces: { from: number; to: number; rows: number }[] = [];
  for (const { c, rows } of weights.toSorted((x, y) => x.c - y.c)) {
    const open = pieces.at(-1);
    if (open !== undefined && open.rows + rows <= max) {
      open.to = c + 1;
      open.rows += rows;
    } else pieces.push({ from: c, to: c + 1, rows });
  }
  return pieces.map(({ from, to }) => ({ from, to }));
}
