// Comparisons: did it get better or worse? In: a project, a prompt perhaps. Out: sections.
import { readComparisons } from '../figures/comparisons.js';
import { comparisonSection } from './comparison-section.js';
import { html } from './html.js';
import { page, type DrawnPage, type PageRequest } from './page-module.js';
import { queryWith } from './query.js';

async function read({ clickhouse, kept, filter: { project, prompt } }: PageRequest) {
  return await kept.untilLook(
    project,
    `comparisons ${JSON.stringify([project, prompt])}`,
    async () => await readComparisons(clickhouse, { project, prompt }),
  );
}

function draw(comparisons: Awaited<ReturnType<typeof read>>, { filter: { project, prompt } }: PageRequest): DrawnPage {
  const query = queryWith({ project, prompt });
  const prompts = [...new Set(comparisons.comparisons.map(({ prompt_id }) => prompt_id))].filter((each) => each !== '');
  return {
    title: 'Comparisons',
    asOf: 0,
    metricVersions: [...new Set(comparisons.comparisons.map(({ metric_version }) => metric_version))].sort(),
    choices: { prompts: prompts.sort(), models: [] },
    sections: [
      {
        id: 'comparisons',
        title: 'Did it get better or worse?',
        lede: 'Looked at once a day over all days that are final, whatever the period; the intervals hold however often you look. Among many comparisons chance alone rarely speaks.',
        content: comparisonSection(comparisons, project),
        live: true,
      },
    ],
    foot: html`<p>
      <a href="/api/comparisons?${query}">JSON</a> · <a href="/api/comparisons?${query}&amp;format=csv">CSV</a>
    </p>`,
  };
}

export const comparisonPage = page({ path: '/comparison', label: 'Comparisons', fields: ['prompt'], read, draw });
