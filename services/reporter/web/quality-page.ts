// Data quality: is it working? In: a project and a period. Out: sections.
import { targetKey } from '../../../shared/contract/alert-targets.js';
import { readTargetStates } from '../alerts/ledger.js';
import { readCells } from '../figures/cells.js';
import { readDeadLetters, readDrops, readLastStored, readRecentEvents } from '../figures/quality.js';
import { html } from './html.js';
import { SHARED_MS } from './kept.js';
import { page, type DrawnPage, type PageRequest } from './page-module.js';
import { qualitySection } from './quality-section.js';

async function read({ clickhouse, kept, filter }: PageRequest) {
  const { project } = filter;
  const [cells, quality] = await Promise.all([
    kept.untilRollup(
      project,
      `quality cells ${JSON.stringify(filter)}`,
      async () => await readCells(clickhouse, filter),
    ),
    kept.during(SHARED_MS, `quality ${project}`, async () => {
      const [drops, deadLetters, recent, lastStored, alerts] = await Promise.all([
        readDrops(clickhouse, project),
        readDeadLetters(clickhouse, project),
        readRecentEvents(clickhouse, project),
        readLastStored(clickhouse, project),
        readTargetStates(clickhouse, [project]),
      ]);
      return { drops, deadLetters, recent, lastStored, alerts };
    }),
  ]);
  return { cells, quality };
}

function draw({ cells, quality }: Awaited<ReturnType<typeof read>>, { project, now }: PageRequest): DrawnPage {
  return {
    title: 'Data quality',
    asOf: cells.asOf,
    metricVersions: [...new Set(cells.cells.map(({ metricVersion }) => metricVersion))].sort(),
    choices: { prompts: [], models: [] },
    sections: [
      {
        id: 'quality',
        title: 'Is it working?',
        content: html`<div class="quality">
          ${qualitySection(quality, cells, project.alerts.targets.map(targetKey), now)}
        </div>`,
        live: true,
      },
    ],
  };
}

export const qualityPage = page({ path: '/quality', label: 'Data quality', fields: ['period'], read, draw });
