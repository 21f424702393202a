// Bars for mail programs, which show no SVG: rows of coloured table cells. In: shares of 1. Out: markup. They are for the eye alone:
// the numbers stand beside them.
import { Html, html } from '../../web/html.js';
import type { Drawing } from './document.js';
import { barGround, type BarPart } from './mail-style.js';

type Piece = readonly [percent: number, part: BarPart];

/** How wide the point of a rate is, percent. */
const POINT_WIDTH = 2;

const STYLE = new Html('style="font-size:1px;line-height:7px"');

export function mailBar(drawing: Drawing): Html | null {
  if (drawing.kind === 'share') return bar([[100 * drawing.share, 'point']]);
  const { rate, low, high } = drawing;
  if (rate === null) return null;
  const from = Math.min(100 - POINT_WIDTH, Math.max(0, 100 * rate - POINT_WIDTH / 2));
  const left = Math.min(from, 100 * (low ?? rate));
  const right = Math.max(from + POINT_WIDTH, 100 * (high ?? rate));
  return bar([
    [left, 'rail'],
    [from - left, 'band'],
    [POINT_WIDTH, 'point'],
    [right - from - POINT_WIDTH, 'band'],
  ]);
}

/** What the pieces leave is rail. */
function bar(pieces: readonly Piece[]): Html {
  const used = pieces.reduce((sum, [percent]) => sum + percent, 0);
  const shown = [...pieces, [100 - used, 'rail'] as const].filter(([percent]) => percent >= 0.5);
  return html`<table role="presentation" aria-hidden="true" width="100%" cellpadding="0" cellspacing="0" ${STYLE}>
    <tr>
      ${shown.map(([percent, part]) => html`<td width="${Math.round(percent)}%" height="7" ${barGround(part)}></td>`)}
    </tr>
  </table>`;
}
