// Puts a report together. In: readings and what the report is. Out: a report. Pure: the same readings give the same report.
import type { VisibleProject } from '../../access.js';
import { countingRule } from '../../web/words.js';
import type { ReportDefinition } from '../definition.js';
import { reportId } from '../report-id.js';
import type { Report } from '../report.js';
import { headline } from './headline.js';
import { method } from './method.js';
import { notes } from './notes.js';
import { inReadingOrder, ratesSection, reportRate } from './rates.js';
import type { LevelRow } from './read-levels.js';
import type { Readings } from './readings.js';
import { standing } from './standing-now.js';
import type { ReportWindow } from './window.js';

export interface Frame {
  readonly project: VisibleProject;
  readonly definition: ReportDefinition;
  readonly window: ReportWindow;
  /** Scheduled instant, ms. */
  readonly slot: number;
  readonly edition: number;
  readonly now: number;
  readonly previous: Report | undefined;
  readonly publicUrl: string | undefined;
}

export function assemble(frame: Frame, readings: Readings): Report {
  const { project, definition, window, slot, edition, now } = frame;
  const { totals, versions, findings } = readings;
  const prompts = definition.prompts ?? [];
  const has = (section: ReportDefinition['sections'][number]) => definition.sections.includes(section);
  const asOf = totals.rows.reduce((newest, row) => Math.max(newest, row.asOf), 0);
  return {
    version: 1,
    id: reportId(definition.id, project.id, slot, edition),
    report: { id: definition.id, title: definition.title ?? definition.id, timeZone: definition.timeZone },
    project: { id: project.id, name: project.name ?? project.id },
    slot: new Date(slot).toISOString(),
    edition,
    madeAt: new Date(now).toISOString(),
    window,
    prompts,
    asOf: asOf === 0 ? null : new Date(asOf).toISOString(),
    metricVersions: metricVersions(totals.rows),
    rule: countingRule(project.settings, project.surfaces),
    link: linkOf(frame),
    notes: notes({
      totals: totals.rows,
      prompts,
      window,
      firstShownDay: undefined,
      spanS: longestSpan(project),
      everStored: readings.lastStored > 0,
      slot,
      now,
    }),
    headline: headline(findings),
    totals: totals.rows.slice(0, 200).map(reportRate).sort(inReadingOrder),
    rates: has('rates') ? ratesSection(versions) : null,
    trend: null,
    changes: null,
    rejected: null,
    edits: null,
    ignores: null,
    decisions: null,
    ratings: null,
    quality: null,
    standing: standing(versions, findings, []),
    method: method(definition),
  };
}

function metricVersions(rows: readonly LevelRow[]): string[] {
  return [...new Set(rows.map(({ metricVersion }) => metricVersion))].sort();
}

/** W + L of the project or of that surface of it that takes longest, seconds. */
export function longestSpan({ settings, surfaces }: Pick<VisibleProject, 'settings' | 'surfaces'>): number {
  return Math.max(...[settings, ...Object.values(surfaces)].map(({ windowS, latenessS }) => windowS + latenessS));
}

function linkOf({ project, definition, window, publicUrl }: Frame): string | null {
  if (publicUrl === undefined) return null;
  const [only, ...others] = definition.prompts ?? [];
  const query = new URLSearchParams({ project: project.id, from: window.from, to: window.to });
  if (only !== undefined && others.length === 0) query.set('prompt', only);
  return `${publicUrl.replace(/[/?#]+$/, '')}/?${query.toString()}`;
}
