// Outcomes as one stacked bar. In: counts of exclusive outcomes. Out: one SVG as wide as its cell. It is also said in its label.
import { html, type Html } from '../web/html.js';
import { count } from '../web/words.js';
import { OUTCOME_INK, across } from './ink.js';

export type DrawnOutcome = keyof typeof OUTCOME_INK;
export const DRAWN_OUTCOMES = Object.keys(OUTCOME_INK) as readonly DrawnOutcome[];

/** Outcomes that are absent are left out, of the drawing and of its words. */
export function outcomeBar(title: string, counts: Readonly<Partial<Record<DrawnOutcome, number>>>): Html {
  const all = DRAWN_OUTCOMES.reduce((sum, outcome) => sum + (counts[outcome] ?? 0), 0);
  if (all === 0)
    return html`<svg class="chart-outcomes" aria-hidden="true" width="100%" height="10" display="block"></svg>`;
  const words = DRAWN_OUTCOMES.flatMap((outcome) => {
    const n = counts[outcome];
    return n === undefined ? [] : [`${count(n)} ${outcome}`];
  });
  let from = 0;
  const pieces = DRAWN_OUTCOMES.map((outcome) => {
    const wide = (100 * (counts[outcome] ?? 0)) / all;
    const piece =
      wide > 0 &&
      html`<rect x="${across(from)}" y="0" width="${across(wide)}" height="10" fill="${OUTCOME_INK[outcome]}" />`;
    from += wide;
    return piece;
  });
  return html`<svg
    class="chart-outcomes"
    role="img"
    aria-label="${title}: ${words.join(', ')}"
    width="100%"
    height="10"
    display="block"
  >
    ${pieces}
  </svg>`;
}
