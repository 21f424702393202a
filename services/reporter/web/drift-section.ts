// What the drift watch says: what has fallen, open; what is steady or still collecting, folded. In: rows of `drift_states`, what has
// fallen first. Out: markup. Must never place a fall beside a verdict of comparison.
import { driftSentence } from '../drift/drift-sentence.js';
import type { DriftState } from '../drift/drift-state.js';
import { html, type Html } from './html.js';
import { counted } from './words.js';

/** So many watches are listed at most; the view has all. */
export const WATCHES_SHOWN_MAX = 100;

export function driftSection(states: readonly DriftState[]): Html {
  if (states.length === 0)
    return html`<p class="none">
      Nothing is watched yet: a prompt is watched from the first day whose outcomes are final.
    </p>`;
  const fallen = states.filter(({ state }) => state === 'fallen');
  const others = states.filter(({ state }) => state !== 'fallen');
  return html`${fallen.length === 0 ? html`<p class="none">No rate has fallen.</p>` : list(fallen)}
  ${
    others.length > 0 &&
    html`<details>
      <summary>${summaryOf(others)}</summary>
      ${list(others)}
    </details>`
  }`;
}

function summaryOf(others: readonly DriftState[]): string {
  const collecting = others.filter(({ state }) => state === 'collecting').length;
  const steady = others.length - collecting;
  const parts = [
    steady > 0 ? `${counted(steady, 'rate')} steady` : '',
    collecting > 0 ? `${steady > 0 ? collecting : counted(collecting, 'rate')} still collecting` : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

function list(states: readonly DriftState[]): Html {
  const left = states.length - WATCHES_SHOWN_MAX;
  return html`<ul class="watches">
      ${states.slice(0, WATCHES_SHOWN_MAX).map(
        (state) =>
          html`<li class="${state.state}">
            ${driftSentence(state)}
            <span class="quiet">Final days up to ${state.day}, metric version ${state.metric_version}.</span>
          </li>`,
      )}
    </ul>
    ${left > 0 && html`<p class="quiet">${counted(left, 'more', 'more')} in <code>drift_states</code>.</p>`}`;
}
