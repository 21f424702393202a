// The figures of the page: per prompt a table of prompt version x model version. In: cells. Out: markup. A rate never stands
// without its n, its persons, its as-of time and its metric version.
import type { Cell, Cells } from '../figures/cells.js';
import type { Filter } from '../figures/filter.js';
import { OUTCOMES, axis, mixBar, rateBar } from './bars.js';
import { html, type Html } from './html.js';
import { count, counted, percent, shortInstant } from './words.js';

/** What an empty page says depends on: whether there is a demo page to open, and whether any event was ever stored. */
export interface EmptyHints {
  readonly demo: boolean;
  readonly everStored: boolean;
}

export function figuresSection({ cells, total }: Cells, filter: Filter, hints: EmptyHints): Html {
  if (cells.length === 0) return emptyState(filter, hints);
  const prompts = new Map<string, Cell[]>();
  for (const cell of cells) prompts.set(cell.promptId, [...(prompts.get(cell.promptId) ?? []), cell]);
  return html`${legend()}${[...prompts].map(([prompt, of]) => promptCard(prompt, of))}${
    total > cells.length &&
    html`<p class="note">
      The ${count(cells.length)} combinations with the most generations of ${count(total)}. Choose a prompt or a model
      to see the others.
    </p>`
  }`;
}

function emptyState(filter: Filter, { demo, everStored }: EmptyHints): Html {
  const narrowed = filter.prompt !== undefined || filter.model !== undefined;
  if (narrowed) return empty('Nothing matches.', 'No figures for this prompt and model in this period.');
  if (everStored)
    return empty(
      'No figures in this period yet.',
      'Events have arrived; they show here once they are rolled up, or when you choose a longer period.',
    );
  return empty(
    'No events yet.',
    demo
      ? 'Open the demo page and copy, edit or dismiss an answer. It shows here within seconds.'
      : 'Add the beacon to a page, or send events with this project’s key. They show here within seconds.',
  );
}

function empty(title: string, text: string): Html {
  return html`<div class="empty">
    <p class="empty-title">${title}</p>
    <p>${text}</p>
  </div>`;
}

function legend(): Html {
  return html`<ul class="legend" aria-label="Outcomes">
    ${OUTCOMES.map(
      (outcome) =>
        html`<li>
          <svg class="swatch" aria-hidden="true"><rect class="${outcome}" width="10" height="10" rx="2" /></svg
          >${outcome}
        </li>`,
    )}
  </ul>`;
}

function promptCard(prompt: string, cells: readonly Cell[]): Html {
  const title = prompt === '' ? 'Unknown prompt' : prompt;
  return html`<section class="card">
    <h3>${title}</h3>
    <table>
      <caption class="hidden">
        Acceptance of ${title} by prompt version and model version
      </caption>
      <thead>
        <tr>
          <th scope="col">Version</th>
          <th scope="col">Acceptance rate <span class="quiet">mature generations, 95 % interval</span>${axis()}</th>
          <th scope="col">Rests on</th>
          <th scope="col">Outcomes so far <span class="quiet">all that were shown</span></th>
        </tr>
      </thead>
      <tbody>
        ${cells.map(row)}
      </tbody>
    </table>
  </section>`;
}

function row(cell: Cell): Html {
  return html`<tr>
    <th scope="row">
      <span class="version">${cell.promptVersion === '' ? 'No version' : `Version ${cell.promptVersion}`}</span>
      <span class="model">${modelName(cell)}</span>
      <span class="quiet"
        >${cell.surface === '' ? 'any surface' : cell.surface}${!cell.trusted && ' · not signed'}</span
      >
    </th>
    <td class="rate">${rateCell(cell)}</td>
    <td class="basis">${basisCell(cell)}</td>
    <td class="so-far">${soFarCell(cell)}</td>
  </tr>`;
}

function named(name: string, otherwise: string): string {
  return name === '' ? otherwise : name;
}

function modelName({ model, modelVersion }: Cell): string {
  return [named(model, 'unknown model'), modelVersion].filter((part) => part !== '').join(' · ');
}

function rateCell(cell: Cell): Html {
  if (cell.rate === null)
    return html`<span class="none">No rate yet</span>
      <span class="quiet">nothing is mature so far</span>${rateBar(cell)}`;
  const interval =
    cell.low === null || cell.high === null
      ? 'no interval: one person'
      : `${percent(cell.low)} – ${percent(cell.high)}`;
  return html`<span class="figure">${percent(cell.rate)}</span>
    <span class="interval">${interval}</span>${rateBar(cell)}`;
}

function basisCell(cell: Cell): Html {
  if (cell.rate === null)
    return html`<span class="quiet">as of ${asOf(cell)}</span><span class="quiet">${cell.metricVersion}</span>`;
  return html`<b>n = ${count(cell.mature)}</b>${people(cell)} <span class="quiet">as of ${asOf(cell)}</span
    ><span class="quiet">metric ${cell.metricVersion}</span>`;
}

function people({ persons, sessions }: Cell): Html {
  if (sessions > 0 && sessions === persons)
    return html`<span>${counted(sessions, 'session')}</span><span class="quiet">no person is known</span>`;
  return html`<span>${counted(persons, 'person')}</span>${
      sessions > 0 && html`<span class="quiet">${count(sessions)} of them by session only</span>`
    }`;
}

function asOf({ asOf: time }: Cell): Html {
  return html`<time datetime="${new Date(time).toISOString()}">${shortInstant(time)}</time>`;
}

function soFarCell({ soFar }: Cell): Html {
  if (soFar.shown === 0) return html`<span class="quiet">none shown</span>`;
  return html`<span>${count(soFar.shown)} shown</span>${mixBar(soFar)}
    <ul class="counts">
      ${OUTCOMES.filter((outcome) => soFar[outcome] > 0).map(
        (outcome) => html`<li><b>${count(soFar[outcome])}</b> ${outcome}</li>`,
      )}
    </ul>`;
}
