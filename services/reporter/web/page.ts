// The live page as a whole document. In: the view of one project. Out: HTML that can be read without a script; the script only
// puts newer pieces in place. Must never refer to another host.
import { PERIODS, type Filter, type Period } from '../figures/filter.js';
import { html, type Html } from './html.js';

/** Pieces of the page that the script replaces, by the id of their element. */
export interface Pieces {
  readonly freshness: Html;
  readonly figures: Html;
  readonly comparisons: Html;
  readonly drift: Html;
  readonly quality: Html;
}

export interface PageView {
  readonly projects: readonly { readonly id: string; readonly name: string }[];
  readonly filter: Filter;
  readonly choices: { readonly prompts: readonly string[]; readonly models: readonly string[] };
  /** W and L in words. */
  readonly rule: string;
  readonly pieces: Pieces;
  readonly now: number;
}

const PERIOD_WORDS: Readonly<Record<Period, string>> = {
  today: 'Today',
  '7d': 'Last 7 days',
  '28d': 'Last 28 days',
  '90d': 'Last 90 days',
  '365d': 'Last 365 days',
};

export function renderPage(view: PageView): string {
  const { filter, pieces } = view;
  const comparisonsQuery = queryWith({ project: filter.project, prompt: filter.prompt });
  const name = view.projects.find(({ id }) => id === filter.project)?.name ?? filter.project;
  return document(
    `${name} · Tacit`,
    html`<main data-now="${view.now}">
      <header class="top">
        <div class="brand">${mark()}<span>Tacit</span></div>
        <h1>${name}</h1>
        <p class="freshness" id="freshness">${pieces.freshness}</p>
      </header>
      ${filterForm(view)}
      <section aria-labelledby="rates-title">
        <h2 id="rates-title">What people take</h2>
        <p class="lede">
          The share of answers that people copied, inserted or edited rather than rejected or ignored. ${view.rule} Days
          are UTC.
        </p>
        <div id="figures">${pieces.figures}</div>
      </section>
      <section aria-labelledby="comparisons-title">
        <h2 id="comparisons-title">Did it get better or worse?</h2>
        <p class="lede">
          Looked at once a day over all days that are final, whatever the period above; the intervals hold however often
          you look. Among many comparisons chance alone rarely speaks.
        </p>
        <div id="comparisons">${pieces.comparisons}</div>
        <p class="note">
          <a href="/api/comparisons?${comparisonsQuery}">JSON</a> ·
          <a href="/api/comparisons?${comparisonsQuery}&amp;format=csv">CSV</a>
        </p>
      </section>
      <section aria-labelledby="drift-title">
        <h2 id="drift-title">Has anything fallen?</h2>
        <p class="lede">
          Each prompt, and each version of one that has several, is watched against its own earlier days. That says
          since when a rate is lower and what went live then, not why: there is nothing to compare it with.
        </p>
        <div id="drift">${pieces.drift}</div>
      </section>
      <section aria-labelledby="quality-title">
        <h2 id="quality-title">Is it working?</h2>
        <div id="quality" class="quality">${pieces.quality}</div>
      </section>
      <footer class="quiet">
        Intervals are 95 % Wilson intervals, clustered by person. Figures come from the scheduled roll-up.
        <a href="/api/rates?${queryOf(filter)}">JSON</a> ·
        <a href="/api/rates?${queryOf(filter)}&amp;format=csv">CSV</a>
      </footer>
    </main>`,
  );
}

/** A page with one message: no access, no figures now. */
export function renderMessage(title: string, text: string): string {
  return document(
    `${title} · Tacit`,
    html`<main class="message">
      <div class="brand">${mark()}<span>Tacit</span></div>
      <h1>${title}</h1>
      <p>${text}</p>
    </main>`,
  );
}

function document(title: string, body: Html): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/page.css" />
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

function filterForm({ projects, filter, choices }: PageView): Html {
  const period = filter.period ?? '';
  const periods = Object.keys(PERIODS).map((each) => [each, PERIOD_WORDS[each as Period]] as const);
  const custom = [['', `${filter.from} to before ${filter.to}`] as const];
  return html`<form class="filters" method="get" action="/">
    ${select(
      'project',
      'Project',
      filter.project,
      projects.map(({ id, name }) => [id, name] as const),
    )}
    ${select('prompt', 'Prompt', filter.prompt ?? '', [['', 'All prompts'], ...withChosen(choices.prompts, filter.prompt)])}
    ${select('model', 'Model', filter.model ?? '', [['', 'All models'], ...withChosen(choices.models, filter.model)])}
    ${select('period', 'Period', period, period === '' ? [...custom, ...periods] : periods)}
    ${period === '' && html`<input type="hidden" name="from" value="${filter.from}" /><input type="hidden" name="to" value="${filter.to}" />`}
    <button>Show</button>
  </form>`;
}

function withChosen(names: readonly string[], chosen: string | undefined): (readonly [string, string])[] {
  const all = chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
  return all.map((name) => [name, name] as const);
}

function select(name: string, label: string, value: string, options: readonly (readonly [string, string])[]): Html {
  return html`<label
    ><span>${label}</span
    ><select name="${name}">
      ${options.map(([key, words]) =>
        key === value
          ? html`<option value="${key}" selected>${words}</option>`
          : html`<option value="${key}">${words}</option>`,
      )}
    </select></label
  >`;
}

/** The filter as a query string, without what is not set. */
export function queryOf(filter: Filter): string {
  const { project, prompt, model, period, from, to } = filter;
  return queryWith({ project, prompt, model, ...(period === undefined ? { from, to } : { period }) });
}

function queryWith(parameters: Readonly<Record<string, string | undefined>>): string {
  const entries = Object.entries(parameters);
  return new URLSearchParams(entries.filter((entry): entry is [string, string] => entry[1] !== undefined)).toString();
}
