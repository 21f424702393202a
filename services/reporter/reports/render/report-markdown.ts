// A report as Markdown that reads well as plain text too. In: a report. Out: one text, the same for the same report. Names stay text.
import type { Report } from '../report.js';
import type { Block, Cell, Chart, Line, ReportDocument, Section, Table } from './document.js';
import { escapeMarkdown as plain } from './markdown-text.js';
import { TONE_WORDS } from './page-blocks.js';
import { reportDocument } from './report-document.js';

export function reportMarkdown(report: Report): string {
  const document = reportDocument(report);
  return `${[...top(document), ...document.sections.flatMap(section), ...bottom(document)].join('\n\n')}\n`;
}

function top({ title, project, edition, facts, notes }: ReportDocument): string[] {
  return [
    `# ${plain(title)}: ${plain(project)}`,
    ...(edition === '' ? [] : [`**${plain(edition)}**`]),
    facts.map(({ label, value }) => `- ${label}: ${plain(value)}`).join('\n'),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- **Note:** ${plain(note)}`).join('\n')]),
  ];
}

function bottom({ link }: ReportDocument): string[] {
  return link === undefined ? [] : [`Open the page: <${link}>`];
}

function section({ title, blocks }: Section): string[] {
  return [`## ${title}`, ...blocks.flatMap(block)];
}

function block(each: Block): string[] {
  switch (each.kind) {
    case 'text':
      return [plain(each.text)];
    case 'lines':
      return [each.lines.map(line).join('\n')];
    case 'table':
      return table(each);
    case 'trend':
      return trend(each);
  }
}

function line({ tone, text, aside, link }: Line): string {
  const word = tone === 'neutral' ? '' : `**${TONE_WORDS[tone]}:** `;
  const rests = aside === '' ? '' : ` (${plain(aside)})`;
  return `- ${word}${plain(text)}${rests}${link === undefined ? '' : ` <${link}>`}`;
}

function trend({ wentLive, table: numbers }: Chart): string[] {
  return [...table(numbers), ...(wentLive === '' ? [] : [plain(wentLive)])];
}

function table(each: Table): string[] {
  const rows = each.wordy ? each.rows.map((row) => listed(row, each.columns)).join('\n') : grid(each);
  return [`**${plain(each.caption)}**`, rows, ...(each.more === '' ? [] : [plain(each.more)])];
}

/** A row of many words as an item with one line for each of its cells. */
function listed([head, ...cells]: readonly Cell[], columns: readonly string[]): string {
  if (head === undefined) return '';
  const name = [head.text, ...head.asides].map(plain).join(', ');
  return [`- **${name}**`, ...cells.map((each, index) => `  - ${columns[index + 1] ?? ''}: ${words(each)}`)].join('\n');
}

function words({ text, asides }: Cell): string {
  return [text, ...asides].map(plain).join('; ');
}

/** Columns as wide as their longest cell, so that they stand in line without a renderer too. */
function grid({ columns, rows }: Table): string {
  const lines = [columns.map(plain), ...rows.map((row) => row.map(words))];
  const widths = columns.map((_, column) => Math.max(3, ...lines.map((cells) => (cells[column] ?? '').length)));
  const drawn = lines.map(
    (cells) => `| ${cells.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}
