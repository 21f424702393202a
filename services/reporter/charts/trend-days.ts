// The days of a trend as they are drawn: every calendar day from the first to the last, those without figures as gaps.
// In: days in order. Out: days without holes.
import type { TrendDay } from '../reports/report.js';

/** Days that one chart shows; of more, the newest. */
export const CHART_DAYS_MAX = 400;
const DAY_MS = 86_400_000;

export function withoutHoles(days: readonly TrendDay[]): TrendDay[] {
  const last = days.at(-1);
  const first = days[0];
  if (first === undefined || last === undefined) return [];
  const known = new Map(days.map((each) => [each.day, each]));
  const end = Date.parse(last.day);
  const start = Math.max(Date.parse(first.day), end - (CHART_DAYS_MAX - 1) * DAY_MS);
  const drawn: TrendDay[] = [];
  for (let at = start; at <= end; at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    drawn.push(known.get(day) ?? emptyDay(day));
  }
  return drawn;
}

function emptyDay(day: string): TrendDay {
  return {
    day,
    rate: null,
    low: null,
    high: null,
    mature: 0,
    persons: 0,
    shown: 0,
    unresolved: 0,
    final: true,
  };
}

/** Share of what was shown on a day that may still change; 0 for a day that is final. */
export function openShare({ final, shown, unresolved }: TrendDay): number {
  return final || shown === 0 ? 0 : unresolved / shown;
}
