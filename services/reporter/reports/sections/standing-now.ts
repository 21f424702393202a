// Where things stand, for the report after this one. In: readings. Out: a standing. Pure.
import { subjectOf } from '../../drift/drift-sentence.js';
import type { Standing } from '../standing.js';
import { whereOf, type Findings } from './headline.js';
import { plainSentence } from './plain-sentence.js';
import { ratesSection } from './rates.js';
import type { LevelRows } from './read-levels.js';

/** Falls that the next report is compared with, as many as comparisons are read; the others are counted. */
export const FALLS_MAX = 500;

export function standingOf(
  versions: LevelRows,
  { comparisons, comparisonsTotal, watches }: Findings,
  warnings: readonly string[],
): Standing {
  const { rows, total } = ratesSection(versions);
  const fallen = watches.filter(({ state }) => state === 'fallen');
  return {
    rates: rows.map(
      ({ promptId, promptVersion, model, modelVersion, metricVersion, rate, low, high, mature, persons, shown }) => ({
        promptId,
        promptVersion,
        model,
        modelVersion,
        metricVersion,
        rate,
        low,
        high,
        mature,
        persons,
        shown,
      }),
    ),
    ratesTotal: total,
    comparisons: comparisons.map((row) => ({
      id: row.comparison_id,
      subject: subject(`${whereOf(row)}: ${row.name_b} against ${row.name_a}`),
      verdict: row.verdict,
      direction: row.direction,
      randomised: row.tier === 'T1',
    })),
    comparisonsTotal,
    falls: fallen
      .slice(0, FALLS_MAX)
      .map((row) => ({ id: row.watch_id, subject: subject(subjectOf(row)), since: row.since })),
    fallsTotal: fallen.length,
    warnings: [...warnings],
  };
}

const SUBJECT_CHARS_MAX = 1000;

function subject(text: string): string {
  return plainSentence(text).slice(0, SUBJECT_CHARS_MAX);
}
