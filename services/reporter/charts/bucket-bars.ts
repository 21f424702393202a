// Counts of buckets as horizontal bars, each with its label, its count and its share. In: buckets in the order in which they are
// printed. Out: one SVG as wide as its cell. It is also said in its label.
import { scaleLinear } from 'd3-scale';
import { html, type Html } from '../web/html.js';
import { count, percent } from '../web/words.js';
import { INK, across } from './ink.js';

export interface Bucket {
  readonly label: string;
  readonly generations: number;
}

const ROW_HEIGHT = 34;
/** Characters of a label that fit beside its count on the narrowest screen; the whole label is in the words. */
export const BUCKET_LABEL_CHARS_MAX = 32;

export function bucketBars({ title, buckets }: { readonly title: string; readonly buckets: readonly Bucket[] }): Html {
  const all = buckets.reduce((sum, { generations }) => sum + generations, 0);
  const length = scaleLinear([0, Math.max(1, ...buckets.map(({ generations }) => generations))], [0, 100]);
  const share = (generations: number) => (all === 0 ? '' : ` · ${percent(generations / all)}`);
  const said = buckets.map(({ label, generations }) => `${label} ${count(generations)}${share(generations)}`);
  const words = all === 0 ? `${title}. None.` : `${title}, ${count(all)} in all. ${said.join('; ')}.`;
  return html`<svg
    class="chart-buckets"
    role="img"
    aria-label="${words}"
    width="100%"
    display="block"
    font-size="12"
    height="${Math.max(1, buckets.length) * ROW_HEIGHT}"
    fill="${INK.text}"
  >
    ${buckets.map(({ label, generations }, index) => {
      const top = index * ROW_HEIGHT;
      return html`<text x="0" y="${top + 13}">${shortened(label)}</text>
        <text x="100%" y="${top + 13}" text-anchor="end" fill="${INK.quiet}">
          ${count(generations)}${share(generations)}
        </text>
        ${rail(top + 18, length(generations))}`;
    })}
  </svg>`;
}

/** A share of 1 as one bar without words: it stands beside its number, which is read instead. */
export function shareBar(share: number): Html {
  return html`<svg class="chart-share" aria-hidden="true" width="100%" height="8" display="block">
    ${rail(0, 100 * share)}
  </svg>`;
}

function rail(top: number, percentWide: number): Html {
  return html`<rect x="0" y="${top}" width="100%" height="8" rx="4" fill="${INK.rail}" />${
      percentWide > 0 &&
      html`<rect
        x="0"
        y="${top}"
        width="${across(Math.min(100, percentWide))}"
        height="8"
        rx="4"
        fill="${INK.point}"
      />`
    }`;
}

function shortened(label: string): string {
  const characters = [...label];
  if (characters.length <= BUCKET_LABEL_CHARS_MAX) return label;
  return `${characters.slice(0, BUCKET_LABEL_CHARS_MAX - 1).join('')}…`;
}
