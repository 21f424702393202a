// A report as a page that stands alone: no script, nothing that is fetched, one style sheet inside. In: a document. Out: HTML.
import { Html, html } from '../../web/html.js';
import type { ReportDocument } from './document.js';
import { pageSection } from './page-blocks.js';
import { PAGE_STYLE } from './page-style.js';
import { compact, unbroken } from './plain-text.js';

export function pageHtml({ title, project, edition, facts, notes, sections, link }: ReportDocument): string {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · ${project}</title>
        ${new Html(`<style>${PAGE_STYLE}</style>`)}
      </head>
      <body>
        <main>
          <header>
            <p class="project">${project}</p>
            <h1>${title}</h1>
            ${edition !== '' && html`<p class="edition">${edition}</p>`}
            <dl class="facts">
              ${facts.map(
                ({ label, value }) =>
                  html`<div>
                    <dt>${label}:</dt>
                    <dd>${value}</dd>
                  </div>`,
              )}
            </dl>
            ${
              notes.length > 0 &&
              html`<ul class="notes">
                ${notes.map((note) => html`<li>${note}</li>`)}
              </ul>`
            }
          </header>
          ${sections.map(pageSection)}
          <footer>
            ${link !== undefined && html`<a href="${link}">Open the page with these figures</a> · `}Made by Tacit
          </footer>
        </main>
      </body>
    </html> `;
  return compact(unbroken(page.markup));
}
