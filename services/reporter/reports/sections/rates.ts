// Rates by prompt version x model version, and of the whole. In: rows of `rate_levels`. Out: rows of a report. Pure.
import type { ReportRate } from '../report.js';
import type { LevelRow, LevelRows } from './read-levels.js';
import { asShare, roundedOrNull, shareOf } from './rounding.js';

/** Rows of rates that a report holds; the others are counted. */
export const RATES_MAX = 200;

export function reportRate(row: LevelRow): ReportRate {
  return {
    promptId: row.promptId,
    promptVersion: row.promptVersion,
    model: row.model,
    modelVersion: row.modelVersion,
    metricVersion: row.metricVersion,
    rate: asShare(row.rate),
    low: asShare(row.low),
    high: asShare(row.high),
    mature: row.mature,
    persons: row.persons,
    sessionPersons: row.sessionPersons,
    accepted: row.matureAccepted,
    edited: row.matureEdited,
    rejected: row.matureRejected,
    ignored: row.ignored,
    shown: row.shown,
    unresolved: row.unresolved,
    editWeighted: shareOf(row.similaritySum, row.mature),
    personRate: asShare(row.personRate),
    designEffect: roundedOrNull(row.designEffect),
  };
}

/** At most `RATES_MAX` rows, those with the most generations, in reading order. */
export function ratesSection({ rows, total }: LevelRows): { rows: ReportRate[]; total: number } {
  return { rows: rows.slice(0, RATES_MAX).map(reportRate).sort(inReadingOrder), total };
}

const collator = new Intl.Collator('en', { numeric: true });

/** As a person reads names: 10 after 9. What reads alike keeps an order too. */
export function byName(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}

type Keys = Pick<ReportRate, 'promptId' | 'promptVersion' | 'model' | 'modelVersion' | 'metricVersion'>;

/** Prompts by name; of a prompt the newest-looking version first, then by model. */
export function inReadingOrder(a: Keys, b: Keys): number {
  return (
    byName(a.promptId, b.promptId) ||
    byName(b.promptVersion, a.promptVersion) ||
    byName(a.model, b.model) ||
    byName(b.modelVersion, a.modelVersion) ||
    byName(a.metricVersion, b.metricVersion)
  );
}
