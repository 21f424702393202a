// Where days and rates lie on a trend. In: days. Out: scales with their ticks. Across is in percent of the
// width, so that one drawing fits a phone and a desk; down is in pixels.
import { scaleLinear, scaleUtc } from 'd3-scale';
import type { TrendDay } from '../reports/report.js';
import { shortDay } from '../comparisons/verdict-words.js';

/** Height of the plot, pixels. */
export const PLOT_HEIGHT = 150;
/** Where the first and the last day lie, percent of the width: rates stand left of the first. */
export const LEFT = 10.5;
export const RIGHT = 98.5;
/** Least distance between the labels of days, percent: fits a phone. */
const TICK_GAP = 17;
const TICKS_WANTED = 4;
/** Least range of rates that is drawn, so that noise does not look like a landslide. */
const SPAN_MIN = 0.2;

export interface Tick {
  readonly at: number;
  readonly label: string;
}

export interface TrendScales {
  readonly x: (day: string) => number;
  readonly y: (rate: number) => number;
  readonly days: readonly Tick[];
  readonly rates: readonly Tick[];
  /** Rates at the lower and upper edge. */
  readonly from: number;
  readonly to: number;
}

export function trendScales(days: readonly TrendDay[]): TrendScales {
  const dates = days.map(({ day }) => Date.parse(day));
  const across = scaleUtc([dates[0] ?? 0, dates.at(-1) ?? 0], [LEFT, RIGHT]);
  const [from, to] = rateRange(days);
  const down = scaleLinear([from, to], [PLOT_HEIGHT, 0]);
  return {
    x: (day) => across(Date.parse(day)),
    y: (rate) => down(rate),
    days: apart(dayTicks(dates, across)),
    rates: down.ticks(TICKS_WANTED).map((rate) => ({ at: down(rate), label: `${Math.round(100 * rate)} %` })),
    from,
    to,
  };
}

/** Round ends around everything drawn, within 0 and 1. */
function rateRange(days: readonly TrendDay[]): [number, number] {
  const drawn = days.flatMap(({ rate, low, high }) => (rate === null ? [] : [low ?? rate, rate, high ?? rate]));
  if (drawn.length === 0) return [0, 1];
  const [low, high] = [Math.min(...drawn), Math.max(...drawn)];
  const pad = Math.max(0.02, (SPAN_MIN - (high - low)) / 2);
  const nice = scaleLinear([Math.max(0, low - pad), Math.min(1, high + pad)], [0, 1]).nice(TICKS_WANTED);
  const [from = 0, to = 1] = nice.domain();
  return [Math.max(0, from), Math.min(1, to)];
}

function dayTicks(dates: readonly number[], across: ReturnType<typeof scaleUtc<number>>): Tick[] {
  const first = dates[0];
  if (first === undefined) return [];
  const whole = new Set(dates);
  const ticks = across.ticks(TICKS_WANTED).map((date) => date.getTime());
  const shown = dates.length === 1 ? [first] : ticks.filter((time) => whole.has(time));
  return shown.map((time) => ({ at: across(time), label: shortDay(new Date(time).toISOString().slice(0, 10)) }));
}

function apart(ticks: readonly Tick[]): Tick[] {
  const kept: Tick[] = [];
  for (const tick of ticks) if (tick.at - (kept.at(-1)?.at ?? -Infinity) >= TICK_GAP) kept.push(tick);
  return kept;
}
