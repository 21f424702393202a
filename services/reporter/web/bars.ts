// Small drawings of figures, as SVG that scales with its cell. In: shares of 1. Out: markup; colours come from the style sheet.
// Everything drawn is also said in words, for those who do not see it.
import type { OutcomeCounts } from '../figures/cells.js';
import { html, type Html } from './html.js';
import { count } from './words.js';

/** The numbers of the scale from 0 to 100 %, once above a column of rates. */
export function axis(): Html {
  const numbers = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      html`<text x="${at(tick)}" y="10" class="${tick === 0 ? 'first' : tick === 1 ? 'last' : 'middle'}">
        ${100 * tick}${tick === 1 && ' %'}
      </text>`,
  );
  return html`<svg class="axis" aria-hidden="true">${numbers}</svg>`;
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
