// One prompt: its rates by version and model, by day with what went live, comparisons and watch in words, why and how it is taken. In: a
// project, a prompt and a period; without a prompt, the prompts to choose from. Out: sections.
import { readFigure } from '../figures/figure.js';
import { readLastStored } from '../figures/quality.js';
import { promptRates } from '../figures/rates.js';
import { readWindowState } from '../figures/window-state.js';
import { emptyState } from './empty-state.js';
import { html } from './html.js';
import { SHARED_MS } from './kept.js';
import { page, type DrawnPage, type PageRequest, type Section } from './page-module.js';
import { readPrompt } from './prompt-reading.js';
import { promptSections } from './prompt-sections.js';
import { metricVersionsOf, newestOf } from './rate-cells.js';
import { promptsTable } from './rates-table.js';
import { figureTools } from './figure-tools.js';

async function read(request: PageRequest) {
  const { clickhouse, kept, filter } = request;
  const { prompt, model, ...everything } = filter;
  const { project } = filter;
  const [all, lastStored, ofPrompt] = await Promise.all([
    kept.untilRollup(project, `prompts ${JSON.stringify(everything)}`, async () => {
      const [window, prompts] = await Promise.all([
        readWindowState(clickhouse, everything),
        readFigure(clickhouse, promptRates, everything),
      ]);
      return { window, prompts };
    }),
    kept.during(SHARED_MS, `stored ${project}`, async () => await readLastStored(clickhouse, project)),
    prompt === undefined ? undefined : readPrompt(request, { ...everything, prompt }, model),
  ]);
  return { ...all, lastStored, ofPrompt, everything };
}

type Readings = Awaited<ReturnType<typeof read>>;

function draw(readings: Readings, request: PageRequest): DrawnPage {
  const { prompts, ofPrompt } = readings;
  const { filter } = request;
  const rows = ofPrompt?.totals.rows ?? prompts.rows;
  const names = (all: readonly string[]) => [...new Set(all)].filter((name) => name !== '').sort();
  return {
    title: filter.prompt ?? 'Prompts',
    asOf: newestOf(rows),
    metricVersions: metricVersionsOf(rows),
    choices: {
      prompts: names(prompts.rows.map(({ prompt_id }) => prompt_id)),
      models: names((ofPrompt?.offered.rows ?? []).map(({ model }) => model)),
    },
    sections:
      ofPrompt === undefined
        ? [choice(readings, request)]
        : promptSections(ofPrompt, request, emptyOf(readings, request)),
  };
}

function emptyOf({ window, lastStored }: Readings, { project, filter }: PageRequest) {
  return emptyState({
    demo: /demo/i.test(project.id),
    everStored: lastStored > 0,
    narrowed: filter.prompt !== undefined,
    window,
  });
}

function choice(readings: Readings, request: PageRequest): Section {
  const { prompts, everything } = readings;
  return {
    id: 'figures',
    title: 'Choose a prompt',
    content:
      prompts.rows.length === 0
        ? emptyOf(readings, request)
        : html`<div class="card">${promptsTable(request.filter, prompts.rows)}</div>
            ${figureTools(prompts, everything)}`,
    live: true,
  };
}

export const promptPage = page({
  path: '/prompt',
  label: 'Prompts',
  fields: ['prompt', 'model', 'period'],
  read,
  draw,
});
