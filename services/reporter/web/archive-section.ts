// The archive of reports as a table. In: runs of the ledger, the reports that are configured. Out: markup.
// Must never show an address of a target: targets are called by their names.
import type { ReportRun } from '../reports/ledger.js';
import type { ScheduledReport } from './archive-scheduled.js';
import { deliveryWords, REPORT_FORMATS, runWords, slotWords, storedAddress } from './archive-words.js';
import { html, type Html, type HtmlValue } from './html.js';
import { ago, count } from './words.js';

/** Slots that the archive lists, the newest; older reports stay at their address. */
export const ARCHIVE_SHOWN_MAX = 100;

export interface ArchiveView {
  readonly project: string;
  readonly runs: readonly ReportRun[];
  /** undefined while the reports file is not usable. */
  readonly scheduled: readonly ScheduledReport[] | undefined;
  readonly now: number;
}

export function archiveSection(view: ArchiveView): Html {
  if (view.runs.length === 0) return empty(view);
  return html`<div class="card">
    <table class="archive">
      <caption class="hidden">
        Reports, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Report</th>
          <th scope="col">Due</th>
          <th scope="col">Read it</th>
          <th scope="col">Delivered to</th>
        </tr>
      </thead>
      <tbody>
        ${view.runs.map((run) => runLine(run, view))}
      </tbody>
    </table>
    ${
      view.runs.length >= ARCHIVE_SHOWN_MAX &&
      html`<p class="note">The newest ${count(ARCHIVE_SHOWN_MAX)}. Older ones stay at their addresses.</p>`
    }
  </div>`;
}

function runLine(run: ReportRun, { project, scheduled, now }: ArchiveView): Html {
  const known = scheduled?.find(({ id }) => id === run.report);
  const zone = known?.timeZone ?? 'UTC';
  return html`<tr>
    <th scope="row">${known?.title ?? run.report} <code>${run.report}</code></th>
    <td>
      <time datetime="${new Date(run.slot).toISOString()}">${slotWords(run.slot, zone)}</time>
      <span class="quiet">${zone}</span>
    </td>
    <td>${documents(run, project, known?.title ?? run.report, now)}</td>
    <td data-label="Delivered to">${deliveries(run, now)}</td>
  </tr>`;
}

function documents(run: ReportRun, project: string, title: string, now: number): HtmlValue {
  const words = runWords(run);
  const state = words !== undefined && html`<p class="quiet">${words}</p>`;
  const several = run.editions.length > 1;
  const newestFirst = [...run.editions].reverse();
  const lines = newestFirst.map(({ edition, madeAt }) => {
    const links = REPORT_FORMATS.map((format) => {
      const address = storedAddress({
        project,
        report: run.report,
        slot: run.slot,
        format,
        ...(several ? { edition } : {}),
      });
      const name = { html: 'Page', md: 'Markdown', json: 'JSON' }[format];
      return html`<a href="${address}"
        >${name}<span class="hidden"> of ${title}, ${slotWords(run.slot, 'UTC')} UTC</span></a
      >`;
    });
    return html`<li>
      ${several && html`<b>Edition ${edition}</b>`} ${links.map((link, at) => html`${at > 0 && ' · '}${link}`)}
      <span class="quiet">made ${ago(now - madeAt)}${edition > 1 && ', computed again'}</span>
    </li>`;
  });
  return html`${state}${
    lines.length > 0 &&
    html`<ul>
      ${lines}
    </ul>`
  }`;
}

function deliveries({ targets, editions }: ReportRun, now: number): Html {
  // what was never made is not kept here either
  if (targets.length === 0)
    return html`<span class="quiet">${editions.length === 0 ? 'nobody' : 'nobody: kept here'}</span>`;
  return html`<ul>
    ${targets.map((run) => {
      const [kind = '', name = ''] = run.target.split(':', 2);
      const { said, trouble } = deliveryWords(run, now);
      return html`<li>
        ${name} <code>${kind}</code>${run.edition > 1 && ` edition ${run.edition}`}
        <span class="${trouble ? 'warning' : 'quiet'}">${said}</span>
      </li>`;
    })}
  </ul>`;
}

function empty({ scheduled, project }: ArchiveView): Html {
  const due = (scheduled ?? []).filter(({ nextSlot }) => nextSlot !== undefined);
  const [one] = due;
  return html`<div class="empty">
    <p class="empty-title">No report yet.</p>
    ${
      one === undefined
        ? noneWords(scheduled)
        : html`<ul>
              ${due.map((report) => html`<li>${nextWords(report)}</li>`)}
            </ul>
            <p>To make one now: <code>npm run report -- --report ${one.id} --project ${project}</code></p>`
    }
  </div>`;
}

function noneWords(scheduled: ArchiveView['scheduled']): Html {
  if (scheduled === undefined)
    return html`<p class="warning">
      The reports file cannot be used, so no report is made. The log of the reporter says what is wrong with it.
    </p>`;
  return html`<p class="none">None is configured for this project: name one in the reports file.</p>`;
}

/** `Weekly quality report: next due Mon 30 Nov 2026, 07:00, Europe/Berlin.` */
function nextWords({ title, timeZone, nextSlot }: ScheduledReport): Html {
  if (nextSlot === undefined) return html`${title}: never due.`;
  return html`${title}: next due
    <time datetime="${new Date(nextSlot).toISOString()}">${slotWords(nextSlot, timeZone)}</time>, ${timeZone}.`;
}

/** What comes next, for a project that has reports already. */
export function scheduledSection({ scheduled }: Pick<ArchiveView, 'scheduled'>): Html {
  if (scheduled === undefined || scheduled.length === 0) return noneWords(scheduled);
  return html`<ul class="scheduled">
    ${scheduled.map((report) => html`<li>${nextWords(report)}</li>`)}
  </ul>`;
}
