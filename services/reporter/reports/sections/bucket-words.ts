// Buckets of signals in words, and in the order in which they are printed. Pure. Buckets are those of `signal_days`; one that is
// not known is said as it is.
import { duration } from '../../web/words.js';
import type { ReportBucket } from '../report.js';
import type { Signal, SignalRow } from './read-signals.js';

/** Why a generation was rejected. */
export const REJECT_WORDS: Readonly<Record<string, string>> = {
  dismissed: 'Dismissed',
  regenerated: 'Asked for again',
  undone: 'Undone after it was taken',
  deleted: 'Deleted after it was taken',
  stopped: 'Stopped while it was written',
  rewritten: 'Rewritten: hardly anything was kept',
  none: 'No reason given',
};

/** What the page saw last of a generation that nobody acted on. */
export const IGNORE_WORDS: Readonly<Record<string, string>> = {
  superseded: 'Another one took its place',
  typed_on: 'The person typed on',
  left: 'The person left the page',
  timeout: 'It stayed until its time was over',
  lost: 'It went out of sight',
  none: 'Nothing was seen',
};

/** Similarities of edits, lower ends. */
export const SIZE_BUCKETS = ['0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9'] as const;
/** Edits that count as rejections unless a project's settings say otherwise. */
export const SMALL_SIZES = ['0.0', '0.1', '0.2'] as const;
/** Times to decide, upper ends in seconds. */
export const TIME_BUCKETS = ['1', '2', '5', '10', '30', '60', '300', '1800', '3600', '21600', '86400', 'more'] as const;
/** After how long it was measured what is left of a generation that was taken. */
export const RETENTION_WORDS: Readonly<Record<string, string>> = {
  '30s': '30 seconds',
  '2m': '2 minutes',
  '5m': '5 minutes',
  '10m': '10 minutes',
};

export function rowsOf(rows: readonly SignalRow[], signal: Signal): SignalRow[] {
  return rows.filter((row) => row.signal === signal);
}

export function generationsOf(rows: readonly { readonly generations: number }[]): number {
  return rows.reduce((sum, { generations }) => sum + generations, 0);
}

/** Buckets that have generations, most first; without words as they are. */
export function mostFirst(
  rows: readonly { readonly bucket: string; readonly generations: number }[],
  words: Readonly<Record<string, string>> = {},
): ReportBucket[] {
  return rows
    .filter(({ generations }) => generations > 0)
    .map(({ bucket, generations }) => ({ bucket, label: labelOf(bucket, words), generations }))
    .sort((a, b) => b.generations - a.generations || (a.bucket < b.bucket ? -1 : 1));
}

function labelOf(bucket: string, words: Readonly<Record<string, string>>): string {
  if (Object.hasOwn(words, bucket)) return words[bucket] ?? bucket;
  return bucket === '' ? 'Without a name' : bucket;
}

/** Every bucket of a scale, in its order, empty ones too; then what is not on the scale. */
export function onScale(
  rows: readonly SignalRow[],
  scale: readonly string[],
  label: (bucket: string) => string,
): ReportBucket[] {
  const others = rows.map(({ bucket }) => bucket).filter((bucket) => !scale.includes(bucket));
  return [...scale, ...new Set(others.sort())].map((bucket) => ({
    bucket,
    label: label(bucket),
    generations: generationsOf(rows.filter((row) => row.bucket === bucket)),
  }));
}

/** `70 to 80 % kept` of `0.7`. */
export function sizeWords(bucket: string): string {
  const low = Math.round(100 * Number(bucket));
  return Number.isFinite(low) && bucket !== '' ? `${low} to ${low + 10} % kept` : bucket;
}

/** `10 to 30 seconds` of `30`. */
export function timeWords(bucket: string): string {
  const at = (TIME_BUCKETS as readonly string[]).indexOf(bucket);
  if (at < 0) return bucket;
  const before = Number(TIME_BUCKETS[at - 1] ?? '0');
  if (bucket === 'more') return `more than ${duration(before)}`;
  return before === 0 ? `up to ${duration(Number(bucket))}` : `${duration(before)} to ${duration(Number(bucket))}`;
}
