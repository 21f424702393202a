// Sections of a report as HTML for a browser: sentences, tables with bars, charts. In: blocks of a document. Out: markup without
// styles of its own, without scripts and without ids but those of sections.
import { REPORT_LOOK, intervalBar } from '../../charts/interval-bar.js';
import { shareBar } from '../../charts/bucket-bars.js';
import { trendChart } from '../../charts/trend-chart.js';
import { html, type Html } from '../../web/html.js';
import type { Block, Cell, Chart, Drawing, Line, Section, Table, Tone } from './document.js';

/** What a tone is called: colour alone says nothing. */
export const TONE_WORDS: Readonly<Record<Tone, string>> = {
  worse: 'Worse',
  fallen: 'Has fallen',
  better: 'Better',
  neutral: '',
};

export function pageSection({ id, title, blocks }: Section): Html {
  return html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${blocks.map(block)}
  </section>`;
}

function block(each: Block): Html {
  switch (each.kind) {
    case 'text':
      return html`<p>${each.text}</p>`;
    case 'lines':
      return html`<ul class="lines">
        ${each.lines.map(line)}
      </ul>`;
    case 'table':
      return table(each);
    case 'trend':
      return trend(each);
  }
}

function line({ tone, text, aside, link }: Line): Html {
  const word = TONE_WORDS[tone];
  return html`<li class="${tone}">
    ${word !== '' && html`<span class="tone">${word}</span>`}${text}
    ${
      (aside !== '' || link !== undefined) &&
      html`<span class="aside"
        >${aside}${aside !== '' && link !== undefined && ' · '}${
          link !== undefined && html`<a href="${link}">See more</a>`
        }</span
      >`
    }
  </li>`;
}

/** Roles are named, since a narrow screen lays rows out as blocks. */
function table({ caption, columns, rows, wordy, more }: Table): Html {
  return html`<table class="${wordy ? 'wordy' : 'plain'}" role="table">
      <caption>
        ${caption}
      </caption>
      <thead role="rowgroup">
        <tr role="row">
          ${columns.map((column) => html`<th scope="col" role="columnheader">${column}</th>`)}
        </tr>
      </thead>
      <tbody role="rowgroup">
        ${rows.map(
          (cells) =>
            html`<tr role="row">
              ${cells.map((each, index) => (index === 0 ? rowHeader(each) : dataCell(each, wordy ? columns[index] : undefined)))}
            </tr>`,
        )}
      </tbody>
    </table>
    ${more !== '' && html`<p class="key">${more}</p>`}`;
}

function rowHeader({ text, asides }: Cell): Html {
  return html`<th scope="row" role="rowheader">${text}${asides.map(aside)}</th>`;
}

/** With a label, which is shown where there is no room for a head. */
function dataCell({ text, asides, drawing }: Cell, label: string | undefined): Html {
  return html`<td role="cell" ${label !== undefined && html`data-label="${label}"`}>
    ${label === undefined ? text : html`<span class="strong">${text}</span>`}${
      drawing !== undefined && drawn(drawing)
    }${asides.map(aside)}
  </td>`;
}

function aside(text: string): Html {
  return html`<span class="aside">${text}</span>`;
}

/** The bar of a table is read as its text, which stands beside it. */
function drawn(drawing: Drawing): Html {
  return drawing.kind === 'share' ? shareBar(drawing.share) : intervalBar(drawing, REPORT_LOOK);
}

function trend({ title, days, deployments, wentLive, table: numbers }: Chart): Html {
  return html`<h3>${title}</h3>
    ${trendChart({ title, days, deployments })}
    <p class="key">
      ${days.some(({ low }) => low !== null) && 'The band is the 95 % interval.'}
      ${days.some(({ final }) => !final) && 'Grey and dashed: days that can still change.'} ${wentLive}
    </p>
    <details>
      <summary>The days as numbers: ${title}</summary>
      ${table(numbers)}
    </details>`;
}
