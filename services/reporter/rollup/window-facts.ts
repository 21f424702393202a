// Asks ClickHouse what the due-rule of windows needs to know. In: nothing but two ledgers. Out: facts per window.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { WINDOWS_DAYS, type DueWindowsInput, type WindowFacts } from './due-windows.js';
import { ROLLUP_SETTINGS } from './query-settings.js';

const CLOCK_SQL = `
SELECT
    toUnixTimestamp64Milli(now64(3)) AS now,
    toString(toDate(now(), 'UTC') + 1) AS tomorrow,
    -- known to the second only: the end of that second
    1000 * (1 + toUInt64(toUnixTimestamp((
        SELECT max(metadata_modification_time) FROM system.tables
        WHERE database = currentDatabase() AND name = 'rate_levels')))) AS level_rule_at`;

const WINDOWS_SQL = `
SELECT
    w.window_days AS window_days,
    toUnixTimestamp64Milli(d.at) AS days_at,
    toUnixTimestamp64Milli(r.as_of) AS run_as_of,
    toUnixTimestamp64Milli(r.at) AS run_at,
    toString(r.to_day) AS run_to_day,
    r.duration_ms AS run_duration_ms
FROM (SELECT arrayJoin({windows:Array(UInt16)}) AS window_days) AS w
LEFT JOIN (
    SELECT arrayJoin({windows:Array(UInt16)}) AS window_days, maxIf(at, day >= {tomorrow:Date} - window_days) AS at
    FROM rollup_days WHERE day < {tomorrow:Date} GROUP BY window_days
) AS d ON d.window_days = w.window_days
LEFT JOIN (SELECT * FROM rollup_windows FINAL) AS r ON r.window_days = w.window_days
SETTINGS join_use_nulls = 0`;

interface ClockRow {
  readonly now: string;
  readonly tomorrow: string;
  readonly level_rule_at: string;
}

interface WindowRow {
  readonly window_days: number;
  readonly days_at: string;
  readonly run_as_of: string;
  readonly run_at: string;
  readonly run_to_day: string;
  readonly run_duration_ms: number;
}

/** Facts of all windows, and ClickHouse's clock, read before them. */
export async function readWindowFacts(clickhouse: ClickHouse): Promise<Omit<DueWindowsInput, 'unfinished'>> {
  const [clock] = await clickhouse.query<ClockRow>(CLOCK_SQL, {}, ROLLUP_SETTINGS);
  if (clock === undefined) throw new Error('ClickHouse did not say what time it is');
  const { tomorrow } = clock;
  const rows = await clickhouse.query<WindowRow>(WINDOWS_SQL, { windows: WINDOWS_DAYS, tomorrow }, ROLLUP_SETTINGS);
  return {
    now: Number(clock.now),
    tomorrow,
    levelRuleAt: Number(clock.level_rule_at),
    windows: WINDOWS_DAYS.map((windowDays): WindowFacts => {
      const row = rows.find((found) => found.window_days === windowDays);
      const asOf = Number(row?.run_as_of ?? 0);
      return {
        windowDays,
        daysRolledUpAt: Number(row?.days_at ?? 0),
        ...(row !== undefined && asOf > 0
          ? { lastRun: { asOf, at: Number(row.run_at), durationMs: row.run_duration_ms, toDay: row.run_to_day } }
          : {}),
      };
    }),
  };
}
