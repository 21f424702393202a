// Cuts a day into pieces that fit into a query's memory. Pure. In: generations per hour; out: ranges of hours, and slices of
// an hour that is too large by itself.

/** Generations of one piece: ten million in one took 2.9 GB. */
export const CHUNK_GENERATIONS_MAX = 1_000_000;

export interface HourRows {
  /** Start of the hour, seconds since the epoch. */
  readonly hour: number;
  /** Rows, before merging: never fewer than generations. */
  readonly rows: number;
}

/** Hours `from` to `to` (exclusive), seconds; of their generations those whose hash falls on `slice` of `slices`. */
export interface Chunk {
  readonly from: number;
  readonly to: number;
  readonly slices: number;
  readonly slice: number;
}

const HOUR_S = 3600;

export function chunksOf(hours: readonly HourRows[], max = CHUNK_GENERATIONS_MAX): Chunk[] {
  const chunks: Chunk[] = [];
  let open: { from: number; to: number; rows: number } | undefined;
  const close = () => {
    if (open !== undefined) chunks.push({ from: open.from, to: open.to, slices: 1, slice: 0 });
    open = undefined;
  };
  for (const { hour, rows } of hours.toSorted((a, b) => a.hour - b.hour)) {
    if (rows > max) {
      close();
      const slices = Math.ceil(rows / max);
      for (let slice = 0; slice < slices; slice++) chunks.push({ from: hour, to: hour + HOUR_S, slices, slice });
      continue;
    }
    if (open !== undefined && open.rows + rows > max) close();
    open = { from: open?.from ?? hour, to: hour + HOUR_S, rows: (open?.rows ?? 0) + rows };
  }
  close();
  return chunks;
}
