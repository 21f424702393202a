// What `signal_days` must hold, written a second time in another way: plain loops over rows.
// In: event rows in any order and number of copies, settings, an instant. Out: one object per bucket. Must never share code with the roll-up.
import type { EventRow } from '../../shared/contract/rows.js';
import { oracleOutcomes, ruleFor, type OracleOutcome, type OracleSettings } from './oracle.js';
import { instant } from './oracle-rollup.js';

/** A row as `Object.values` of its keys, counts at the end. */
export interface OracleSignalRow {
  readonly key: string;
  generations: number;
  retained: number;
  value_sum: number;
}

export const SIGNAL_KEYS = [
  'project_id',
  'day',
  'prompt_id',
  'prompt_version',
  'model',
  'model_version',
  'surface',
  'trusted',
  'metric_version',
  'signal',
  'bucket',
] as const;

type Found = [signal: string, bucket: string, value?: number, retained?: boolean];

/** Rows of `signal_days`, sorted by key; sums to six digits. */
export function oracleSignals(
  rows: readonly EventRow[],
  settings: readonly OracleSettings[],
  asOf: number,
): OracleSignalRow[] {
  const events = new Map<string, EventRow[]>();
  for (const row of firstCopies(rows)) {
    const key = `${row.project_id} ${row.generation_id}`;
    events.set(key, [...(events.get(key) ?? []), row]);
  }
  const found = new Map<string, OracleSignalRow>();
  for (const outcome of oracleOutcomes(rows, settings, asOf)) {
    const own = events.get(`${outcome.project_id} ${outcome.generation_id}`) ?? [];
    const { window_s } = ruleFor(outcome.project_id, outcome.surface, settings);
    for (const [signal, bucket, value = 0, retained = false] of signalsOf(outcome, own, window_s)) {
      const named: Record<string, unknown> = { ...outcome, day: instant(outcome.hour).slice(0, 10), signal, bucket };
      const key = JSON.stringify(SIGNAL_KEYS.map((column) => named[column]));
      const row = found.get(key) ?? { key, generations: 0, retained: 0, value_sum: 0 };
      row.generations += 1;
      row.retained += retained ? 1 : 0;
      row.value_sum += value;
      found.set(key, row);
    }
  }
  return [...found.values()]
    .map((row) => ({ ...row, value_sum: Number(row.value_sum.toFixed(6)) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function signalsOf(o: OracleOutcome, events: readonly EventRow[], windowS: number): Found[] {
  const shownAt = o.first_shown_at;
  if (shownAt === null) return [];
  const found: Found[] = [];
  const believed = events.filter((row) => row.trusted >= o.trusted);
  const rated = last(believed.filter((row) => row.event_type === 'rate'));
  if (rated !== undefined) found.push(['rating', rated.label || String(rated.value), rated.value]);
  if (!o.mature) return found;
  const inWindow = believed.filter(
    (row) => row.occurred_at >= shownAt - 120_000 && row.occurred_at <= shownAt + windowS * 1000,
  );
  if (o.outcome === 'rejected') {
    const reason = last(inWindow.filter((row) => row.event_type === 'reject'))?.reason || 'none';
    found.push(['reject_reason', o.last_decides === 'reject' ? reason : 'rewritten']);
  }
  if (o.outcome === 'ignored')
    found.push(['ignore_reason', last(believed.filter((row) => row.event_type === 'ignore'))?.reason || 'none']);
  if (o.outcome === 'edited') found.push(['edit_size', `0.${Math.floor(o.similarity * 10)}`, o.similarity]);
  if (o.decided_at !== null) {
    const seconds = Math.max(0, o.decided_at - shownAt) / 1000;
    const end = [1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400].find((limit) => seconds <= limit);
    found.push(['decide_time', String(end ?? 'more'), seconds]);
  }
  for (const [bucket, from, to] of [
    ['30s', 30_000, 120_000],
    ['2m', 120_000, 300_000],
    ['5m', 300_000, 600_000],
    ['10m', 600_000, Infinity],
  ] as const) {
    const left = last(
      believed.filter((row) => row.event_type === 'retention' && row.after_ms >= from && row.after_ms < to),
    );
    if (left !== undefined) found.push(['retention', bucket, left.value, left.value >= 0.67]);
  }
  if (o.outcome === 'accepted' || o.outcome === 'edited') {
    const take = last(inWindow.filter((row) => row.decides === 'accept'));
    found.push(['take_method', take === undefined ? 'edit' : take.reason || 'none']);
  }
  return found;
}

/** Of the copies of an event, the one received first. */
function firstCopies(rows: readonly EventRow[]): EventRow[] {
  const events = new Map<string, EventRow>();
  for (const row of rows) {
    const key = `${row.project_id} ${row.generation_id} ${row.event_id}`;
    if (row.received_at < (events.get(key)?.received_at ?? Infinity)) events.set(key, row);
  }
  return [...events.values()];
}

/** The last event; of those at one instant the greatest id, in the order of ClickHouse, which compares the second half first. */
function last(rows: readonly EventRow[]): EventRow | undefined {
  const id = ({ event_id }: EventRow) => event_id.slice(19) + event_id.slice(0, 18);
  return [...rows].sort((a, b) => b.occurred_at - a.occurred_at || (id(a) < id(b) ? 1 : -1))[0];
}
