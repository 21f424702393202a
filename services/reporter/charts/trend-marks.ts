// What stands behind a trend: the ground of days that can still change, and lines with labels for what went live. In: where days
// lie, and the top of the plot in pixels. Out: parts of an SVG.
import { shortDay } from '../comparisons/verdict-words.js';
import type { TrendDay } from '../reports/report.js';
import { Html, html } from '../web/html.js';
import type { DeploymentLabel } from './deployment-labels.js';
import { INK, across } from './ink.js';
import { LEFT, PLOT_HEIGHT, type TrendScales } from './trend-scales.js';
import { openWords } from './trend-words.js';

/** Height of a row of labels above the plot, pixels. */
export const ROW_HEIGHT = 15;
/** Keeps a label legible where a line runs through it. */
const HALO = new Html(`stroke="${INK.ground}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"`);

/** The days that can still change lie on a ground of their own, with what of them is open. */
export function openGround(days: readonly TrendDay[], { x }: TrendScales, top: number): Html | null {
  const open = days.filter(({ final }) => !final);
  const [first] = open;
  const last = open.at(-1);
  if (first === undefined || last === undefined) return null;
  const half = days.length < 2 ? 2 : (x(days[1]?.day ?? '') - x(days[0]?.day ?? '')) / 2;
  const from = Math.max(LEFT - 1, x(first.day) - half);
  const to = Math.min(100, x(last.day) + half);
  const ends = to > 50;
  return html`<rect
      x="${across(from)}"
      y="${top}"
      width="${across(to - from)}"
      height="${PLOT_HEIGHT}"
      fill="${INK.rail}"
      fill-opacity="0.6"
    />
    <text x="${across(ends ? to : from)}" y="${top - 5}" text-anchor="${ends ? 'end' : 'start'}" ${HALO}
      >${openWords(days)}</text
    >`;
}

function baseline({ label }: DeploymentLabel, top: number, rows: number): number {
  return label === undefined ? top + 9 : top - 4 - (rows - label.row - 1) * ROW_HEIGHT;
}

/** All lines come before all labels, so that no line crosses a letter. */
export function markLines(marks: readonly DeploymentLabel[], top: number, rows: number): Html {
  return html`${marks.map(
    (mark) =>
      html`<line
        x1="${across(mark.at)}"
        x2="${across(mark.at)}"
        y1="${baseline(mark, top, rows) - 9}"
        y2="${top + PLOT_HEIGHT}"
        stroke="${INK.mark}"
        stroke-dasharray="2 2"
        ><title>${`${shortDay(mark.day)}: ${mark.names.join(', ')} went live`}</title></line
      >`,
  )}`;
}

export function deploymentText(mark: DeploymentLabel, top: number, rows: number): Html | null {
  const { at, label } = mark;
  if (label === undefined) return null;
  return html`<text
    x="${across(at)}"
    y="${baseline(mark, top, rows)}"
    dx="${label.before ? -4 : 4}"
    fill="${INK.mark}"
    text-anchor="${label.before ? 'end' : 'start'}"
    ${HALO}
    >${label.text}</text
  >`;
}
