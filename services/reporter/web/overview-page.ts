// The overview: what is worse or fallen, what people take, per prompt and version, by day, what they reject. In: a project and a period.
// Out: sections.
import { readDriftStates } from '../drift/drift-state.js';
import { readComparisons } from '../figures/comparisons.js';
import { readFigure } from '../figures/figure.js';
import { readOffered } from '../figures/offered.js';
import { readLastStored } from '../figures/quality.js';
import { RATE_ROWS_MAX, projectTotals, promptRates, versionRates } from '../figures/rates.js';
import { rejectedPrompts } from '../figures/rejected-prompts.js';
import { projectTrend } from '../figures/trends.js';
import { readWindowState } from '../figures/window-state.js';
import { emptyState, windowNote } from './empty-state.js';
import { figureTools } from './figure-tools.js';
import { findingsSection } from './findings-section.js';
import { html, type Html } from './html.js';
import { DRIFT_KEPT_MS, SHARED_MS } from './kept.js';
import { page, type DrawnPage, type PageRequest, type Section } from './page-module.js';
import { metricVersionsOf, newestOf } from './rate-cells.js';
import { byPrompt, legend, promptLink, promptsTable, totalsTable, versionsTable } from './rates-table.js';
import { rejectedSection } from './rejected-section.js';
import { trendSection } from './trend-section.js';
import { countingRule, counted } from './words.js';

/** Prompts that have a table of their versions here; each has a page of its own. */
export const PROMPTS_SHOWN_MAX = 12;

async function read({ clickhouse, kept, filter }: PageRequest) {
  const { project, model } = filter;
  const { prompt: _, ...asked } = filter;
  const key = JSON.stringify(asked);
  const [figures, comparisons, drift, lastStored] = await Promise.all([
    kept.untilRollup(project, `overview ${key}`, async () => {
      const [window, totals, prompts, versions, offered, trend, rejected] = await Promise.all([
        readWindowState(clickhouse, asked),
        readFigure(clickhouse, projectTotals, asked),
        readFigure(clickhouse, promptRates, asked),
        readFigure(clickhouse, versionRates, asked),
        model === undefined ? undefined : readOffered(clickhouse, asked),
        readFigure(clickhouse, projectTrend, asked),
        readFigure(clickhouse, rejectedPrompts, asked),
      ]);
      return { window, totals, prompts, versions, offered: offered ?? versions.rows, trend, rejected };
    }),
    kept.untilLook(project, `findings ${project}`, async () => await readComparisons(clickhouse, { project })),
    kept.during(DRIFT_KEPT_MS, `drift ${project}`, async () => await readDriftStates(clickhouse, project)),
    kept.during(SHARED_MS, `stored ${project}`, async () => await readLastStored(clickhouse, project)),
  ]);
  return { ...figures, comparisons, drift, lastStored, asked };
}

type Readings = Awaited<ReturnType<typeof read>>;

function draw(readings: Readings, request: PageRequest): DrawnPage {
  const { totals, prompts, offered, comparisons, drift } = readings;
  const { filter } = request;
  const names = (all: readonly string[]) => [...new Set(all)].filter((name) => name !== '').sort();
  return {
    asOf: newestOf(totals.rows),
    metricVersions: metricVersionsOf(totals.rows),
    choices: {
      prompts: names(prompts.rows.map(({ prompt_id }) => prompt_id)),
      models: names(offered.map(({ model }) => model)),
    },
    sections: [
      {
        id: 'findings',
        title: 'What is worse, or has fallen?',
        lede: 'Comparisons are looked at once a day over all days that are final, whatever the period; a fall is against a prompt’s own earlier days.',
        content: findingsSection(comparisons.comparisons, drift, filter),
        live: true,
      },
      ...rateSections(readings, request),
    ],
  };
}

function rateSections(readings: Readings, { filter, project }: PageRequest): Section[] {
  const { window, totals, prompts, trend, rejected, lastStored, asked } = readings;
  const rule = `The share of answers that people copied, inserted or edited rather than rejected or ignored. ${countingRule(project.settings, project.surfaces)} Days are UTC.`;
  const title = 'What people take';
  if (totals.rows.length === 0) {
    const hints = { demo: /demo/i.test(project.id), everStored: lastStored > 0, narrowed: false, window };
    return [{ id: 'figures', title, lede: rule, content: emptyState(hints), live: true }];
  }
  const name = project.name ?? project.id;
  return [
    {
      id: 'figures',
      title,
      lede: rule,
      content: html`${windowNote(window)} ${legend()}
        <div class="card">${totalsTable(`Acceptance of ${name}`, 'All prompts', totals.rows)}</div>
        ${figureTools(totals, asked)}`,
      live: true,
    },
    {
      id: 'trend',
      title: 'Day by day',
      content: html`${trendSection({ title: `Acceptance rate of ${name} by day`, rows: trend.rows, deployments: [], project })}
      ${figureTools(trend, asked)}`,
      live: true,
    },
    {
      id: 'prompts',
      title: 'Prompts',
      lede: 'Each leads to its own page: by day, with what went live, and why it is taken or not.',
      content: html`<div class="card">${promptsTable(filter, prompts.rows)}</div>
        ${figureTools(prompts, asked)}`,
      live: true,
    },
    { id: 'versions', title: 'Versions and models', ...versionsContent(readings, filter), live: true },
    {
      id: 'rejected',
      title: 'Most rejected prompts',
      content: html`${rejectedSection(rejected.rows, filter)} ${figureTools(rejected, asked)}`,
      live: true,
    },
  ];
}

function versionsContent(
  { versions, asked }: Readings,
  filter: PageRequest['filter'],
): { readonly lede?: string; readonly content: Html } {
  const prompts = byPrompt(versions.rows);
  const left = prompts.length - PROMPTS_SHOWN_MAX;
  const content = html`${prompts.slice(0, PROMPTS_SHOWN_MAX).map(
    ([prompt, rows]) =>
      html`<section class="card">
        <h3>${promptLink(filter, prompt)}</h3>
        ${versionsTable(`Acceptance of ${prompt === '' ? 'answers without a prompt' : prompt} by prompt version and model version`, rows)}
      </section>`,
  )}
  ${left > 0 && html`<p class="note">${counted(left, 'more prompt')}: each has its versions on its own page.</p>`}
  ${
    versions.rows.length === RATE_ROWS_MAX &&
    html`<p class="note">The ${RATE_ROWS_MAX} combinations with the most generations.</p>`
  }
  ${versions.rows.length === 0 && html`<p class="none">No version of this model in this period.</p>`}
  ${figureTools(versions, asked)}`;
  if (filter.model === undefined) return { content };
  return {
    lede: `Only these are narrowed to ${filter.model}: a person can have several models, so the figures above count all.`,
    content,
  };
}

export const overviewPage = page({ path: '/', label: 'Overview', fields: ['model', 'period'], read, draw });
