// The panel that answers "is it working?": newest events, drops by reason, what was seen but is not in any rate.
// In: readings. Out: markup.
import type { TargetState } from '../alerts/ledger.js';
import type { Cells } from '../figures/cells.js';
import { DROPS_HOURS, RECENT_HOURS, type DropCount, type RecentEvent } from '../figures/quality.js';
import { alertsCard } from './alerts-card.js';
import { html, type Html } from './html.js';
import { ago, clockTime, count, counted, dropReason, percent } from './words.js';

export interface Quality {
  readonly drops: readonly DropCount[];
  readonly deadLetters: number;
  readonly recent: readonly RecentEvent[];
  /** When the newest event was stored, ms; 0 when there never was one. */
  readonly lastStored: number;
  /** How the newest alert to each target ended. */
  readonly alerts: readonly TargetState[];
}

/** `targets`: where the project's alerts go, as the ledger calls them. */
export function qualitySection(quality: Quality, cells: Cells, targets: readonly string[], now: number): Html {
  return html`${recentCard(quality, now)}
    <div class="stack">${dropsCard(quality)}${uncountedCard(cells)}${alertsCard(targets, quality.alerts, now)}</div>`;
}

function recentCard({ recent, lastStored }: Quality, now: number): Html {
  const stored =
    lastStored === 0
      ? 'Nothing has been stored yet.'
      : html`Last stored <time data-at="${lastStored}">${ago(now - lastStored)}</time>.`;
  return html`<section class="card">
    <h3>Last events</h3>
    <p class="quiet">
      ${stored}
      ${
        recent.length > 0
          ? `The newest about answers made in the last ${RECENT_HOURS} hours:`
          : lastStored > 0 && `None about an answer made in the last ${RECENT_HOURS} hours.`
      }
    </p>
    ${recent.length > 0 && recentTable(recent)}
  </section>`;
}

function recentTable(recent: readonly RecentEvent[]): Html {
  return html`<table class="events">
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

function dropsCard({ drops, deadLetters }: Quality): Html {
  const sum = drops.reduce((all, { events }) => all + events, 0);
  return html`<section class="card">
    <h3>Refused <span class="quiet">last ${DROPS_HOURS} h</span></h3>
    ${
      sum === 0
        ? html`<p class="none">No event was refused.</p>`
        : html`<ul class="reasons">
            ${drops.map(
              ({ reason, events }) =>
                html`<li>
                  <span>${dropReason(reason)} <code>${reason}</code></span
                  ><b>${count(events)}</b>
                </li>`,
            )}
          </ul>`
    }
    ${
      deadLetters > 0 &&
      html`<p class="warning">${counted(deadLetters, 'event')} could not be stored and can be replayed.</p>`
    }
  </section>`;
}

function uncountedCard({ cells }: Cells): Html {
  const sums = { known: 0, notShown: 0, orphan: 0 };
  for (const { soFar } of cells) {
    sums.known += soFar.shown + soFar.notShown + soFar.orphan;
    sums.notShown += soFar.notShown;
    sums.orphan += soFar.orphan;
  }
  const share = (n: number) => (sums.known === 0 ? '' : ` · ${percent(n / sums.known)}`);
  return html`<section class="card">
    <h3>Known, in no rate <span class="quiet">this period</span></h3>
    <ul class="reasons">
      <li>
        <span>Never shown <span class="quiet">made, but nobody saw it</span></span
        ><b>${count(sums.notShown)}${share(sums.notShown)}</b>
      </li>
      <li>
        <span>Orphans <span class="quiet">acted on, but never seen as shown</span></span
        ><b>${count(sums.orphan)}${share(sums.orphan)}</b>
      </li>
    </ul>
  </section>`;
}
