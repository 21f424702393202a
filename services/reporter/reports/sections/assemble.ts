// Puts a report together. In: readings and what the report is. Out: a report. Pure: the same readings give the same report.
import type { VisibleProject } from '../../access.js';
import { metricVersion } from '../../settings-sync.js';
import { countingRule } from '../../web/words.js';
import type { ReportDefinition, Section } from '../definition.js';
import { reportId } from '../report-id.js';
import type { Report } from '../report.js';
import type { Standing } from '../standing.js';
import { changesSince } from './changes.js';
import { decisionsSection } from './decisions.js';
import { editsSection } from './edits.js';
import { headline } from './headline.js';
import { ignoresSection } from './ignores.js';
import { method } from './method.js';
import { notes } from './notes.js';
import { plainSentence } from './plain-sentence.js';
import { qualityOf } from './quality.js';
import { inReadingOrder, RATES_MAX, ratesSection, reportRate } from './rates.js';
import { ratingsSection } from './ratings.js';
import type { LevelRow } from './read-levels.js';
import type { Readings } from './readings.js';
import { rejectedSection } from './rejected.js';
import { standingOf } from './standing-now.js';
import { seriesLeftOut, trendSection } from './trend.js';
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
  const found = qualityOf({ ...readings.quality, totals: totals.rows, spanS: longestSpan(project), now });
  const standing = standingOf(versions, findings, found.codes);
  return {
    version: 1,
    id: reportId(definition.id, project.id, slot, edition),
    report: { id: definition.id, title: definition.title ?? definition.id, timeZone: definition.timeZone },
    project: { id: project.id, name: project.name ?? project.id },
    slot: new Date(slot).toISOString(),
    edition,
    madeAt: new Date(now).toISOString(),
    window,
    prompts: [...(definition.prompts ?? [])],
    asOf: newest(totals.rows),
    metricVersions: metricVersions(totals.rows),
    rule: plainSentence(countingRule(project.settings, project.surfaces)),
    link: linkOf(frame),
    notes: notesOf(frame, readings),
    headline: headline(findings),
    totals: totals.rows.slice(0, RATES_MAX).map(reportRate).sort(inReadingOrder),
    ...sectionsOf(frame, readings, standing),
    quality: definition.sections.includes('quality') ? found.quality : null,
    standing,
    method: method(definition),
  };
}

type Sections = Pick<
  Report,
  'rates' | 'trend' | 'changes' | 'rejected' | 'edits' | 'ignores' | 'decisions' | 'ratings'
>;

function sectionsOf({ definition, ...frame }: Frame, readings: Readings, standing: Standing): Sections {
  const { signals, totals, days, deployments, ranking, reasons } = readings;
  const limited = (definition.prompts ?? []).length > 0;
  const made = <S>(section: Section, make: () => S) => (definition.sections.includes(section) ? make() : null);
  return {
    rates: made('rates', () => ratesSection(readings.versions)),
    trend: made('trend', () =>
      trendSection({ ...frame, days, deployments, limited, spanOf: (version) => spanOf(frame.project, version) }),
    ),
    changes: made('changes', () =>
      changesSince(frame.previous, { standing, prompts: definition.prompts ?? [], window: frame.window }),
    ),
    rejected: made('rejected', () => rejectedSection(ranking, reasons)),
    edits: made('edits', () => editsSection(signals, totals.rows)),
    ignores: made('ignores', () => ignoresSection(signals)),
    decisions: made('decisions', () => decisionsSection(signals)),
    ratings: made('ratings', () => ratingsSection(signals, totals.rows)),
  };
}

function notesOf({ project, definition, window, slot, now }: Frame, { totals, prompts, days, quality }: Readings) {
  return notes({
    totals: totals.rows,
    totalsFound: totals.total,
    prompts: definition.prompts ?? [],
    window,
    firstShownDay: days.find(({ shown }) => shown > 0)?.day,
    spanS: longestSpan(project),
    everStored: quality.lastStored > 0,
    promptsWithTraffic: new Set(prompts.rows.filter(({ shown }) => shown > 0).map(({ promptId }) => promptId)).size,
    trend: definition.sections.includes('trend'),
    seriesLeft: seriesLeftOut({ days, limited: (definition.prompts ?? []).length > 0 }),
    slot,
    now,
  });
}

function newest(rows: readonly LevelRow[]): string | null {
  const asOf = rows.reduce((latest, row) => Math.max(latest, row.asOf), 0);
  return asOf === 0 ? null : new Date(asOf).toISOString();
}

function metricVersions(rows: readonly LevelRow[]): string[] {
  return [...new Set(rows.map(({ metricVersion }) => metricVersion))].sort();
}

/** W + L of the project or of that surface of it that takes longest, seconds. */
export function longestSpan({ settings, surfaces }: Pick<VisibleProject, 'settings' | 'surfaces'>): number {
  return Math.max(...[settings, ...Object.values(surfaces)].map(({ windowS, latenessS }) => windowS + latenessS));
}

/** W + L of a metric version; of one that the project no longer has, the longest. */
function spanOf(project: VisibleProject, version: string): number {
  const spans = [project.settings, ...Object.values(project.surfaces)]
    .filter((settings) => metricVersion(settings) === version)
    .map(({ windowS, latenessS }) => windowS + latenessS);
  return spans.length === 0 ? longestSpan(project) : Math.max(...spans);
}

function linkOf({ project, definition, window, publicUrl }: Frame): string | null {
  if (publicUrl === undefined) return null;
  const [only, ...others] = definition.prompts ?? [];
  const query = new URLSearchParams({ project: project.id, from: window.from, to: window.to });
  if (only !== undefined && others.length === 0) query.set('prompt', only);
  return `${publicUrl.replace(/[/?#]+$/, '')}/?${query.toString()}`;
}
