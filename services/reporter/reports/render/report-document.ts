// A report as a document: what stands in it, in which order. In: a report. Out: headings, sentences and tables with every figure
// already in words. Pure: the same report gives the same document. Sections that a report does not have are left out.
import { count, counted } from '../../web/words.js';
import type { Report } from '../report.js';
import type { ReportDocument, Section } from './document.js';
import { plainTexts } from './plain-text.js';
import { changesSection, headlineSection, webLink } from './sections/headline.js';
import { qualitySection } from './sections/quality.js';
import { ratesSection, totalsSection } from './sections/rates.js';
import { rejectedSection } from './sections/rejected.js';
import { decisionsSection, editsSection, ignoresSection, ratingsSection } from './sections/signals.js';
import { trendSection } from './sections/trend.js';
import { dayWords, zonedTime } from './zoned-time.js';

const DAY_MS = 86_400_000;
/** Settings, and prompts that a report is limited to, that are named at its top; the others are counted. */
export const NAMES_MAX = 10;

export function reportDocument(report: Report): ReportDocument {
  return plainTexts({
    title: report.report.title,
    project: report.project.name,
    edition: editionWords(report),
    facts: facts(report),
    notes: report.notes,
    sections: sections(report),
    link: webLink(report),
  });
}

function sections(report: Report): Section[] {
  const { timeZone } = report.report;
  const { metricVersions } = report;
  const optional: readonly (Section | null)[] = [
    report.changes && changesSection(report.changes, timeZone),
    report.rates && ratesSection(report.rates, metricVersions),
    report.trend && trendSection(report.trend, metricVersions),
    report.rejected && rejectedSection(report.rejected),
    report.edits && editsSection(report.edits),
    report.ignores && ignoresSection(report.ignores),
    report.decisions && decisionsSection(report.decisions),
    report.ratings && ratingsSection(report.ratings),
    report.quality && qualitySection(report.quality, timeZone),
  ];
  return [
    headlineSection(report),
    totalsSection(report),
    ...optional.filter((section) => section !== null),
    {
      id: 'method',
      title: 'How this was measured',
      blocks: [...report.method, report.rule].map((text) => ({ kind: 'text', text })),
    },
  ];
}

export function editionWords({ edition, madeAt, report }: Pick<Report, 'edition' | 'madeAt' | 'report'>): string {
  if (edition === 1) return '';
  return `Edition ${count(edition)}: computed again on ${zonedTime(madeAt, report.timeZone)}`;
}

function facts(report: Report): ReportDocument['facts'] {
  const { timeZone } = report.report;
  const last = new Date(Date.parse(report.window.to) - DAY_MS).toISOString().slice(0, 10);
  const span =
    report.window.days === 1
      ? `${dayWords(last)} (one whole UTC day)`
      : `${dayWords(report.window.from)} to ${dayWords(last)} (${counted(report.window.days, 'whole UTC day')})`;
  return [
    { label: 'Days', value: span },
    { label: 'Due', value: zonedTime(report.slot, timeZone) },
    { label: 'Made', value: zonedTime(report.madeAt, timeZone) },
    {
      label: 'As of',
      value: report.asOf === null ? 'nothing was judged yet' : zonedTime(report.asOf, timeZone),
    },
    { label: 'Times', value: timeZone },
    { label: 'Settings', value: report.metricVersions.length === 0 ? 'none yet' : namedWords(report.metricVersions) },
    ...(report.prompts.length === 0 ? [] : [{ label: 'Limited to', value: namedWords(report.prompts) }]),
  ];
}

function namedWords(names: readonly string[]): string {
  const left = names.length - NAMES_MAX;
  const named = names.slice(0, NAMES_MAX).join(', ');
  return left > 0 ? `${named} and ${count(left)} more` : named;
}
