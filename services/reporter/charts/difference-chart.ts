// How a difference developed, look by look, with its confidence sequence. In: days in shares of 1. Out: an SVG that fills its
// place, whose colours come from the style sheet. Everything drawn is also said in its label.
import { scaleLinear, scaleUtc } from 'd3-scale';
import { area, line } from 'd3-shape';
import { plainPoints, points, shortDay } from '../comparisons/verdict-words.js';
import { html, type Html } from '../web/html.js';

export interface DifferenceDay {
  /** UTC day of the look, YYYY-MM-DD. */
  readonly day: string;
  readonly difference: number;
  /** null when nothing could be estimated, or the comparison was forbidden. */
  readonly low: number | null;
  readonly high: number | null;
}

export interface DifferenceChart {
  /** Oldest first. */
  readonly days: readonly DifferenceDay[];
  /** The smallest drop that matters. */
  readonly tau: number;
  /** First day on which it was flagged, and what that is called. */
  readonly flag: { readonly day: string; readonly name: string } | undefined;
}

/** Height of the plot, px. The width is that of its place. */
const HEIGHT = 200;
const DAY_MS = 86_400_000;
/** The scale never reaches further than this: the intervals of the first days are as wide as all there is. */
const REACH_MAX = 0.5;
const REACH_MIN = 0.02;
const TICKS = 5;
/** Where the first day lies, percent of the width: differences stand left of it. */
const LEFT = 10.5;
const DATES = 4;

type Known = DifferenceDay & { readonly low: number; readonly high: number };

function isKnown(day: DifferenceDay): day is Known {
  return day.low !== null && day.high !== null;
}

/** Nothing while no look could estimate a difference. */
export function differenceChart({ days, tau, flag }: DifferenceChart): Html | null {
  const known = days.filter(isKnown);
  const [first, last] = [days[0], days.at(-1)];
  if (known.length === 0 || first === undefined || last === undefined) return null;
  const time = timeScale(first.day, last.day);
  const reach = reachOf(known, tau);
  const value = scaleLinear().domain([-reach, reach]).range([HEIGHT, 0]).clamp(true);
  const x = (day: string) => time(Date.parse(day));
  const ticks = value.ticks(TICKS);
  return html`<svg class="difference-chart" role="img" aria-label="${words(known, tau, flag)}">
    ${ticks.map((tick) => gridLine(tick, value(tick)))}
    <line class="tau" x1="0" x2="100%" y1="${px(value(-tau))}" y2="${px(value(-tau))}" />
    <svg viewBox="0 0 100 ${HEIGHT}" width="100%" height="${HEIGHT}" preserveAspectRatio="none">
      ${curves(days, x, value)}
    </svg>
    ${known.map((day) => html`<circle class="point" cx="${percent(x(day.day))}" cy="${px(value(day.difference))}" r="2.5" />`)}
    ${ticks.map((tick) => html`<text x="0" y="${px(value(tick) - 3)}">${points(tick)}${tick === ticks.at(-1) && ' points'}</text>`)}
    <text class="tau-name" x="100%" y="${px(value(-tau) - 4)}">a drop of ${plainPoints(tau)} points</text>
    ${flag !== undefined && flagMark(x(flag.day), flag)} ${dates(time)}
  </svg>`;
}

/** A single day stands in the middle. */
function timeScale(first: string, last: string) {
  const [from, to] = [Date.parse(first), Date.parse(last)];
  return scaleUtc()
    .domain(from === to ? [from - DAY_MS, to + DAY_MS] : [from, to])
    .range([LEFT, 98]);
}

function reachOf(known: readonly Known[], tau: number): number {
  const furthest = Math.max(tau, ...known.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  return Math.min(REACH_MAX, Math.max(REACH_MIN, 1.1 * furthest));
}

function gridLine(tick: number, y: number): Html {
  return html`<line class="${tick === 0 ? 'zero' : 'tick'}" x1="0" x2="100%" y1="${px(y)}" y2="${px(y)}" />`;
}

function curves(days: readonly DifferenceDay[], x: (day: string) => number, y: (value: number) => number): Html {
  const band = area<DifferenceDay>()
    .defined(isKnown)
    .x(({ day }) => x(day))
    .y0(({ low }) => y(low ?? 0))
    .y1(({ high }) => y(high ?? 0))
    .digits(2);
  const middle = line<DifferenceDay>()
    .defined(isKnown)
    .x(({ day }) => x(day))
    .y(({ difference }) => y(difference))
    .digits(2);
  return html`<path class="band" d="${band([...days]) ?? ''}" />
    <path class="middle-line" d="${middle([...days]) ?? ''}" vector-effect="non-scaling-stroke" />`;
}

function flagMark(x: number, { day, name }: { readonly day: string; readonly name: string }): Html {
  return html`<line class="flag" x1="${percent(x)}" x2="${percent(x)}" y1="0" y2="${HEIGHT}" />
    <text class="${x > 60 ? 'last' : 'first'}" x="${percent(x)}" dx="${x > 60 ? -5 : 5}" y="10">
      ${name} since ${shortDay(day)}
    </text>`;
}

function dates(time: ReturnType<typeof timeScale>): Html[] {
  const ticks = time.ticks(DATES).filter((tick) => tick.getTime() % DAY_MS === 0);
  return ticks.map((tick) => {
    const at = time(tick);
    const anchor = at < 10 ? 'first' : at > 90 ? 'last' : 'middle';
    return html`<text class="${anchor}" x="${percent(at)}" y="${HEIGHT + 16}">
      ${shortDay(tick.toISOString().slice(0, 10))}
    </text>`;
  });
}

function words(known: readonly Known[], tau: number, flag: DifferenceChart['flag']): string {
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return '';
  const said = (day: Known) =>
    `${points(day.difference)} points, interval ${points(day.low)} to ${points(day.high)}, on ${shortDay(day.day)}`;
  const course = known.length === 1 ? said(last) : `from ${said(first)}, to ${said(last)}`;
  const flagged = flag === undefined ? '' : `; ${flag.name} since ${shortDay(flag.day)}`;
  return `Difference over ${known.length} ${known.length === 1 ? 'look' : 'looks'}: ${course}${flagged}; a drop of ${plainPoints(tau)} points is marked`;
}

function px(y: number): string {
  return y.toFixed(1);
}

function percent(x: number): string {
  return `${x.toFixed(2)}%`;
}
