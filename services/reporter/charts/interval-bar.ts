// A rate as a point on a scale from 0 to 100 %, with its interval as a band. In: shares of 1, a look. Out: one SVG as wide as its cell.
// It is also said in its label.
import { html, type Html } from '../web/html.js';
import { percent } from '../web/words.js';
import { INK, across } from './ink.js';

export interface Interval {
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Attributes of the parts, and sizes in px. */
export interface IntervalLook {
  readonly all: Html;
  readonly rail: Html;
  readonly tick: Html;
  readonly band: Html;
  readonly point: Html;
  /** Of the point. */
  readonly radius: number;
  /** Half the height of the drawing. */
  readonly middle: number;
}

/** Colours and size from the style sheet of a page. */
export const PAGE_LOOK: IntervalLook = {
  all: html`class="bar"`,
  rail: html`class="rail"`,
  tick: html`class="tick"`,
  band: html`class="band"`,
  point: html`class="point"`,
  radius: 4.5,
  middle: 12,
};

/** With colours and size of its own, as a document needs that may lose its style sheet on the way. */
export const REPORT_LOOK: IntervalLook = {
  all: html`class="chart-interval" width="100%" height="20" display="block" overflow="visible"`,
  rail: html`fill="${INK.rail}"`,
  tick: html`stroke="${INK.grid}"`,
  band: html`fill="${INK.band}"`,
  point: html`fill="${INK.point}"`,
  radius: 3.5,
  middle: 10,
};

const BAND_PX = 10;
const RAIL_PX = 3;
/** Ticks stay so far from the edges, px. */
const MARGIN_PX = 3;

export function intervalBar({ rate, low, high }: Interval, look: IntervalLook): Html {
  const { all, middle, radius } = look;
  const [top, bottom] = [MARGIN_PX, 2 * middle - MARGIN_PX];
  const ground = html`<rect ${look.rail} x="0" y="${middle - RAIL_PX / 2}" width="100%" height="${RAIL_PX}" rx="1.5" />
    ${[25, 50, 75].map((at) => html`<line ${look.tick} x1="${at}%" x2="${at}%" y1="${top}" y2="${bottom}" />`)}`;
  if (rate === null) return html`<svg ${all} aria-hidden="true">${ground}</svg>`;
  const band =
    low !== null &&
    high !== null &&
    html`<rect
      ${look.band}
      x="${across(100 * low)}"
      y="${middle - BAND_PX / 2}"
      width="${across(100 * Math.max(0, high - low))}"
      height="${BAND_PX}"
      rx="${BAND_PX / 2}"
    />`;
  return html`<svg ${all} role="img" aria-label="${intervalWords({ rate, low, high })}">
    ${ground}${band}
    <circle ${look.point} cx="${across(100 * rate)}" cy="${middle}" r="${radius}" />
  </svg>`;
}

function intervalWords({ rate, low, high }: Interval & { readonly rate: number }): string {
  if (low === null || high === null) return `${percent(rate)}, no interval: it takes two persons`;
  return `${percent(rate)}, 95 % interval ${percent(low)} to ${percent(high)}`;
}
