// The style sheet of a report as a page: light and dark, phone and desk, paper. In: nothing. Out: its text, to the byte as
// it stands in the page, so that a content security policy can name its hash and let nothing else inline through.
import { compact } from './plain-text.js';

const LIGHT = `color-scheme: light; --ground: #f6f7f9; --card: #ffffff; --line: #e3e6ea; --text: #16202c; --quiet: #5c6876;
--accent: #0f766e; --band: #7fc4bc; --rail: #e6e9ed; --ignored: #8b96a3; --warn: #9a5b00; --bad: #b3362b; --good: #0f766e;`;
const DARK = `color-scheme: dark; --ground: #0f141a; --card: #171e26; --line: #28313c; --text: #e7ecf1; --quiet: #98a4b1;
--accent: #4fc3b5; --band: #2b6f68; --rail: #2a333e; --ignored: #6d7885; --warn: #e0b060; --bad: #f08b7f; --good: #4fc3b5;`;

/** As it stands in the page, to the byte. */
export const PAGE_STYLE = compact(`:root { ${LIGHT} }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
main { max-width: 1040px; margin: 0 auto; padding: 28px 24px 48px; }
h1, h2, h3, p, ul, dl, dd { margin: 0; }
h1 { font-size: 26px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 18px; font-weight: 650; line-height: 1.3; }
h3, caption { font-size: 14px; font-weight: 650; text-align: left; }
h3 { margin-top: 20px; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.project { color: var(--quiet); font-weight: 600; }
.edition { margin-top: 6px; color: var(--warn); font-weight: 650; }
.facts { display: flex; flex-wrap: wrap; gap: 2px 22px; margin-top: 10px; color: var(--quiet); font-size: 13px; }
.facts dt { display: inline; }
.facts dd { display: inline; color: var(--text); }
.notes { margin-top: 14px; padding: 0; list-style: none; color: var(--warn); }
section { margin-top: 18px; padding: 18px 20px; border: 1px solid var(--line); border-radius: 12px; background: var(--card); }
section > p, section > ul, details { margin-top: 8px; }
.lines { padding: 0; list-style: none; }
.lines li { padding: 8px 0 8px 14px; border-left: 4px solid var(--line); }
.lines li + li { margin-top: 8px; }
.lines .worse, .lines .fallen { border-left-color: var(--bad); }
.lines .better { border-left-color: var(--good); }
.tone { display: block; font-size: 13px; font-weight: 650; }
.worse .tone, .fallen .tone { color: var(--bad); }
.better .tone { color: var(--good); }
#headline .lines { font-size: 16px; }
.aside { display: block; color: var(--quiet); font-size: 13px; font-weight: 400; }
table { width: 100%; margin-top: 12px; border-collapse: collapse; }
caption { padding-bottom: 6px; }
th, td { padding: 8px 18px 8px 0; border-top: 1px solid var(--line); text-align: left; vertical-align: top; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { overflow-wrap: normal; border-top: 0; padding-top: 2px; color: var(--quiet); font-size: 13px; font-weight: 600; }
tbody th { font-weight: 600; }
.strong { font-weight: 650; }
.wordy th:first-child { width: 21%; }
.wordy th:nth-child(2) { width: 28%; }
.wordy td:nth-child(n + 4) .strong { font-weight: 400; font-size: 13px; color: var(--quiet); }
.plain td, .plain tbody th { padding-top: 4px; padding-bottom: 4px; font-size: 14px; }
.plain td:nth-child(n + 3) { min-width: 70px; }
svg { margin-top: 4px; overflow: visible; }
.chart-trend { margin-top: 8px; overflow: hidden; }
.key { color: var(--quiet); font-size: 13px; }
summary { color: var(--accent); cursor: pointer; font-size: 14px; }
footer { margin-top: 22px; color: var(--quiet); font-size: 13px; }
@media (max-width: 640px) {
  main { padding: 18px 14px 32px; }
  section { padding: 14px; }
  h1 { font-size: 22px; }
  .wordy, .wordy tbody, .wordy tr, .wordy th, .wordy td { display: block; width: auto; }
  .wordy thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .wordy tr { padding: 10px 0; border-top: 1px solid var(--line); }
  .wordy caption { display: block; }
  .wordy tbody th, .wordy td { padding: 2px 0; border: 0; }
  .wordy th:first-child { width: auto; }
  .wordy td::before { content: attr(data-label); display: block; padding-top: 4px; color: var(--quiet); font-size: 12px; }
  .plain th, .plain td { padding-right: 8px; font-size: 13px; }
  .plain td:nth-child(n + 3) { min-width: 0; }
  .plain th:first-child:nth-last-child(3) { width: 38%; }
}
@media print {
  @page { size: A4; margin: 14mm; }
  :root { color-scheme: light; --ground: #ffffff; --card: #ffffff; --line: #c9ced4; --text: #000000; --quiet: #333333; --accent: #0b5a54; --band: #8fcac3; --rail: #e3e6ea; --ignored: #777777; --warn: #000000; --bad: #8f1f15; --good: #0b5a54; }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  section { padding: 10px 0 0; border: 0; border-top: 1px solid var(--line); border-radius: 0; }
  h2, h3, caption { break-after: avoid; }
  tr, li, svg { break-inside: avoid; }
  thead { display: table-header-group; }
  details { display: none; }
  th, td { padding-right: 10px; }
  .aside, .wordy td:nth-child(n + 4) .strong { font-size: 8.5pt; }
  a { color: inherit; }
  a[href^='http']::after { content: ' (' attr(href) ')'; font-size: 8pt; overflow-wrap: anywhere; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}`);
