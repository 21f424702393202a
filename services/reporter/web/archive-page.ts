// The archive of reports. In: a project. Out: sections.
import { html } from './html.js';
import { page, type DrawnPage } from './page-module.js';

function draw(): DrawnPage {
  return {
    title: 'Reports',
    asOf: 0,
    metricVersions: [],
    choices: { prompts: [], models: [] },
    sections: [
      {
        id: 'archive',
        title: 'Reports so far',
        content: html`<div class="empty"><p class="empty-title">No report yet.</p></div>`,
      },
    ],
  };
}

export const archivePage = page({ path: '/reports', label: 'Reports', fields: [], read: async () => undefined, draw });
