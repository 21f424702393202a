// How fresh the figures are, in one line. In: when they were judged, what the roll-up last did. Out: a state and its words.
import type { RollupStatus } from '../rollup/run.js';
import { html, type Html } from './html.js';
import { ago, clockTime, counted, instant } from './words.js';

/** After this long without a successful look the page says that the roll-up does not run, ms. */
const SILENT_MS = 60_000;

export type Freshness = 'fresh' | 'off' | 'behind' | 'failing';

export function freshnessOf(status: RollupStatus, scheduled: boolean, now: number): Freshness {
  if (!scheduled) return 'off';
  if (status.failingSince > 0) return 'failing';
  if (status.lastLookAt === 0 || now - status.lastLookAt > SILENT_MS || status.waiting > 1) return 'behind';
  return 'fresh';
}

/** `asOf`: when the newest figure was judged, ms; 0 without figures, undefined where none are shown. */
export function freshnessLine(asOf: number | undefined, status: RollupStatus, scheduled: boolean, now: number): Html {
  const state = freshnessOf(status, scheduled, now);
  const figures =
    asOf === undefined
      ? null
      : asOf === 0
        ? html`No figures yet`
        : html`Figures as of <time datetime="${new Date(asOf).toISOString()}">${instant(asOf)}</time>,
            <span data-at="${asOf}">${ago(now - asOf)}</span>`;
  return html`<span class="dot ${state}" aria-hidden="true"></span
    >${figures !== null && html`<span>${figures}</span>`}<span class="quiet">${stateWords(state, status, now)}</span>`;
}

function stateWords(state: Freshness, status: RollupStatus, now: number): Html {
  switch (state) {
    case 'off':
      return html`The roll-up is off: figures stand still.`;
    case 'failing':
      return html`The roll-up has been failing since ${clockTime(status.failingSince)} UTC: figures stand still.`;
    case 'behind':
      return status.waiting > 1
        ? html`Catching up: ${counted(status.waiting, 'day')} to go.`
        : html`Waiting for the roll-up.`;
    case 'fresh':
      return html`Up to date: changes were looked for
        <span data-at="${status.lastLookAt}">${ago(now - status.lastLookAt)}</span>.`;
  }
}
