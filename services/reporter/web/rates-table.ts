// Tables of rates: of the project or a prompt as a whole, per prompt, per prompt version and model version. In: rows of figures of rates.
// Out: markup.
import type { Filter } from '../figures/filter.js';
import type { PromptRow, TotalRow, VersionRow } from '../figures/rates.js';
import { OUTCOMES, axis } from './bars.js';
import { html, type Html } from './html.js';
import { queryOf } from './query.js';
import { basisCell, rateCell, soFarCell } from './rate-cells.js';

interface TableRow {
  readonly name: Html;
  readonly row: TotalRow;
}

/** `head`: of the first column. */
export function ratesTable(caption: string, head: string, rows: readonly TableRow[]): Html {
  return html`<table class="rates">
    <caption class="hidden">
      ${caption}
    </caption>
    <thead>
      <tr>
        <th scope="col">${head}</th>
        <th scope="col">Acceptance rate <span class="quiet">mature generations, 95 % interval</span>${axis()}</th>
        <th scope="col">Rests on</th>
        <th scope="col">Outcomes so far <span class="quiet">all that were shown</span></th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, row }) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td class="rate">${rateCell(row)}</td>
            <td class="basis">${basisCell(row)}</td>
            <td class="so-far">${soFarCell(row)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

export function legend(): Html {
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

/** A row per metric version: mostly one. */
export function totalsTable(caption: string, name: string, rows: readonly TotalRow[]): Html {
  return ratesTable(
    caption,
    'In all',
    rows.map((row) => ({ name: html`<span class="version">${name}</span>`, row })),
  );
}

/** The address of a prompt's own page. */
export function promptAddress(filter: Filter, prompt: string): string {
  return `/prompt?${queryOf({ ...filter, prompt })}`;
}

/** What answers are called whose events name no prompt. */
export const NO_PROMPT = 'Without a prompt';

/** A prompt without a name has no page: an address without a prompt is that of all prompts. */
export function promptLink(filter: Filter, prompt: string): Html {
  if (prompt === '') return html`<span class="version">${NO_PROMPT}</span>`;
  return html`<a class="version" href="${promptAddress(filter, prompt)}">${prompt}</a>`;
}

export function promptsTable(filter: Filter, rows: readonly PromptRow[]): Html {
  const sorted = [...rows].sort((a, b) => collator.compare(a.prompt_id, b.prompt_id));
  return ratesTable(
    'Acceptance by prompt',
    'Prompt',
    sorted.map((row) => ({ name: html`${promptLink(filter, row.prompt_id)} ${row.prompt_id === '' && NAME_IT}`, row })),
  );
}

const NAME_IT = html`<span class="quiet"
  >Has no page of its own. Set <code>data-tacit-prompt</code>, or sign with a <code>promptId</code>, so that these
  answers are told apart.</span
>`;

const collator = new Intl.Collator('en', { numeric: true });

/** Of a prompt the newest-looking version first, then by model. */
export function versionsTable(caption: string, rows: readonly VersionRow[]): Html {
  const sorted = [...rows].sort(
    (a, b) =>
      collator.compare(b.prompt_version, a.prompt_version) ||
      collator.compare(a.model, b.model) ||
      collator.compare(b.model_version, a.model_version),
  );
  return ratesTable(
    caption,
    'Version',
    sorted.map((row) => ({ name: versionName(row), row })),
  );
}

function versionName({ prompt_version, model, model_version }: VersionRow): Html {
  const by = [model === '' ? 'unknown model' : model, model_version].filter((part) => part !== '');
  return html`<span class="version">${prompt_version === '' ? 'No version' : `Version ${prompt_version}`}</span>
    <span class="model">${by.join(' · ')}</span>`;
}

/** Prompts by name, each with its rows. */
export function byPrompt(rows: readonly VersionRow[]): [prompt: string, rows: VersionRow[]][] {
  const prompts = new Map<string, VersionRow[]>();
  for (const row of rows) {
    const of = prompts.get(row.prompt_id) ?? [];
    prompts.set(row.prompt_id, of);
    of.push(row);
  }
  return [...prompts].sort(([a], [b]) => collator.compare(a, b));
}
