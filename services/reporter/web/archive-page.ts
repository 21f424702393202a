// The archive of reports. In: a project. Out: sections: the reports so far, what comes next.
import { readRuns } from '../reports/ledger.js';
import { scheduledReports } from './archive-scheduled.js';
import { ARCHIVE_SHOWN_MAX, archiveSection, scheduledSection } from './archive-section.js';
import { html } from './html.js';
import { page, type DrawnPage, type PageRequest } from './page-module.js';

/** How long the ledger's answer is kept, ms. */
const RUNS_KEPT_MS = 5000;

async function read({ clickhouse, kept, project: { id } }: PageRequest) {
  return await kept.during(RUNS_KEPT_MS, `runs ${id}`, async () => await readRuns(clickhouse, id, ARCHIVE_SHOWN_MAX));
}

function draw(runs: Awaited<ReturnType<typeof read>>, { project, reports, now }: PageRequest): DrawnPage {
  const scheduled = reports && scheduledReports(reports, project.id, now);
  return {
    title: 'Reports',
    method: 'Figures of a report stay as they were when it was made.',
    asOf: undefined,
    metricVersions: [],
    choices: { prompts: [], models: [] },
    sections: [
      {
        id: 'archive',
        title: 'Reports so far',
        lede: 'Each is kept as it was made: the same address gives the same report. Times are by the clocks of the report’s time zone.',
        content: archiveSection({ project: project.id, runs, scheduled, now }),
        live: true,
      },
      ...(runs.length === 0
        ? []
        : [
            {
              id: 'scheduled',
              title: 'What comes next',
              content: html`${scheduledSection({ scheduled })}`,
              live: true,
            },
          ]),
    ],
  };
}

export const archivePage = page({
  path: '/reports',
  label: 'Reports',
  fields: [],
  styles: ['archive.css'],
  read,
  draw,
});
