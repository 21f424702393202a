// The last events received, as a table. In: the newest events, when the last one was stored. Out: markup.
import { RECENT_HOURS, type RecentEvent } from '../figures/quality.js';
import { html, type Html } from './html.js';
import { ago, clockTime } from './words.js';

export interface RecentReadings {
  readonly recent: readonly RecentEvent[];
  /** When the newest event was stored, ms; 0 when there never was one. */
  readonly lastStored: number;
}

export function recentEvents({ recent, lastStored }: RecentReadings, now: number): Html {
  const stored =
    lastStored === 0
      ? 'Nothing has been stored yet.'
      : html`Last stored <time data-at="${lastStored}">${ago(now - lastStored)}</time>.`;
  return html`<p class="quiet">
      ${stored}
      ${
        recent.length > 0
          ? `The newest about answers made in the last ${RECENT_HOURS} hours:`
          : lastStored > 0 && `None about an answer made in the last ${RECENT_HOURS} hours.`
      }
    </p>
    ${recent.length > 0 && recentTable(recent)}`;
}

function recentTable(recent: readonly RecentEvent[]): Html {
  return html`<table class="events recent">
    <caption class="hidden">
      Last events received
    </caption>
    <thead>
      <tr>
        <th scope="col">Received <span class="quiet">UTC</span></th>
        <th scope="col">Event</th>
        <th scope="col">Prompt</th>
        <th scope="col">Model</th>
        <th scope="col">Signed</th>
      </tr>
    </thead>
    <tbody>
      ${recent.map(
        (event) =>
          html`<tr>
            <td>${clockTime(event.receivedAt)}</td>
            <td>${event.type}</td>
            <td>${joined(event.promptId, event.promptVersion)}</td>
            <td>${joined(event.model, event.modelVersion)}</td>
            <td>${event.trusted ? 'yes' : 'no'}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function joined(name: string, version: string): Html | string {
  if (name === '' && version === '') return '–';
  return html`${name} <span class="quiet">${version}</span>`;
}
