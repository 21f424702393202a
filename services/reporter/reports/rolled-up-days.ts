// Which days of a window the roll-up has yet to take in. In: a window. Out: days, oldest first.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { readDayFacts } from '../rollup/day-facts.js';
import { dueDays } from '../rollup/due.js';

/** `from` and `to` (not included): UTC days. A day that only rests counts too; a second look at the same events does not. */
export async function daysNotRolledUp(clickhouse: ClickHouse, from: string, to: string): Promise<string[]> {
  const facts = await readDayFacts(clickhouse);
  const days = facts.days.map((day) =>
    day.lastRun === undefined ? day : { ...day, lastRun: { ...day.lastRun, durationMs: 0 } },
  );
  return dueDays({ ...facts, days, failed: new Map() })
    .filter(({ day, reason }) => reason !== 'again' && day >= from && day < to)
    .map(({ day }) => day)
    .sort();
}
