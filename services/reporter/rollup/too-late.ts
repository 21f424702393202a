// Counts events that came for days too old to be rolled up again: they are stored, and no figure will ever hold them.
// In: facts of days. Out: a number. Asks ClickHouse only when such a day got another event.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { DayFacts } from './due.js';
import { ROLLUP_SETTINGS } from './query-settings.js';

/** Counts over the days given; remembers the count of each day until its newest event changes. */
export function countEventsTooLate(
  clickhouse: ClickHouse,
): (facts: { readonly days: readonly DayFacts[] }) => Promise<number> {
  const counted = new Map<string, { lastIngestedAt: number; events: number }>();
  return async ({ days }) => {
    let sum = 0;
    for (const { day, lastIngestedAt, recomputable, lastRun } of days) {
      if (recomputable || lastIngestedAt <= (lastRun?.at ?? 0)) continue;
      let count = counted.get(day);
      if (count?.lastIngestedAt !== lastIngestedAt) {
        count = { lastIngestedAt, events: await countEvents(clickhouse, day, lastRun?.at ?? 0) };
        counted.set(day, count);
      }
      sum += count.events;
    }
    return sum;
  };
}

async function countEvents(clickhouse: ClickHouse, day: string, after: number): Promise<number> {
  const [row] = await clickhouse.query<{ n: string }>(
    `SELECT uniqExact(event_id) AS n FROM events
     WHERE generated_at >= toDateTime64({day:Date}, 3, 'UTC') AND generated_at < toDateTime64({day:Date} + 1, 3, 'UTC')
       AND ingested_at > fromUnixTimestamp64Milli({after:Int64}, 'UTC')`,
    { day, after },
    ROLLUP_SETTINGS,
  );
  return Number(row?.n ?? 0);
}
