// Small drawings of figures, as SVG that scales with its cell. In: shares of 1. Out: markup; colours come from the style sheet.
// Everything drawn is also said in words, for those who do not see it.
import type { Cell, OutcomeCounts } from '../figures/cells.js';
import { html, type Html } from './html.js';
import { count, percent } from './words.js';

/** A rate as a point on a scale from 0 to 100 %, with its interval as a band. */
export function rateBar({ rate, low, high }: Pick<Cell, 'rate' | 'low' | 'high'>): Html {
  if (rate === null) return html`<svg class="bar" aria-hidden="true">${scale()}</svg>`;
  const band =
    low === null || high === null
      ? null
      : html`<rect class="band" x="${at(low)}" y="7" width="${at(high - low)}" height="10" rx="5" />`;
  const words =
    low === null || high === null
      ? `${percent(rate)}, no interval: it takes two persons`
      : `${percent(rate)}, 95 % interval ${percent(low)} to ${percent(high)}`;
  return html`<svg class="bar" role="img" aria-label="${words}">
    ${scale()}${band}
    <circle class="point" cx="${at(rate)}" cy="12" r="4.5" />
  </svg>`;
}

/** The numbers of that scale, once above the column. */
export function axis(): Html {
  const numbers = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      html`<text x="${at(tick)}" y="10" class="${tick === 0 ? 'first' : tick === 1 ? 'last' : 'middle'}">
        ${100 * tick}${tick === 1 && ' %'}
      </text>`,
  );
  return html`<svg class="axis" aria-hidden="true">${numbers}</svg>`;
}

function scale(): Html {
  const ticks = [0.25, 0.5, 0.75].map(
    (tick) => html`<line class="tick" x1="${at(tick)}" x2="${at(tick)}" y1="3" y2="21" />`,
  );
  return html`<rect class="rail" x="0" y="10.5" width="100%" height="3" rx="1.5" />${ticks}`;
}

/** Outcomes in the order in which they are stacked and listed. */
export const OUTCOMES = ['accepted', 'edited', 'rejected', 'ignored', 'unresolved'] as const;

/** Outcomes so far as one stacked bar. */
export function mixBar(counts: Pick<OutcomeCounts, 'shown' | (typeof OUTCOMES)[number]>): Html {
  if (counts.shown === 0) return html`<svg class="mix" aria-hidden="true"></svg>`;
  let from = 0;
  const pieces = OUTCOMES.map((outcome) => {
    const share = counts[outcome] / counts.shown;
    const piece =
      share > 0 && html`<rect class="${outcome}" x="${at(from)}" y="0" width="${at(share)}" height="10"></rect>`;
    from += share;
    return piece;
  });
  const words = OUTCOMES.map((outcome) => `${count(counts[outcome])} ${outcome}`).join(', ');
  return html`<svg class="mix" role="img" aria-label="Outcomes so far: ${words}">${pieces}</svg>`;
}

function at(share: number): string {
  return `${(100 * share).toFixed(2)}%`;
}
