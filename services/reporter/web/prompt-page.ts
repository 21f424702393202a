// One prompt: its rates by version and model. In: a project, a prompt and a period. Out: sections.
import { readCells, readChoices } from '../figures/cells.js';
import { figuresSection } from './figures-section.js';
import { page, type DrawnPage, type PageRequest } from './page-module.js';

async function read({ clickhouse, kept, filter }: PageRequest) {
  return await kept.untilRollup(filter.project, `cells ${JSON.stringify(filter)}`, async () => {
    const [cells, choices] = await Promise.all([readCells(clickhouse, filter), readChoices(clickhouse, filter)]);
    return { cells, choices };
  });
}

function draw({ cells, choices }: Awaited<ReturnType<typeof read>>, { filter }: PageRequest): DrawnPage {
  return {
    title: filter.prompt ?? 'All prompts',
    asOf: cells.asOf,
    metricVersions: [...new Set(cells.cells.map(({ metricVersion }) => metricVersion))].sort(),
    choices,
    sections: [
      {
        id: 'figures',
        title: 'What people take',
        content: figuresSection(cells, filter, { demo: false, everStored: true }),
        live: true,
      },
    ],
  };
}

export const promptPage = page({ path: '/prompt', label: 'Prompt', fields: ['prompt', 'model', 'period'], read, draw });
