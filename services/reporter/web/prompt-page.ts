// One prompt: its rates by version and model, by day with what went live, comparisons and watch in words, why and how it is taken. In: a
// project, a prompt and a period; without a prompt, the prompts to choose from. Out: sections.
import { readFigure } from '../figures/figure.js';
import { readOffered } from '../figures/offered.js';
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
  const key = JSON.stringify(everything);
  const [{ window, offered }, lastStored, prompts, ofPrompt] = await Promise.all([
    kept.untilRollup(project, `offered ${key}`, async () => {
      const [window, offered] = await Promise.all([
        readWindowState(clickhouse, everything),
        readOffered(clickhouse, everything),
      ]);
      return { window, offered };
    }),
    kept.during(SHARED_MS, `stored ${project}`, async () => await readLastStored(clickhouse, project)),
    prompt === undefined
      ? kept.untilRollup(project, `prompts ${key}`, async () => await readFigure(clickhouse, promptRates, everything))
      : undefined,
    prompt === undefined ? undefined : readPrompt(request, { ...everything, prompt }, model),
  ]);
  return { window, offered, lastStored, prompts, ofPrompt, everything };
}

type Readings = Awaited<ReturnType<typeof read>>;

function draw(readings: Readings, request: PageRequest): DrawnPage {
  const { prompts, ofPrompt, offered } = readings;
  const { filter } = request;
  const rows = ofPrompt?.totals.rows ?? prompts?.rows ?? [];
  const names = (all: readonly string[]) => [...new Set(all)].filter((name) => name !== '').sort();
  return {
    title: filter.prompt ?? 'Prompts',
    asOf: newestOf(rows),
    metricVersions: metricVersionsOf(rows),
    choices: {
      prompts: names(offered.map(({ prompt_id }) => prompt_id)),
      models: names(offered.filter(({ prompt_id }) => prompt_id === filter.prompt).map(({ model }) => model)),
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
      prompts === undefined || prompts.rows.length === 0
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
