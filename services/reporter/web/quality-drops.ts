// Events that are in no table of events: refused, by reason, with what it means and what to do; and those that could not be
// stored. In: counts. Out: markup.
import { DROPS_HOURS, type DropCount } from '../figures/quality.js';
import { html, type Html } from './html.js';
import { dropWords } from './quality-words.js';
import { count, counted, dropReason } from './words.js';

export function dropsSection(drops: readonly DropCount[], deadLetters: number): Html {
  const sum = drops.reduce((all, { events }) => all + events, 0);
  return html`${sum === 0 ? html`<p class="none">No event was refused in the last ${DROPS_HOURS} hours.</p>` : dropsTable(drops, sum)}
  ${deadLettersWords(deadLetters)}`;
}

function dropsTable(drops: readonly DropCount[], sum: number): Html {
  return html`<table class="drops">
    <caption class="hidden">
      Events refused in the last ${DROPS_HOURS} hours, by reason
    </caption>
    <thead>
      <tr>
        <th scope="col">Reason</th>
        <th scope="col">Events <span class="quiet">of ${count(sum)} refused</span></th>
        <th scope="col">What it means, and what to do</th>
      </tr>
    </thead>
    <tbody>
      ${drops.map(({ reason, events }) => {
        const words = dropWords(reason);
        return html`<tr>
          <th scope="row">
            ${words === undefined ? html`<code>${reason}</code>` : html`${dropReason(reason)} <code>${reason}</code>`}
          </th>
          <td data-label="Events"><b>${count(events)}</b></td>
          <td>
            ${
              words === undefined
                ? html`<span class="quiet">This version does not know the reason.</span>`
                : html`${words.means} <span class="quiet">${words.todo}</span>`
            }
          </td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function deadLettersWords(deadLetters: number): Html {
  if (deadLetters === 0)
    return html`<p class="quiet">Every event that was taken in the last ${DROPS_HOURS} hours could be stored.</p>`;
  const kept = deadLetters === 1 ? 'it is kept as it came' : 'they are kept as they came';
  return html`<p class="warning">
      ${counted(deadLetters, 'event')} of the last ${DROPS_HOURS} hours could not be stored. Nothing is lost: ${kept},
      with the reason, in the table <code>dead_letters</code>.
    </p>
    <p class="quiet">
      That table is of all projects at once, so an analyst cannot read it: there is neither a file nor SQL of this
      count.
    </p>`;
}
