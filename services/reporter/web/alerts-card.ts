// Where alerts go and whether they arrive. In: the targets of the projects file, how the newest attempt at each ended. Out: markup.
// Must never show an address: targets are called by their names.
import { TARGET_STATE_DAYS, type TargetState } from '../alerts/ledger.js';
import { html, type Html } from './html.js';
import { ago, counted } from './words.js';

/** Nothing when the project has no target. `targets`: as the ledger calls them. */
export function alertsCard(targets: readonly string[], states: readonly TargetState[], now: number): Html | false {
  if (targets.length === 0) return false;
  return html`<section class="card">
    <h3>Alerts <span class="quiet">last ${TARGET_STATE_DAYS} days</span></h3>
    <ul class="reasons">
      ${targets.map((target) =>
        line(
          target,
          states.find((state) => state.target === target),
          now,
        ),
      )}
    </ul>
  </section>`;
}

function line(target: string, state: TargetState | undefined, now: number): Html {
  const [kind = '', name = ''] = target.split(':', 2);
  return html`<li>
    <span
      >${name}
      <code>${kind}</code>
      ${state === undefined ? html`<span class="quiet">nothing to tell</span>` : words(state, now)}</span
    ><b>${counted(state?.sent ?? 0, 'alert')}</b>
  </li>`;
}

function words({ status, detail, at, open }: TargetState, now: number): Html {
  const when = html`<time data-at="${at}">${ago(now - at)}</time>`;
  switch (status) {
    case 'failed':
    case 'abandoned':
      return html`<span class="warning">does not take alerts: ${detail}, ${when}</span>`;
    case 'waiting':
    case 'unknown':
      return html`<span class="warning">${counted(open, 'alert')} waiting: ${detail}, ${when}</span>`;
    case 'sent':
      return html`<span class="quiet">last ${when}</span>`;
    case 'claimed':
    case 'sending':
    case 'skipped':
      return html`<span class="quiet">${counted(open, 'alert')} on the way</span>`;
  }
}
