// Shares of doubtful data: over the period with their limits, and by day. In: counts. Out: markup. No share stands without what it
// is a share of.
import { shareChart } from '../charts/share-chart.js';
import type { DayCounts } from '../figures/quality-counts.js';
import {
  isDoubtful,
  NO_COUNTS,
  qualityShare,
  qualityShares,
  SHARE_KEYS,
  type QualityCounts,
  type QualityShare,
  type ShareKey,
} from '../figures/quality-shares.js';
import { html, type Html } from './html.js';
import { SHARE_WORDS } from './quality-words.js';
import { count, percent } from './words.js';

export function sharesSection(counts: QualityCounts): Html {
  if (counts.shown + counts.not_shown + counts.orphan === 0)
    return html`<p class="none">Nothing is known of answers in this period yet, so there is nothing to doubt.</p>`;
  return html`<table class="shares">
    <caption class="hidden">
      Signs of doubtful data
    </caption>
    <thead>
      <tr>
        <th scope="col">Sign</th>
        <th scope="col">Share</th>
        <th scope="col">Limit</th>
        <th scope="col">What it means, and what to do</th>
      </tr>
    </thead>
    <tbody>
      ${qualityShares(counts).map(shareLine)}
    </tbody>
  </table>`;
}

function shareLine(share: QualityShare): Html {
  const words = SHARE_WORDS[share.key];
  const doubtful = isDoubtful(share);
  return html`<tr class="${doubtful ? 'doubtful' : 'fine'}">
    <th scope="row">${words.name}</th>
    <td>
      ${
        share.share === null
          ? html`<span class="none">none yet</span>`
          : html`<b>${percent(share.share)}</b>
              <span class="quiet">${count(share.part)} of ${count(share.whole)} ${words.of}</span>`
      }
    </td>
    <td data-label="Limit">
      ${share.limit === null ? html`<span class="none">none</span>` : `at most ${percent(share.limit)}`}
      ${doubtful && html`<span class="warning">above it</span>`}
    </td>
    <td>${words.means} <span class="quiet">${words.todo}</span></td>
  </tr>`;
}

export function shareTrends(days: readonly DayCounts[]): Html {
  const charts = SHARE_KEYS.flatMap((key) => {
    const shares = days.map(({ day, counts }) => ({ day, share: qualityShare(key, counts).share }));
    const chart = shareChart({ name: SHARE_WORDS[key].name, days: shares, limit: qualityShare(key, NO_COUNTS).limit });
    return chart === null ? [] : [trend(key, chart)];
  });
  if (charts.length === 0) return html`<p class="none">No day of this period has anything to show yet.</p>`;
  return html`<ul class="trends">
    ${charts}
  </ul>`;
}

function trend(key: ShareKey, chart: Html): Html {
  return html`<li>
    <h3>${SHARE_WORDS[key].name} <span class="quiet">of ${SHARE_WORDS[key].of}</span></h3>
    ${chart}
  </li>`;
}
