// The border between a judged day and a row of `drift_looks`. In: a watch, what the day showed, the figures of a span. Out: the row.
import type { JudgedDay } from './judge-days.js';
import type { WatchDays } from './read-watches.js';

/** What was taken over several days. */
export interface SpanFigures {
  readonly n: number;
  readonly taken: number;
  readonly persons: number;
  readonly error: number;
}

/** What went live about the day on which a fall began. */
export interface Named {
  readonly since: string | null;
  readonly name: string;
  readonly day: string | null;
}

/** Without `span` the figures are those of the day itself. `asOf` in ms. */
export function lookRow(
  { id, watch }: WatchDays,
  row: JudgedDay,
  named: Named,
  span: { readonly from: string; readonly figures: SpanFigures } | undefined,
  asOf: number,
): Record<string, unknown> {
  const { day, baseline } = row;
  const { from, figures } = span ?? { from: day.day, figures: day };
  return {
    ...watch,
    watch_id: id,
    day: day.day,
    as_of: asOf,
    state: row.state,
    since: row.since,
    deployment: named.name,
    deployed_on: named.day,
    from_day: from,
    n: figures.n,
    persons: figures.persons,
    rate: figures.taken / figures.n,
    standard_error: figures.error,
    day_n: day.n,
    day_persons: day.persons,
    day_rate: day.taken / day.n,
    day_error: day.error,
    counted: row.counted ? 1 : 0,
    baseline: baseline?.rate ?? 0,
    baseline_days: row.collected,
    baseline_from: baseline?.from ?? null,
    baseline_to: baseline?.to ?? null,
    weekdays: baseline?.weekdays ?? [],
    sigma: baseline?.sigma ?? 1,
    z: row.z,
    cusum: row.cusum,
    rising_from: row.climb[0]?.day ?? null,
    recovery: row.recovery,
    threshold: row.threshold,
    watched: day.watched,
    days_needed: row.daysNeeded,
    persons_needed: row.personsNeeded,
  };
}
