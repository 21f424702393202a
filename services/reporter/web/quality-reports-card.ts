// Where reports go and whether they arrive. In: how the newest delivery to each target stands. Out: markup.
// Must never show an address: targets are called by their names.
import type { RunStatus } from '../reports/ledger-rows.js';
import { REPORT_TARGET_STATE_DAYS, type ReportTargetState } from '../reports/target-states.js';
import { html, type Html } from './html.js';
import { ago, counted } from './words.js';

export function reportsCard(states: readonly ReportTargetState[], now: number): Html {
  return html`<section class="card">
    <h3>Reports <span class="quiet">last ${REPORT_TARGET_STATE_DAYS} days</span></h3>
    ${
      states.length === 0
        ? html`<p class="none">No report was due.</p>`
        : html`<ul class="reasons">
            ${states.map((state) => line(state, now))}
          </ul>`
    }
  </section>`;
}

function line(state: ReportTargetState, now: number): Html {
  const [kind = '', name = ''] = state.target.split(':', 2);
  return html`<li>
    <span>${state.report} to ${name} <code>${kind}</code> ${words(state, now)}</span
    ><b>${counted(state.sent, 'report')}</b>
  </li>`;
}

function words({ status, detail, at, open }: ReportTargetState, now: number): Html {
  const when = html`<time data-at="${at}">${ago(now - at)}</time>`;
  if (isTrouble(status))
    return status === 'failed' || status === 'abandoned'
      ? html`<span class="warning">does not take reports: ${detail}, ${when}</span>`
      : html`<span class="warning">${counted(open, 'report')} waiting: ${detail}, ${when}</span>`;
  if (status === 'sent') return html`<span class="quiet">last ${when}</span>`;
  return html`<span class="quiet">${counted(open, 'report')} on the way</span>`;
}

/** Whether the newest delivery did not go well. */
export function isTrouble(status: RunStatus): boolean {
  return status === 'failed' || status === 'abandoned' || status === 'waiting' || status === 'unknown';
}
