// A difference drawn with its interval on a scale around 0, with the smallest drop that matters. In: shares of 1. Out: SVG whose
// colours come from the style sheet. Everything drawn is also said in its label.
import { level, plainPoints, points } from '../comparisons/verdict-words.js';
import type { VerdictRow } from '../comparisons/verdict-row.js';
import { html, type Html } from './html.js';

/** The scale ends at a multiple of this, so that numbers at its ends are round. */
const STEP = 0.05;
/** The least and the most that a scale shows on each side of 0. */
const REACH_MIN = 0.1;
const REACH_MAX = 0.3;

/** One scale for all rows, so that they can be compared by eye: far enough for every interval, within bounds. */
export function reachOf(rows: readonly Pick<VerdictRow, 'low' | 'high' | 'tau'>[]): number {
  const furthest = Math.max(0, ...rows.flatMap(({ low, high, tau }) => [Math.abs(low ?? 0), Math.abs(high ?? 0), tau]));
  return Math.min(REACH_MAX, Math.max(REACH_MIN, STEP * Math.ceil(furthest / STEP - 1e-9)));
}

type Drawn = Pick<VerdictRow, 'difference' | 'low' | 'high' | 'tau' | 'alpha_used'>;

export function differenceBar({ difference, low, high, tau, alpha_used }: Drawn, reach: number): Html | null {
  if (low === null || high === null) return null;
  const at = (value: number) => 50 + (50 * Math.min(reach, Math.max(-reach, value))) / reach;
  const x = (value: number) => `${at(value).toFixed(2)}%`;
  const words = `Difference ${points(difference)} points, ${level(alpha_used)} interval ${points(low)} to ${points(high)} points, on a scale from ${points(-reach)} to ${points(reach)}; a drop of ${plainPoints(tau)} points is marked`;
  return html`<svg class="difference" role="img" aria-label="${words}">
    <rect class="rail" x="0" y="10.5" width="100%" height="3" rx="1.5" />
    <line class="tau" x1="${x(-tau)}" x2="${x(-tau)}" y1="3" y2="21" />
    <line class="zero" x1="50%" x2="50%" y1="1" y2="23" />
    <rect class="band" x="${x(low)}" y="7" width="${(at(high) - at(low)).toFixed(2)}%" height="10" rx="5" />
    <circle class="point" cx="${x(difference)}" cy="12" r="4.5" />
    <text class="first" x="0" y="37">${points(-reach)}</text>
    <text class="middle" x="${x(-tau)}" y="37">${points(-tau)}</text>
    <text class="middle" x="50%" y="37">0</text>
    <text class="last" x="100%" y="37">${points(reach)} points</text>
  </svg>`;
}
