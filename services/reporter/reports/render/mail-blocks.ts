// Sections of a report as HTML for mail programs: tables with inline styles, bars of table cells, no SVG, nothing remote. In: blocks
// of a document, how much may be shown. Out: markup. What is left out is counted: the whole report is attached.
import { html, type Html } from '../../web/html.js';
import { count } from '../../web/words.js';
import type { Block, Cell, Chart, Line, Section, Table } from './document.js';
import { mailBar } from './mail-bars.js';
import { as } from './mail-style.js';
import { TONE_WORDS } from './page-blocks.js';
import { cutText } from './plain-text.js';

/** How much of a report a mail shows. */
export interface MailLimits {
  readonly rows: number;
  readonly days: number;
  readonly charts: number;
  readonly lines: number;
  /** Characters of a sentence or a name. */
  readonly chars: number;
}

export function mailSection({ title, blocks }: Section, limits: MailLimits): Html {
  const charts = blocks.filter((each) => each.kind === 'trend').slice(limits.charts);
  const sentences = blocks.filter((each) => each.kind === 'text').slice(limits.lines);
  const left = new Set<Block>([...charts, ...sentences]);
  const shown = blocks.filter((each) => !left.has(each));
  return html`<tr>
      <td ${as('card')}>
        <h2 ${as('section')}>${title}</h2>
        ${shown.map((each) => block(each, limits))}${more(charts.length, 'chart')}${more(sentences.length, 'sentence')}
      </td>
    </tr>
    <tr>
      <td ${as('gap')}>&nbsp;</td>
    </tr>`;
}

/** `and 12 more rows in the attached report`. */
export function more(left: number, what: string): Html | null {
  if (left <= 0) return null;
  return html`<p ${as('quiet')}>and ${count(left)} more ${what}${left > 1 && 's'} in the attached report</p>`;
}

function block(each: Block, limits: MailLimits): Html {
  switch (each.kind) {
    case 'text':
      return html`<p ${as('text')}>${cutText(each.text, limits.chars)}</p>`;
    case 'lines':
      return lines(each.lines, limits);
    case 'table':
      return html`${table(each, each.rows.slice(0, limits.rows), limits)}${more(each.rows.length - limits.rows, 'row')}`;
    case 'trend':
      return chart(each, limits);
  }
}

function lines(all: readonly Line[], limits: MailLimits): Html {
  return html`<table role="presentation" ${as('lines')}>
      ${all.slice(0, limits.lines).map((each, index) => html`${index > 0 && BETWEEN}${line(each, limits)}`)}
    </table>
    ${more(all.length - limits.lines, 'sentence')}`;
}

/** Without it the bars beside two sentences would be one. */
const BETWEEN = html`<tr>
  <td ${as('between')}>&nbsp;</td>
</tr>`;

function line({ tone, text, aside, link }: Line, { chars }: MailLimits): Html {
  const bad = tone === 'worse' || tone === 'fallen';
  const part = bad ? 'bad' : tone === 'better' ? 'good' : 'line';
  return html`<tr>
    <td ${as(part)}>
      ${tone !== 'neutral' && html`<b ${as(bad ? 'badWord' : 'goodWord')}>${TONE_WORDS[tone]}</b><br />`}${cutText(text, chars)}
      ${
        (aside !== '' || link !== undefined) &&
        html`<br /><span ${as('quiet')}
            >${aside}${aside !== '' && link !== undefined && ' · '}${
              link !== undefined && html`<a href="${link}" ${as('link')}>See more</a>`
            }</span
          >`
      }
    </td>
  </tr>`;
}

type Short = (text: string) => string;

/** Cells of a row of many words that are figures; those behind them are lists. */
const STRONG_CELLS = 2;

function table(
  { caption, columns, more: left, wordy }: Table,
  rows: readonly (readonly Cell[])[],
  limits: MailLimits,
): Html {
  const short: Short = (text) => cutText(text, limits.chars);
  return html`<table ${as('table')}>
      <caption ${as('caption')}>
        ${short(caption)}
      </caption>
      ${
        !wordy &&
        html`<tr valign="bottom">
          ${columns.map((column) => html`<th scope="col" align="left" ${as('head')}>${column}</th>`)}
        </tr>`
      }
      ${rows.map((cells) => (wordy ? wordyRow(cells, columns, short) : row(cells, short)))}
    </table>
    ${left !== '' && html`<p ${as('quiet')}>${left}</p>`}`;
}

function row(cells: readonly Cell[], short: Short): Html {
  return html`<tr valign="top">
    ${cells.map((each, index) =>
      index === 0
        ? html`<th scope="row" align="left" ${as('name')}><b>${short(each.text)}</b>${asides(each, short)}</th>`
        : html`<td ${as('cell')}>${words(each, short)}</td>`,
    )}
  </tr>`;
}

/** A row of many words: its name, and below it two cells side by side, each with its column's name, so that it fits a phone. */
function wordyRow([head, ...cells]: readonly Cell[], columns: readonly string[], short: Short): Html | null {
  if (head === undefined) return null;
  const drawn = cells.map(
    (each, index) =>
      html`<td width="50%" ${as('half')}>
        <span ${as('quiet')}>${columns[index + 1]}</span
        ><br />${words(each, short, index < STRONG_CELLS ? 'strong' : 'quiet')}
      </td>`,
  );
  const pairs = drawn.filter((_, index) => index % 2 === 0).map((left, index) => [left, drawn[2 * index + 1]]);
  return html`<tr>
      <th scope="rowgroup" colspan="2" align="left" ${as('name')}><b>${short(head.text)}</b>${asides(head, short)}</th>
    </tr>
    ${pairs.map(
      (pair) =>
        html`<tr valign="top">
          ${pair}
        </tr>`,
    )}`;
}

function words(each: Cell, short: Short, weight?: 'strong' | 'quiet'): Html {
  const text = short(each.text);
  const shown =
    weight === 'strong' ? html`<b>${text}</b>` : weight === 'quiet' ? html`<span ${as('quiet')}>${text}</span>` : text;
  return html`${shown}${each.drawing && mailBar(each.drawing)}${asides(each, short)}`;
}

function asides({ asides: all, drawing }: Cell, short: Short): Html | null {
  if (all.length === 0) return null;
  const start = drawing === undefined || (drawing.kind === 'interval' && drawing.rate === null) ? html`<br />` : null;
  return html`${start}<span ${as('quiet')}
      >${all.map((each, index) => html`${index > 0 && html`<br />`}${short(each)}`)}</span
    >`;
}

/** The newest days: a mail shows no drawing. */
function chart({ wentLive, table: numbers }: Chart, limits: MailLimits): Html {
  const rows = numbers.rows.slice(-limits.days);
  return html`${table(numbers, rows, limits)}${more(numbers.rows.length - rows.length, 'earlier day')}${
    wentLive !== '' && html`<p ${as('quiet')}>${cutText(wentLive, limits.chars)}</p>`
  }`;
}
