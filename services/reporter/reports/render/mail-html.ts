// A report as the HTML of a mail: 640 px wide at most, inline styles, no SVG, no script, nothing remote. In: a document and what the
// list of mails shows below the subject. Out: HTML of a bounded size, since mail programs cut what is long.
import { Html, html } from '../../web/html.js';
import type { ReportDocument } from './document.js';
import { mailSection, more, type MailLimits } from './mail-blocks.js';
import { compact, cutText, unbroken } from './plain-text.js';
import { MAIL_STYLE, as } from './mail-style.js';

/** Gmail cuts a mail at 102 KB. */
export const MAIL_BYTES_MAX = 90_000;
/** Tried in turn until it fits. */
const LIMITS: readonly MailLimits[] = [
  { rows: 20, days: 31, charts: 2, lines: 20, chars: 4000 },
  { rows: 20, days: 28, charts: 1, lines: 12, chars: 1500 },
  { rows: 10, days: 14, charts: 1, lines: 8, chars: 800 },
  { rows: 5, days: 7, charts: 1, lines: 4, chars: 400 },
  { rows: 2, days: 2, charts: 0, lines: 2, chars: 60 },
];

export function mailHtml(document: ReportDocument, preheader: string): string {
  let mail = '';
  for (const limits of LIMITS) {
    mail = compact(unbroken(draw(document, preheader, limits).markup));
    if (Buffer.byteLength(mail) <= MAIL_BYTES_MAX) break;
  }
  return mail;
}

function draw(document: ReportDocument, preheader: string, limits: MailLimits): Html {
  const { edition, facts, notes, sections, link } = document;
  const short = (text: string) => cutText(text, limits.chars);
  const [title, project] = [short(document.title), short(document.project)];
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <title>${title} · ${project}</title>
        ${new Html(`<style>${MAIL_STYLE}</style>`)}
      </head>
      <body ${as('body')}>
        <div role="main">
          <div ${as('hidden')}>${preheader}</div>
          <table role="presentation" ${as('frame')} align="center">
            <tr>
              <td ${as('card')}>
                <p ${as('project')}>${project}</p>
                <h1 ${as('title')}>${title}</h1>
                ${edition !== '' && html`<p ${as('warn')}><b>${edition}</b></p>`}
                <p ${as('quiet')}>
                  ${facts.map(({ label, value }, index) => html`${index > 0 && html`<br />`}${label}: ${short(value)}`)}
                </p>
                ${notes.slice(0, limits.lines).map((note) => html`<p ${as('warn')}>${short(note)}</p>`)}
                ${more(notes.length - limits.lines, 'note')}
                ${link !== undefined && html`<p ${as('text')}><a href="${link}" ${as('link')}>Open the page</a></p>`}
              </td>
            </tr>
            <tr>
              <td ${as('gap')}>&nbsp;</td>
            </tr>
            ${sections.map((section) => mailSection(section, limits))}
          </table>
        </div>
      </body>
    </html> `;
}
