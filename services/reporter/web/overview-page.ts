// The overview: what people take, per prompt and version, and what has fallen. In: a project and a period. Out: sections.
import { readDriftStates } from '../drift/drift-state.js';
import { readCells, readChoices, type Cells } from '../figures/cells.js';
import { readLastStored } from '../figures/quality.js';
import { driftSection } from './drift-section.js';
import { figuresSection } from './figures-section.js';
import { page, type DrawnPage, type PageRequest } from './page-module.js';
import { countingRule } from './words.js';

/** How long states of the drift watch are kept, ms: they change once a day. */
const DRIFT_KEPT_MS = 30_000;

async function read({ clickhouse, kept, filter }: PageRequest) {
  const { project } = filter;
  const key = JSON.stringify(filter);
  const [{ cells, choices }, drift, lastStored] = await Promise.all([
    kept.untilRollup(project, `cells ${key}`, async () => {
      const [cells, choices] = await Promise.all([readCells(clickhouse, filter), readChoices(clickhouse, filter)]);
      return { cells, choices };
    }),
    kept.during(DRIFT_KEPT_MS, `drift ${project}`, async () => await readDriftStates(clickhouse, project)),
    kept.during(1000, `stored ${project}`, async () => await readLastStored(clickhouse, project)),
  ]);
  return { cells, choices, drift, lastStored };
}

function draw(
  { cells, choices, drift, lastStored }: Awaited<ReturnType<typeof read>>,
  { filter, project }: PageRequest,
): DrawnPage {
  return {
    asOf: cells.asOf,
    metricVersions: metricVersionsOf(cells),
    choices,
    sections: [
      {
        id: 'figures',
        title: 'What people take',
        lede: `The share of answers that people copied, inserted or edited rather than rejected or ignored. ${countingRule(project.settings, project.surfaces)} Days are UTC.`,
        content: figuresSection(cells, filter, { demo: /demo/i.test(project.id), everStored: lastStored > 0 }),
        live: true,
      },
      {
        id: 'drift',
        title: 'Has anything fallen?',
        lede: 'Each prompt, and each version of one that has several, is watched against its own earlier days. That says since when a rate is lower and what went live then, not why: there is nothing to compare it with.',
        content: driftSection(drift),
        live: true,
      },
    ],
  };
}

function metricVersionsOf({ cells }: Cells): string[] {
  return [...new Set(cells.map(({ metricVersion }) => metricVersion))].sort();
}

export const overviewPage = page({ path: '/', label: 'Overview', fields: ['model', 'period'], read, draw });
