// The most rejected prompts. In: rows of the figure, ranked by the rate that is drawn towards the mean of all. Out: markup. The rate as it
// was counted stands beside it with its n, and never ranks.
import type { Filter } from '../figures/filter.js';
import type { RejectedRow } from '../figures/rejected-prompts.js';
import { credibleInterval } from '../statistics/beta-binomial.js';
import { html, type Html } from './html.js';
import { promptLink } from './rates-table.js';
import { byWeight } from './trend-section.js';
import { count, counted, percent } from './words.js';

/** Prompts that the page lists. */
export const REJECTED_SHOWN_MAX = 10;

export function rejectedSection(all: readonly RejectedRow[], filter: Filter): Html {
  const [main = ''] = byWeight(all.map(({ metric_version, mature }) => ({ metric_version, shown: mature })));
  const rows = all.filter((row) => row.metric_version === main);
  const rejected = rows.reduce((sum, row) => sum + row.rejected, 0);
  if (rows.length === 0) return html`<p class="none">No prompt has mature generations in this period yet.</p>`;
  const mature = rows.reduce((sum, row) => sum + row.mature, 0);
  if (rejected === 0) return html`<p class="none">None of ${counted(mature, 'mature generation')} was rejected.</p>`;
  const alike = rows[0]?.strength === null;
  return html`${
      alike &&
      rows.length > 1 &&
      html`<p class="note">
        The prompts do not differ beyond chance: all are drawn to the rate that they have in common.
      </p>`
    }
    <div class="card">
      <table class="rejections">
        <caption class="hidden">
          The most rejected prompts
        </caption>
        <thead>
          <tr>
            <th scope="col">Prompt</th>
            <th scope="col">Rejected, drawn to the mean</th>
            <th scope="col">As counted</th>
            <th scope="col">Rests on</th>
          </tr>
        </thead>
        <tbody>
          ${rows.slice(0, REJECTED_SHOWN_MAX).map((row) => line(row, filter))}
        </tbody>
      </table>
    </div>
    <p class="note">
      Mean of all ${counted(rows.length, 'prompt')}: ${percent(rows[0]?.mean ?? 0)} of n = ${count(mature)}, metric
      ${main}. Ranked by the rate drawn towards that mean, since small prompts stand out by
      chance${!alike && ' (with its 95 % credible interval)'}.
    </p>`;
}

function line(row: RejectedRow, filter: Filter): Html {
  const interval = intervalOf(row);
  return html`<tr>
    <th scope="row">${promptLink(filter, row.prompt_id)}</th>
    <td data-label="Drawn to the mean">
      <b>${percent(row.shrunk ?? 0)}</b> ${
        interval !== undefined &&
        html`<span class="interval">${percent(interval.low)} – ${percent(interval.high)}</span>`
      }
    </td>
    <td data-label="As counted">
      ${count(row.rejected)} rejected <span class="quiet">${percent(row.rejection_rate ?? 0)}</span>
    </td>
    <td>n = ${count(row.mature)} <span class="quiet">${counted(row.persons, 'person')}</span></td>
  </tr>`;
}

function intervalOf({ rejection_rate, trials, mean, strength }: RejectedRow) {
  // drawn together completely, what is left of a prompt's own spread is none: that is no interval
  if (strength === null || rejection_rate === null || trials === null || mean === null) return undefined;
  return credibleInterval({ x: rejection_rate * trials, n: trials }, { mean, strength, rho: 1 / (1 + strength) });
}
