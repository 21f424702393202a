// Figures as a report holds them. Pure. Sums of fractions differ in their last digits with the order in which a database
// adds them up: rounded, the same data gives the same bytes.

const DECIMALS = 9;

export function rounded(value: number): number {
  return Number(value.toFixed(DECIMALS));
}

/** null stays null; what is not finite becomes null. */
export function roundedOrNull(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : rounded(value);
}

/** A share within 0..1, whatever rounding did to its sum. */
export function asShare(value: number | null): number | null {
  const near = roundedOrNull(value);
  return near === null ? null : Math.min(1, Math.max(0, near));
}

/** `part / whole`; null without a whole. */
export function shareOf(part: number, whole: number): number | null {
  return whole > 0 ? asShare(part / whole) : null;
}
