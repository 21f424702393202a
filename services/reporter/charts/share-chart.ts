// A share by day, small: one of several that stand side by side. In: days with shares of 1, a limit. Out: an SVG that fills its
// place, whose colours come from the style sheet. Everything drawn is also said in its label.
import { scaleLinear, scaleUtc } from 'd3-scale';
import { line } from 'd3-shape';
import { shortDay } from '../comparisons/verdict-words.js';
import { html, type Html } from '../web/html.js';
import { percent } from '../web/words.js';

export interface ShareDay {
  /** UTC day, YYYY-MM-DD. */
  readonly day: string;
  /** null when there is nothing to take a share of. */
  readonly share: number | null;
}

export interface ShareChart {
  readonly name: string;
  /** Oldest first. */
  readonly days: readonly ShareDay[];
  readonly limit: number | null;
}

/** Where the plot begins and ends, px: above it there is room for a number. */
const TOP = 18;
const BOTTOM = 76;
/** From a point to the number above it, px. */
const NUMBER_GAP = 7;
const DAY_MS = 86_400_000;
/** The scale reaches at least this far, so that a few in a thousand do not look like a mountain. */
const REACH_MIN = 0.02;

type Known = ShareDay & { readonly share: number };

function isKnown(day: ShareDay): day is Known {
  return day.share !== null;
}

/** Nothing while no day has a share. */
export function shareChart({ name, days, limit }: ShareChart): Html | null {
  const known = days.filter(isKnown);
  const [first, last] = [days[0], days.at(-1)];
  const highest = known.reduce<Known | undefined>(
    (most, day) => (most && most.share >= day.share ? most : day),
    undefined,
  );
  const newest = known.at(-1);
  if (highest === undefined || newest === undefined || first === undefined || last === undefined) return null;
  const [from, to] = [Date.parse(first.day), Date.parse(last.day)];
  const x = scaleUtc()
    .domain(from === to ? [from - DAY_MS, to + DAY_MS] : [from, to])
    .range([1, 99]);
  const reach = Math.min(1, Math.max(REACH_MIN, 1.2 * highest.share, 1.2 * (limit ?? 0)));
  const y = scaleLinear()
    .domain([0, reach])
    .range([BOTTOM - 2, TOP]);
  const at = ({ day }: ShareDay) => x(Date.parse(day));
  const path = line<ShareDay>()
    .defined(isKnown)
    .x(at)
    .y(({ share }) => y(share ?? 0))
    .digits(2);
  const words = `${name} by day: ${percent(newest.share)} on ${shortDay(newest.day)}, at most ${percent(highest.share)} on ${shortDay(highest.day)}${limit === null ? '' : `; the limit is ${percent(limit)}`}`;
  const limitLine = limit === null ? null : y(limit);
  return html`<svg class="share-chart" role="img" aria-label="${words}">
    <line class="zero" x1="0" x2="100%" y1="${BOTTOM - 2}" y2="${BOTTOM - 2}" />
    ${limitLine !== null && html`<line class="limit" x1="0" x2="100%" y1="${limitLine.toFixed(1)}" y2="${limitLine.toFixed(1)}" />`}
    <svg viewBox="0 0 100 ${BOTTOM}" width="100%" height="${BOTTOM}" preserveAspectRatio="none">
      <path class="share-line" d="${path([...days]) ?? ''}" vector-effect="non-scaling-stroke" />
    </svg>
    <circle class="point" cx="${at(newest).toFixed(2)}%" cy="${y(newest.share).toFixed(1)}" r="3" />
    ${
      limit !== null &&
      limitLine !== null &&
      html`<text class="limit-name" x="0" y="${(limitLine - 4).toFixed(1)}">${wholePercent(limit)}</text>`
    }
    <text
      class="newest last"
      x="${from === to ? '50%' : '100%'}"
      dx="${from === to ? 20 : 0}"
      y="${(y(newest.share) - NUMBER_GAP).toFixed(1)}"
    >
      ${percent(newest.share)}
    </text>
    ${
      from === to
        ? html`<text class="middle" x="50%" y="${BOTTOM + 16}">${shortDay(first.day)}</text>`
        : html`<text class="first" x="0" y="${BOTTOM + 16}">${shortDay(first.day)}</text>
            <text class="last" x="100%" y="${BOTTOM + 16}">${shortDay(last.day)}</text>`
    }
  </svg>`;
}

/** A limit is a round number: 0.05 is `5 %`. */
function wholePercent(limit: number): string {
  return `limit ${Number((100 * limit).toFixed(1))} %`;
}
