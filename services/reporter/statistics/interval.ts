// An interval of a rate or of a difference. Out: one type and how one is cut to its range; nothing is estimated here.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** `middle` plus and minus `halfWidth`. */
export function around(middle: number, halfWidth: number): Interval {
  return { low: middle - halfWidth, high: middle + halfWidth };
}

/** The part of an interval that lies in [`least`, `most`]. */
export function cut({ low, high }: Interval, least: number, most: number): Interval {
  return { low: Math.max(least, low), high: Math.min(most, high) };
}
