// How long people take to decide. In: signals. Out: a section of a report. Pure.
import type { Report } from '../report.js';
import { generationsOf, onScale, rowsOf, TIME_BUCKETS, timeWords } from './bucket-words.js';
import type { SignalRow } from './read-signals.js';
import { rounded } from './rounding.js';

export function decisionsSection(rows: readonly SignalRow[]): NonNullable<Report['decisions']> {
  const times = onScale(rowsOf(rows, 'decide_time'), TIME_BUCKETS, timeWords);
  const counts = TIME_BUCKETS.map((bucket) => times.find((each) => each.bucket === bucket)?.generations ?? 0);
  return {
    decided: generationsOf(times),
    medianS: timeAt(counts, 0.5),
    p90S: timeAt(counts, 0.9),
    times,
  };
}

/**
 * The time, in seconds, within which a share `q` of the decisions fell. `counts`: decisions per bucket of `TIME_BUCKETS`. The bucket in
 * which the q-th decision lies is known; inside it decisions are taken to spread evenly over the logarithm of time, as the ends of the
 * buckets do: low * (high / low) ^ f, where f is the share of the bucket that lies below. The first bucket begins at 0, which has no
 * logarithm: inside it they spread evenly over time. null without decisions, and in the last bucket, which has no end.
 */
export function timeAt(counts: readonly number[], q: number): number | null {
  const all = counts.reduce((sum, n) => sum + n, 0);
  if (all === 0) return null;
  let below = 0;
  for (const [i, n] of counts.entries()) {
    if (n === 0 || below + n < q * all) {
      below += n;
      continue;
    }
    const high = Number(TIME_BUCKETS[i]);
    const low = Number(TIME_BUCKETS[i - 1] ?? 0);
    if (!Number.isFinite(high)) return null;
    const part = (q * all - below) / n;
    return rounded(low === 0 ? high * part : low * (high / low) ** part);
  }
  return null;
}
