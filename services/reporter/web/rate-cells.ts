// The cells of a row of rates: the rate with its interval drawn, what it rests on, the outcomes so far. In: a row of a figure of rates.
// Out: markup. A rate never stands without its n, its persons, its as-of time and its metric version.
import { PAGE_LOOK, intervalBar } from '../charts/interval-bar.js';
import type { TotalRow } from '../figures/rates.js';
import { OUTCOMES, mixBar } from './bars.js';
import { html, type Html } from './html.js';
import { count, counted, percent, shortInstant } from './words.js';

/** Of `2026-11-24 12:03:05.000`, ms; 0 without one. */
export function timeOf(text: string | null): number {
  return text === null ? 0 : Date.parse(`${text.replace(' ', 'T')}Z`);
}

/** Newest instant of judgement of rows, ms; 0 without rows. */
export function newestOf(rows: readonly Pick<TotalRow, 'as_of'>[]): number {
  return rows.reduce((newest, row) => Math.max(newest, timeOf(row.as_of)), 0);
}

export function metricVersionsOf(rows: readonly Pick<TotalRow, 'metric_version'>[]): string[] {
  return [...new Set(rows.map(({ metric_version }) => metric_version))].sort();
}

export function rateCell(row: Pick<TotalRow, 'rate' | 'low' | 'high'>): Html {
  const { rate, low, high } = row;
  if (rate === null)
    return html`<span class="none">No rate yet</span>
      <span class="quiet">nothing is mature so far</span>${intervalBar(row, PAGE_LOOK)}`;
  const interval = low === null || high === null ? 'no interval: one person' : `${percent(low)} – ${percent(high)}`;
  return html`<span class="figure">${percent(rate)}</span>
    <span class="interval">${interval}</span>${intervalBar(row, PAGE_LOOK)}`;
}

export function basisCell(row: TotalRow): Html {
  if (row.rate === null)
    return html`<span class="quiet">as of ${asOf(row)}</span><span class="quiet">metric ${row.metric_version}</span>`;
  return html`<b>n = ${count(row.mature)}</b>${people(row)} <span class="quiet">as of ${asOf(row)}</span
    ><span class="quiet">metric ${row.metric_version}</span>`;
}

export function people({ persons, session_persons }: Pick<TotalRow, 'persons' | 'session_persons'>): Html {
  if (session_persons > 0 && session_persons === persons)
    return html`<span>${counted(session_persons, 'session')}</span><span class="quiet">no person is known</span>`;
  return html`<span>${counted(persons, 'person')}</span>${
      session_persons > 0 && html`<span class="quiet">${count(session_persons)} of them by session only</span>`
    }`;
}

function asOf({ as_of }: Pick<TotalRow, 'as_of'>): Html {
  const time = timeOf(as_of);
  return html`<time datetime="${new Date(time).toISOString()}">${shortInstant(time)}</time>`;
}

export function soFarCell(row: TotalRow): Html {
  if (row.shown === 0) return html`<span class="quiet">none shown</span>`;
  return html`<span>${count(row.shown)} shown</span>${mixBar(row)}
    <ul class="counts">
      ${OUTCOMES.filter((outcome) => row[outcome] > 0).map(
        (outcome) => html`<li><b>${count(row[outcome])}</b> ${outcome}</li>`,
      )}
    </ul>`;
}
