// A report as the body for an incoming webhook of Slack. In: a report. Out: JSON within Slack's limits. Must never let a name that
// somebody sent become markup, a mention of a channel, or a link.
import { escapeSlack } from '../../alerts/slack.js';
import type { Report } from '../report.js';
import type { Block, Line, ReportDocument, Section } from './document.js';
import { TONE_WORDS } from './page-blocks.js';
import { cutText } from './plain-text.js';
import { reportDocument } from './report-document.js';
import { reportSubject } from './report-words.js';

export const SLACK_BLOCKS_MAX = 50;
export const SLACK_TEXT_CHARS_MAX = 3000;
export const SLACK_HEADER_CHARS_MAX = 150;
/** Sentences of a section, and rows of a table, that a message shows. */
const LINES_MAX = 6;
const ROWS_MAX = 5;
const SECTIONS = ['headline', 'changes', 'totals', 'rates', 'rejected'] as const;

export function reportSlackBody(report: Report): string {
  const document = reportDocument(report);
  const link = document.link;
  const blocks = [
    { type: 'header', text: plain(`${document.title}: ${document.project}`, SLACK_HEADER_CHARS_MAX) },
    context(about(document)),
    ...document.notes.slice(0, LINES_MAX).map((note) => section(note)),
    ...leftOut(document.notes.length - LINES_MAX, 'more note'),
    ...SECTIONS.flatMap((id) => document.sections.filter((each) => each.id === id)).flatMap(sectionBlocks),
    ...(link === undefined ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: openLink(link) } }]),
  ];
  return JSON.stringify({
    text: escapeSlack(reportSubject(report)),
    unfurl_links: false,
    blocks: blocks.slice(0, SLACK_BLOCKS_MAX),
  });
}

function about({ edition, facts }: ReportDocument): string {
  return [...(edition === '' ? [] : [edition]), ...facts.map(({ label, value }) => `${label}: ${value}`)].join(' · ');
}

function sectionBlocks({ id, title, blocks }: Section): object[] {
  const lines = blocks.flatMap(linesOf);
  if (lines.length === 0) return [];
  const max = id === 'rates' || id === 'rejected' ? ROWS_MAX : LINES_MAX;
  return [context(title), ...lines.slice(0, max).map((line) => section(line)), ...leftOut(lines.length - max)];
}

function leftOut(left: number, what = 'more'): object[] {
  if (left <= 0) return [];
  const many = what === 'more' || left === 1 ? what : `${what}s`;
  return [context(`and ${left} ${many} in the report`)];
}

function linesOf(block: Block): string[] {
  if (block.kind === 'text') return [block.text];
  if (block.kind === 'lines') return block.lines.map(lineWords);
  if (block.kind === 'trend') return [];
  return block.rows.map((cells) =>
    cells.map(({ text, asides }, index) => [text, ...asides].join(index === 0 ? ', ' : '; ')).join(' · '),
  );
}

function lineWords({ tone, text, aside }: Line): string {
  return `${tone === 'neutral' ? '' : `${TONE_WORDS[tone]}: `}${text}${aside === '' ? '' : ` (${aside})`}`;
}

function section(text: string) {
  return { type: 'section', text: plain(text, SLACK_TEXT_CHARS_MAX) };
}

function context(text: string) {
  return { type: 'context', elements: [plain(text, SLACK_TEXT_CHARS_MAX)] };
}

/** Text that Slack shows as it is; it may grow to five times its length by escaping. */
function plain(text: string, max: number) {
  let shown = cutText(text, max);
  while (escapeSlack(shown).length > max) shown = cutText(shown, Math.floor(shown.length * 0.9));
  return { type: 'plain_text', text: escapeSlack(shown), emoji: false };
}

/** `>` and `|` would end the address. */
function openLink(link: string): string {
  return `<${escapeSlack(link.replaceAll('|', '%7C').replaceAll('>', '%3E').replaceAll('<', '%3C'))}|Open the page>`;
}
