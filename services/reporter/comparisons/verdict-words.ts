// Small words of verdicts: points, levels, days. Pure. Out: text without markup.

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

/** A difference of shares in percentage points, with its sign: -0.048 is `−4.8`, 0 is `0.0`. */
export function points(difference: number): string {
  const text = Math.abs(100 * difference).toFixed(1);
  if (text === '0.0') return text;
  return `${difference < 0 ? '−' : '+'}${text}`;
}

/** A length in percentage points without a sign: 0.05 is `5`, 0.025 is `2.5`. */
export function plainPoints(share: number): string {
  return String(Number((100 * share).toFixed(1)));
}

/** The level of an interval: 0.05 is `95 %`, 0.00005 is `99.995 %`. Never says 100 %. */
export function level(alpha: number): string {
  const digits = Math.max(2, Math.ceil(-Math.log10(100 * alpha)));
  return `${Number((100 * (1 - alpha)).toFixed(Math.min(digits, 20)))} %`;
}

/** `12 Nov` of `2026-11-12`. */
export function shortDay(day: string): string {
  return `${Number(day.slice(8, 10))} ${MONTHS[Number(day.slice(5, 7)) - 1] ?? ''}`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
