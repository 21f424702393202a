// The frame that all pages share: document, skip link, navigation, filters, footer. In: a page as it was drawn. Out: HTML that can
// be read and used without a script. Must never refer to another host.
import type { Filter } from '../figures/filter.js';
import { filterForm } from './filter-form.js';
import { html, type Html } from './html.js';
import type { DrawnPage, FilterField, PagePath, Section } from './page-module.js';
import { queryOf, queryWith } from './query.js';
import { count, instant } from './words.js';

export interface FrameView {
  readonly path: PagePath;
  /** The pages, in the order of the navigation. */
  readonly pages: readonly { readonly path: PagePath; readonly label: string }[];
  readonly fields: readonly FilterField[];
  readonly styles: readonly string[];
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly filter: Filter;
  /** How fresh the figures are, in words. */
  readonly freshness: Html;
  readonly drawn: DrawnPage;
  readonly now: number;
}

export function renderFrame(view: FrameView): string {
  const { path, pages, filter, drawn } = view;
  const project = view.projects.find(({ id }) => id === filter.project)?.name ?? filter.project;
  const label = pages.find((each) => each.path === path)?.label ?? '';
  const live = drawn.sections.some((section) => section.live === true);
  const title = drawn.title === undefined ? project : `${drawn.title} · ${project}`;
  return document(
    { title: `${title} · Tacit`, styles: view.styles },
    html`<a class="skip" href="#content">Skip to the content</a>
      <header class="top">
        <div class="bar-of-pages">
          <div class="brand">${mark()}<span>Tacit</span></div>
          <nav aria-label="Pages">
            <ul>
              ${pages.map((each) => navigationItem(each, path, filter))}
            </ul>
          </nav>
        </div>
      </header>
      <main id="content" tabindex="-1" data-now="${view.now}" data-page="${path}" ${live && html`data-live="yes"`}>
        <div class="head">
          ${drawn.title !== undefined && html`<p class="kicker">${label} · ${project}</p>`}
          <h1>${drawn.title ?? project}</h1>
          <p class="freshness" id="freshness">${view.freshness}</p>
        </div>
        ${filterForm(view)} ${drawn.sections.map(section)}
      </main>
      ${footer(view)}`,
  );
}

/** What the script may replace, by the id of its element. */
export function livePieces(view: Pick<FrameView, 'freshness' | 'drawn'>): Record<string, string> {
  const live = view.drawn.sections.filter((each) => each.live === true);
  return {
    freshness: view.freshness.markup,
    ...Object.fromEntries(live.map(({ id, content }) => [id, content.markup])),
  };
}

function navigationItem({ path, label }: FrameView['pages'][number], current: PagePath, filter: Filter): Html {
  const kept = path === '/' || path === '/prompt' ? queryOf(filter, path) : queryWith({ project: filter.project });
  const href = `${path}?${kept}`;
  return path === current
    ? html`<li><a href="${href}" aria-current="page">${label}</a></li>`
    : html`<li><a href="${href}">${label}</a></li>`;
}

function section({ id, title, lede, content }: Section): Html {
  return html`<section aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${lede !== undefined && html`<p class="lede">${lede}</p>`}
    <div id="${id}">${content}</div>
  </section>`;
}

const RATES_METHOD =
  'Intervals are 95 % Wilson intervals, clustered by person. Figures come from the scheduled roll-up; days are UTC.';

function footer({ drawn }: FrameView): Html {
  const { asOf, metricVersions, foot, method = RATES_METHOD } = drawn;
  const judged =
    asOf === undefined || asOf === 0
      ? null
      : html`Figures as of <time datetime="${new Date(asOf).toISOString()}">${instant(asOf)}</time>. `;
  const versions = metricVersions.length === 0 ? null : `${metricWords(metricVersions)} `;
  return html`<footer class="foot quiet">
    <p>${judged}${versions}${method}</p>
    ${foot}
  </footer>`;
}

function metricWords(versions: readonly string[]): string {
  const [first = '', second] = versions;
  if (second === undefined) return `Metric version ${first}.`;
  return `${count(versions.length)} metric versions (${versions.slice(0, 5).join(', ')}${versions.length > 5 ? ', …' : ''}): figures of different ones are never put together.`;
}

/** A page with one message: no access, no figures now. `way`: a link to the overview, for those who may see it. */
export function renderMessage(title: string, text: string, way: 'home' | 'none' = 'none'): string {
  return document(
    { title: `${title} · Tacit`, styles: [] },
    html`<main class="message">
      <div class="brand">${mark()}<span>Tacit</span></div>
      <h1>${title}</h1>
      <p>${text}</p>
      ${way === 'home' && html`<p><a href="/">To the overview</a></p>`}
    </main>`,
  );
}

function document({ title, styles }: { title: string; styles: readonly string[] }, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        ${['page.css', ...styles].map((name) => html`<link rel="stylesheet" href="/assets/${name}" />`)}
        <script src="/assets/live.js" defer></script>
      </head>
      <body>
        ${body}
      </body>
    </html>`.markup;
}

function mark(): Html {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
    <rect width="24" height="24" rx="7" />
    <path d="M6.5 12.5l3.6 3.6 7.4-8.2" />
  </svg>`;
}
