// What people said explicitly, beside what they did and never mixed with it. In: signals, what was shown. Out: a section. Pure.
import { counted } from '../../web/words.js';
import type { Report } from '../report.js';
import { generationsOf, mostFirst, rowsOf } from './bucket-words.js';
import type { LevelRow } from './read-levels.js';
import type { SignalRow } from './read-signals.js';

/** Labels that are told apart: those given most. The others are one bucket. */
export const LABELS_MAX = 20;
export const OTHER_LABELS = 'other';

export function ratingsSection(
  rows: readonly SignalRow[],
  totals: readonly Pick<LevelRow, 'shown'>[],
): NonNullable<Report['ratings']> {
  const labels = mostFirst(rowsOf(rows, 'rating'));
  const rest = labels.slice(LABELS_MAX);
  return {
    rated: generationsOf(labels),
    shown: totals.reduce((sum, row) => sum + row.shown, 0),
    labels: [
      ...labels.slice(0, LABELS_MAX),
      ...(rest.length === 0
        ? []
        : [{ bucket: OTHER_LABELS, label: counted(rest.length, 'other label'), generations: generationsOf(rest) }]),
    ],
  };
}
