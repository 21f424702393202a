// A rate by day, with the band of its interval and what went live when. In: days and deployments. Out: one SVG as wide as its cell;
// its texts keep their size on any width. Days that can still change are grey and dashed; a day without a mature generation is a
// gap. Everything drawn is also said in its label. Holds no id, no style and no script.
import { area, line } from 'd3-shape';
import { shortDay } from '../comparisons/verdict-words.js';
import type { DeploymentMark, TrendDay } from '../reports/report.js';
import { html, type Html } from '../web/html.js';
import { count, counted, percent } from '../web/words.js';
import { deploymentLabels } from './deployment-labels.js';
import { INK, across } from './ink.js';
import { openShare, withoutHoles } from './trend-days.js';
import { ROW_HEIGHT, deploymentText, markLines, openGround } from './trend-marks.js';
import { PLOT_HEIGHT, trendScales, type Tick, type TrendScales } from './trend-scales.js';
import { trendWords } from './trend-words.js';

export interface TrendPicture {
  /** What the rate is of, such as `Acceptance rate of summarise by day`. */
  readonly title: string;
  readonly days: readonly TrendDay[];
  readonly deployments: readonly DeploymentMark[];
}

const AXIS_HEIGHT = 22;
/** From so many days on, points would touch each other: only the line is drawn. */
const POINTS_DAYS_MAX = 100;

type RatedDay = TrendDay & { readonly rate: number };
const isRated = (day: TrendDay | undefined): day is RatedDay => day !== undefined && day.rate !== null;
const hasBand = (day: TrendDay | undefined): boolean => isRated(day) && day.low !== null && day.high !== null;

export function trendChart({ title, days: given, deployments }: TrendPicture): Html {
  const days = withoutHoles(given);
  const scales = trendScales(days);
  const drawn = new Set(days.map(({ day }) => day));
  const labels = deploymentLabels(deployments, scales.x, (day) => drawn.has(day));
  const labelRows = 1 + Math.max(-1, ...labels.map(({ label }) => label?.row ?? -1));
  const openRow = days.some(({ final }) => !final) ? 1 : 0;
  const top = ROW_HEIGHT + (labelRows + openRow) * ROW_HEIGHT;
  const height = top + PLOT_HEIGHT + AXIS_HEIGHT;
  const words = trendWords(
    title,
    days,
    labels.flatMap(({ day, names }) => names.map((name) => ({ day, name }))),
  );
  return html`<svg
    class="chart-trend"
    role="img"
    aria-label="${words}"
    width="100%"
    height="${height}"
    display="block"
    font-size="11"
    fill="${INK.quiet}"
  >
    ${grid(scales, top)}${markLines(labels, top, labelRows + openRow)}${openGround(days, scales, top)}
    ${labels.map((mark) => deploymentText(mark, top, labelRows + openRow))}
    <svg
      x="0"
      y="${top}"
      width="100%"
      height="${PLOT_HEIGHT}"
      viewBox="0 0 100 ${PLOT_HEIGHT}"
      preserveAspectRatio="none"
      overflow="visible"
    >
      ${curves(days, scales)}
    </svg>
    ${days.map((day, index) => whisker(day, days[index - 1], days[index + 1], scales, top))}
    ${days.map((day, index) => point(day, days[index - 1], days[index + 1], scales, top, days.length))}
    ${days.every((day) => !isRated(day)) && nothing(top)}
  </svg>`;
}

function grid({ rates, days }: TrendScales, top: number): Html {
  return html`${rates.map(
    ({ at, label }) =>
      html`<line x1="0" x2="100%" y1="${top + at}" y2="${top + at}" stroke="${INK.grid}" />
        <text x="0" y="${top + at - 3}">${label}</text>`,
  )}${days.map(
    (tick) =>
      html`<text x="${across(tick.at)}" y="${top + PLOT_HEIGHT + 16}" text-anchor="${anchor(tick)}">
        ${tick.label}
      </text>`,
  )}`;
}

function anchor({ at }: Tick): string {
  if (at > 92) return 'end';
  return at < 12 ? 'start' : 'middle';
}

function curves(days: readonly TrendDay[], { x, y }: TrendScales): Html {
  const at = ({ day }: TrendDay) => x(day);
  const band = area<TrendDay>(
    at,
    ({ low }) => y(low ?? 0),
    ({ high }) => y(high ?? 0),
  );
  const rate = line<TrendDay>(at, (day) => y(day.rate ?? 0)).digits(2);
  const isFinal = (day: TrendDay | undefined) => day === undefined || day.final;
  // the step from the last final day to the first open one is open too
  const openStep = (day: TrendDay, index: number) =>
    isRated(day) && !(day.final && isFinal(days[index - 1]) && isFinal(days[index + 1]));
  return html`<path d="${band.digits(2).defined(hasBand)(days)}" fill="${INK.band}" fill-opacity="0.45" />
    <path
      d="${rate.defined(openStep)(days)}"
      fill="none"
      stroke="${INK.open}"
      stroke-width="2"
      stroke-dasharray="4 3"
      vector-effect="non-scaling-stroke"
    />
    <path
      d="${rate.defined((day) => isRated(day) && day.final)(days)}"
      fill="none"
      stroke="${INK.point}"
      stroke-width="${days.length > POINTS_DAYS_MAX ? 1.5 : 2}"
      stroke-linejoin="round"
      vector-effect="non-scaling-stroke"
    />`;
}

type Neighbour = TrendDay | undefined;

/** A band of one day has no width: its interval is a line. */
function whisker(day: TrendDay, before: Neighbour, after: Neighbour, { x, y }: TrendScales, top: number): Html | null {
  if (!hasBand(day) || hasBand(before) || hasBand(after)) return null;
  const at = across(x(day.day));
  return html`<line
    x1="${at}"
    x2="${at}"
    y1="${top + y(day.low ?? 0)}"
    y2="${top + y(day.high ?? 0)}"
    stroke="${INK.band}"
    stroke-width="8"
    stroke-linecap="round"
  />`;
}

function point(
  day: TrendDay,
  before: Neighbour,
  after: Neighbour,
  { x, y }: TrendScales,
  top: number,
  days: number,
): Html | null {
  if (!isRated(day) || (days > POINTS_DAYS_MAX && (isRated(before) || isRated(after)))) return null;
  const [fill, stroke] = day.final ? [INK.point, INK.point] : [INK.ground, INK.open];
  return html`<circle
    cx="${across(x(day.day))}"
    cy="${Number((top + y(day.rate)).toFixed(2))}"
    r="3"
    fill="${fill}"
    stroke="${stroke}"
    stroke-width="1.5"
    ><title>${pointWords(day)}</title></circle
  >`;
}

function pointWords(day: RatedDay): string {
  const interval =
    day.low === null || day.high === null
      ? 'no interval: one person'
      : `95 % ${percent(day.low)} to ${percent(day.high)}`;
  const open = day.final ? '' : `; ${Math.round(100 * openShare(day))} % still open`;
  return `${shortDay(day.day)}: ${percent(day.rate)} (${interval}), n = ${count(day.mature)}, ${counted(day.persons, 'person')}${open}`;
}

function nothing(top: number): Html {
  return html`<text x="50%" y="${top + PLOT_HEIGHT / 2}" text-anchor="middle" font-size="13"
    >Nothing is mature yet</text
  >`;
}
