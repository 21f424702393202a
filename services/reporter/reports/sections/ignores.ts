// What the page saw last of generations that nobody acted on. In: signals. Out: a section of a report. Pure.
import type { Report } from '../report.js';
import { generationsOf, IGNORE_WORDS, mostFirst, rowsOf } from './bucket-words.js';
import type { SignalRow } from './read-signals.js';

export function ignoresSection(rows: readonly SignalRow[]): NonNullable<Report['ignores']> {
  const ignored = rowsOf(rows, 'ignore_reason');
  return { ignored: generationsOf(ignored), reasons: mostFirst(ignored, IGNORE_WORDS) };
}
