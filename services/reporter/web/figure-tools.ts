// What stands under each figure: its rows as a file, and the SQL that made them. In: figures and the filter that they were asked with.
// Out: markup that needs no script.
import type { Asked, Figure } from '../figures/figure.js';
import { html, type Html } from './html.js';
import { queryOf } from './query.js';

/** `label`: where several stand side by side, what each is of. */
export function figureTools(figure: Pick<Figure, 'id' | 'title' | 'sql'>, asked: Asked, label?: string): Html {
  const { id, title, sql } = figure;
  const one = asked.id === undefined ? '' : `&${new URLSearchParams({ id: asked.id }).toString()}`;
  return html`<div class="figure-tools">
    ${label !== undefined && html`<span class="quiet">${label}:</span>`}
    <a href="/figures/${id}.csv?${queryOf(asked)}${one}" aria-label="CSV: ${title}">CSV</a>
    <details id="sql-${id}">
      <summary>SQL<span class="hidden">: ${title}</span></summary>
      <pre tabindex="0" role="region" aria-label="SQL: ${title}"><code>${sql}</code></pre>
      <p class="quiet">
        Runs as it is for this project’s analyst. In the CSV a text that begins with =, +, - or @ has an apostrophe
        before it, so that no spreadsheet takes it for a formula.
      </p>
    </details>
  </div>`;
}
