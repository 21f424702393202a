// A rate as a point on a scale from 0 to 100 %, with its interval as a band. In: shares of 1. Out: one SVG as wide as its cell.
// It is also said in its label.
import { html, type Html } from '../web/html.js';
import { percent } from '../web/words.js';
import { INK, across } from './ink.js';

export interface Interval {
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export function intervalBar({ rate, low, high }: Interval): Html {
  const ground = html`<rect x="0" y="8.5" width="100%" height="3" rx="1.5" fill="${INK.rail}" />${[25, 50, 75].map(
      (at) => html`<line x1="${at}%" x2="${at}%" y1="3" y2="17" stroke="${INK.grid}" />`,
    )}`;
  if (rate === null)
    return html`<svg class="chart-interval" aria-hidden="true" width="100%" height="20" display="block">
      ${ground}
    </svg>`;
  return html`<svg
    class="chart-interval"
    role="img"
    aria-label="${intervalWords({ rate, low, high })}"
    width="100%"
    height="20"
    display="block"
    overflow="visible"
  >
    ${ground}${
      low !== null &&
      high !== null &&
      html`<rect
        x="${across(100 * low)}"
        y="5"
        width="${across(100 * Math.max(0, high - low))}"
        height="10"
        rx="5"
        fill="${INK.band}"
      />`
    }
    <circle cx="${across(100 * rate)}" cy="10" r="3.5" fill="${INK.point}" />
  </svg>`;
}

function intervalWords({ rate, low, high }: Interval & { readonly rate: number }): string {
  if (low === null || high === null) return `${percent(rate)}, no interval: it takes two persons`;
  return `${percent(rate)}, 95 % interval ${percent(low)} to ${percent(high)}`;
}
