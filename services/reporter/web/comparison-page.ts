// Comparisons: did it get better or worse? In: a project, a prompt perhaps; or one comparison by its id. Out: sections.
import { comparisonHistory, projectComparisons } from '../figures/comparison-figures.js';
import { readComparisons, type Comparisons } from '../figures/comparisons.js';
import { figureHead } from '../figures/figure-head.js';
import { readComparison, type ComparisonReading } from '../figures/one-comparison.js';
import { comparisonSections } from './comparison-detail.js';
import { comparisonSection, comparisonTitle } from './comparison-section.js';
import { figureTools } from './figure-tools.js';
import { html } from './html.js';
import { page, type DrawnPage, type PageRequest } from './page-module.js';
import { queryWith } from './query.js';

const METHOD =
  'Differences are stratified; their intervals are clustered by person and hold however often you look. Days are UTC.';

/** Of an id in an address; longer ones are of nothing. */
const ID_CHARS_MAX = 200;

type Readings = { readonly list: Comparisons } | { readonly one: ComparisonReading } | { readonly unknown: true };

async function read({ clickhouse, kept, filter: { project, prompt }, query: { id } }: PageRequest): Promise<Readings> {
  if (id !== undefined && id !== '') {
    if (typeof id !== 'string' || id.length > ID_CHARS_MAX) return { unknown: true };
    const key = `comparison ${JSON.stringify([project, id])}`;
    const one = await kept.untilLook(project, key, async () => await readComparison(clickhouse, project, id));
    return one === undefined ? { unknown: true } : { one };
  }
  const key = `comparisons ${JSON.stringify([project, prompt])}`;
  const read = async () => await readComparisons(clickhouse, { project, prompt });
  return { list: await kept.untilLook(project, key, read) };
}

function draw(readings: Readings, request: PageRequest): DrawnPage {
  if ('list' in readings) return drawList(readings.list, request);
  if ('one' in readings) return drawOne(readings.one, request);
  return {
    title: 'No such comparison',
    method: METHOD,
    status: 404,
    asOf: undefined,
    metricVersions: [],
    choices: { prompts: [], models: [] },
    sections: [
      {
        id: 'comparisons',
        title: 'Nothing is known of it',
        content: html`<p>
          This project has no comparison of this name.
          <a href="/comparison?${queryWith({ project: request.project.id })}">All comparisons</a>
        </p>`,
      },
    ],
  };
}

function drawList(comparisons: Comparisons, { filter }: PageRequest): DrawnPage {
  const { project, prompt } = filter;
  const prompts = [...new Set(comparisons.comparisons.map(({ prompt_id }) => prompt_id))].filter((each) => each !== '');
  return {
    title: 'Comparisons',
    method: METHOD,
    asOf: undefined,
    metricVersions: [...new Set(comparisons.comparisons.map(({ metric_version }) => metric_version))].sort(),
    choices: { prompts: prompts.sort(), models: [] },
    sections: [
      {
        id: 'comparisons',
        title: 'Did it get better or worse?',
        lede: 'Looked at once a day over all days that are final, whatever the period; the intervals hold however often you look. Among many comparisons chance alone rarely speaks.',
        content: html`${comparisonSection(comparisons, project)}
        ${figureTools(figureHead(projectComparisons, filter), filter)}`,
        live: true,
      },
    ],
    foot: html`<p>With sentences: <a href="/api/comparisons?${queryWith({ project, prompt })}">JSON</a></p>`,
  };
}

function drawOne(reading: ComparisonReading, { filter }: PageRequest): DrawnPage {
  const { row } = reading;
  const asked = { ...filter, id: row.comparison_id };
  return {
    title: comparisonTitle(row),
    method: METHOD,
    asOf: Date.parse(`${row.look_at.replace(' ', 'T')}Z`),
    metricVersions: [row.metric_version],
    choices: { prompts: row.prompt_id === '' ? [] : [row.prompt_id], models: [] },
    sections: comparisonSections(reading, figureTools(figureHead(comparisonHistory, asked), asked)),
    foot: html`<p>
      <a href="/comparison?${queryWith({ project: row.project_id })}">All comparisons of this project</a>
    </p>`,
  };
}

export const comparisonPage = page({
  path: '/comparison',
  label: 'Comparisons',
  fields: ['prompt'],
  styles: ['comparison.css'],
  read,
  draw,
});
