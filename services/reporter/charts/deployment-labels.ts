// Where the labels of deployments stand above a trend. In: deployments and where their days lie. Out: labels in rows in which no
// two overlap, on the narrowest screen too; what finds no room keeps its line and goes without a label.
import type { DeploymentMark } from '../reports/report.js';

/** Rows of labels above a chart. */
export const LABEL_ROWS_MAX = 4;
/** Characters of a label: fits left or right of any day. The whole name stands in the text. */
export const LABEL_CHARS_MAX = 22;
/** Percent of the width that a character takes on the narrowest drawing, 300 px wide, and between two labels. */
const CHARACTER = 2.1;
const GAP = 2;
const EDGE = 99.5;

export interface DeploymentLabel {
  readonly day: string;
  readonly at: number;
  /** Undefined: no room for a label. */
  readonly label: { readonly text: string; readonly row: number; readonly before: boolean } | undefined;
  /** All names of the day, in full. */
  readonly names: readonly string[];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** One mark a day, in order. */
export function deploymentLabels(
  deployments: readonly DeploymentMark[],
  x: (day: string) => number,
  isDrawn: (day: string) => boolean,
): DeploymentLabel[] {
  const namesOf = new Map<string, string[]>();
  for (const { day, name } of deployments) {
    if (!isDrawn(day)) continue;
    const names = namesOf.get(day) ?? [];
    if (!names.includes(name)) names.push(name);
    namesOf.set(day, names);
  }
  const rows: Span[][] = [];
  return [...namesOf]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, names]) => {
      const at = x(day);
      const text = labelText(names);
      return { day, at, names, label: place(text, at, rows) };
    });
}

function place(text: string, at: number, rows: Span[][]): DeploymentLabel['label'] {
  const width = text.length * CHARACTER + GAP;
  const before = at + width > EDGE;
  const span = before ? { from: at - width, to: at } : { from: at, to: at + width };
  if (span.from < 0) return undefined;
  for (let row = 0; row < LABEL_ROWS_MAX; row++) {
    const taken = (rows[row] ??= []);
    if (taken.every(({ from, to }) => span.to <= from || span.from >= to)) {
      taken.push(span);
      return { text, row, before };
    }
  }
  return undefined;
}

/** `version 8`, `version 8 +2` when three things went live on the day. */
function labelText(names: readonly string[]): string {
  const [first = ''] = names;
  const more = names.length > 1 ? ` +${names.length - 1}` : '';
  const room = LABEL_CHARS_MAX - more.length;
  return `${first.length <= room ? first : `${first.slice(0, room - 1).trimEnd()}…`}${more}`;
}
