// How much people change what they take, and how much of it is left later. In: signals, what was taken. Out: sections of a report.
// Pure. Retention stands both ways: of all mature generations (fair between versions), and of those measured, with how many that are.
import type { Report } from '../report.js';
import {
  generationsOf,
  onScale,
  RETENTION_WORDS,
  rowsOf,
  SIZE_BUCKETS,
  sizeWords,
  SMALL_SIZES,
} from './bucket-words.js';
import type { LevelRow } from './read-levels.js';
import type { SignalRow } from './read-signals.js';
import { shareOf } from './rounding.js';

type Edits = NonNullable<Report['edits']>;

/** `rows`: signals. `totals`: rates of what the report covers; their generations add up, whatever their persons do. */
export function editsSection(
  rows: readonly SignalRow[],
  totals: readonly Pick<LevelRow, 'mature' | 'matureAccepted' | 'matureEdited'>[],
): Edits {
  const sizes = rowsOf(rows, 'edit_size');
  const edited = generationsOf(sizes);
  const scale = [...SMALL_SIZES.filter((small) => sizes.some(({ bucket }) => bucket === small)), ...SIZE_BUCKETS];
  const kept = sizes.reduce((sum, { valueSum }) => sum + valueSum, 0);
  const mature = totals.reduce((sum, row) => sum + row.mature, 0);
  const taken = totals.reduce((sum, row) => sum + row.matureAccepted + row.matureEdited, 0);
  return {
    edited,
    taken,
    mature,
    meanSimilarity: shareOf(kept, edited),
    sizes: onScale(sizes, scale, sizeWords),
    retention: Object.entries(RETENTION_WORDS).map(([bucket, after]) => {
      const of = rowsOf(rows, 'retention').filter((row) => row.bucket === bucket);
      const measured = generationsOf(of);
      const retained = of.reduce((sum, row) => sum + row.retained, 0);
      return {
        after,
        measured,
        retained,
        ofMature: measured === 0 ? null : shareOf(retained, mature),
        ofMeasured: shareOf(retained, measured),
        coverage: shareOf(measured, taken),
      };
    }),
  };
}
