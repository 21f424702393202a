// How fresh everything is, as a list: newest event, figures, roll-up. In: instants, what the roll-up last did. Out: markup.
import type { RollupStatus } from '../rollup/run.js';
import { freshnessOf } from './freshness.js';
import { html, type Html, type HtmlValue } from './html.js';
import { ago, counted, instant } from './words.js';

export interface FreshnessFacts {
  /** When the newest event was stored, ms; 0 when there never was one. */
  readonly lastStored: number;
  /** When outcomes of the period were judged last, ms; 0 without any. */
  readonly asOf: number;
  readonly status: RollupStatus;
  /** Whether roll-ups are scheduled in this process. */
  readonly scheduled: boolean;
}

export function freshnessList({ lastStored, asOf, status, scheduled }: FreshnessFacts, now: number): Html {
  const line = (name: string, said: HtmlValue) =>
    html`<div>
      <dt>${name}</dt>
      <dd>${said}</dd>
    </div>`;
  return html`<dl class="basis-list">
    ${line('Newest event stored', lastStored === 0 ? 'Never.' : moment(lastStored, now))}
    ${line('Figures judged as of', asOf === 0 ? 'No figures in this period yet.' : moment(asOf, now))}
    ${line('Roll-up', rollupWords(status, scheduled, now))}
  </dl>`;
}

function moment(at: number, now: number): Html {
  return html`<time datetime="${new Date(at).toISOString()}">${instant(at)}</time>,
    <span data-at="${at}">${ago(now - at)}</span>`;
}

function rollupWords(status: RollupStatus, scheduled: boolean, now: number): HtmlValue {
  switch (freshnessOf(status, scheduled, now)) {
    case 'off':
      return html`<span class="warning">Off: figures stand still until a reporter runs it.</span>`;
    case 'failing':
      return html`<span class="warning"
        >Failing since ${instant(status.failingSince)}: figures stand still. The log of the reporter says why.</span
      >`;
    case 'behind':
      return status.lastLookAt === 0
        ? 'Has not looked yet.'
        : html`${status.waiting > 0 ? `Catching up: ${counted(status.waiting, 'day')} to go.` : 'Late.'} Last look
          ${moment(status.lastLookAt, now)}.`;
    case 'fresh':
      return html`Up to date. Last look ${moment(status.lastLookAt, now)}.`;
  }
}
