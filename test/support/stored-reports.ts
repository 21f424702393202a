// Reports for tests of their way: a whole valid one with hardly anything in it. In: what differs. Out: a report.
import { createHash } from 'node:crypto';
import { reportSchema, type Report } from '../../services/reporter/reports/report.js';

export interface ReportPlace {
  readonly report?: string;
  readonly project?: string;
  /** ms. */
  readonly slot: number;
  readonly edition?: number;
  readonly sentence?: string;
  readonly since?: string | null;
}

export function storedReport(place: ReportPlace): Report {
  const { report = 'weekly', project = 'shop', slot, edition = 1, sentence = 'Nothing is known yet.', since } = place;
  const at = new Date(slot).toISOString();
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  return reportSchema.parse({
    version: 1,
    id: createHash('sha256').update([report, project, slot, edition].join(' ')).digest('hex').slice(0, 32),
    report: { id: report, title: 'Weekly quality report', timeZone: 'UTC' },
    project: { id: project, name: 'Shop' },
    slot: at,
    edition,
    madeAt: at,
    window: { from: day(slot - 7 * 86_400_000), to: day(slot), days: 7 },
    prompts: [],
    asOf: null,
    metricVersions: [],
    rule: 'An action counts for a day.',
    link: null,
    notes: ['There is no data.'],
    headline: [{ tone: 'neutral', sentence, promptId: '', comparisonId: null, n: 0, persons: 0 }],
    totals: [],
    rates: null,
    trend: null,
    changes: since === undefined ? null : { since, items: [] },
    rejected: null,
    edits: null,
    ignores: null,
    decisions: null,
    ratings: null,
    quality: null,
    standing: { rates: [], ratesTotal: 0, comparisons: [], comparisonsTotal: 0, falls: [], warnings: [] },
    method: ['One.', 'Two.'],
  } satisfies Record<keyof Report, unknown>);
}
