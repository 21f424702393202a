// Asks ClickHouse what the due-rule needs to know. In: nothing but the tables. Out: one row of facts per day that ever had events.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { DayFacts, DueInput } from './due.js';
import { ROLLUP_SETTINGS } from './query-settings.js';

/** W + L of a project without settings of its own, seconds; the default of the view `outcomes_at`. */
const DEFAULT_SPAN_S = 86_400 + 172_800;

const CLOCK_SQL = `
SELECT
    toUnixTimestamp64Milli(now64(3)) AS now,
    toString(toDate(now(), 'UTC')) AS today,
    -- a day that was rolled up before a table was made is not in it; known to the second only: the end of that second
    1000 * (1 + toUInt64(toUnixTimestamp((
        SELECT max(metadata_modification_time) FROM system.tables
        WHERE database = currentDatabase() AND name IN ('outcomes_at', 'rate_days', 'signal_days'))))) AS outcome_rule_at`;

const DAYS_SQL = `
SELECT
    toString(d.day) AS day,
    max(toUnixTimestamp64Milli(d.ingested)) AS last_ingested_at,
    -- a day is final W + L after its end; it must have been computed once from then on
    max(1000 * greatest(toInt64(toUnixTimestamp(d.shown)) + 1, toInt64(toUnixTimestamp(toDateTime(d.day + 1, 'UTC')))) + 1000 * if(s.span_s > 0, s.span_s, ${DEFAULT_SPAN_S})) AS settled_at,
    max(toUnixTimestamp64Milli(s.changed)) AS settings_at,
    d.day >= toDate(now(), 'UTC') - INTERVAL 12 MONTH AS recomputable,
    any(toUnixTimestamp64Milli(r.as_of)) AS run_as_of,
    any(toUnixTimestamp64Milli(r.at)) AS run_at,
    any(r.duration_ms) AS run_duration_ms
FROM (SELECT project_id, day, max(last_ingested_at) AS ingested, max(last_shown_at) AS shown FROM dirty_days GROUP BY project_id, day) AS d
LEFT JOIN (
    SELECT
        project_id,
        greatest(maxIf(toInt64(window_s) + lateness_s, window_s > 0), if(countIf(surface = '' AND window_s > 0) = 0, ${DEFAULT_SPAN_S}, 0)) AS span_s,
        max(updated_at) AS changed
    FROM metric_settings FINAL GROUP BY project_id
) AS s ON s.project_id = d.project_id
LEFT JOIN (SELECT day, as_of, at, duration_ms FROM rollup_days FINAL) AS r ON r.day = d.day
GROUP BY d.day
SETTINGS join_use_nulls = 0`;

interface ClockRow {
  readonly now: string;
  readonly today: string;
  readonly outcome_rule_at: string;
}

interface DayRow {
  readonly day: string;
  readonly last_ingested_at: string;
  readonly settled_at: string;
  readonly settings_at: string;
  readonly recomputable: number;
  readonly run_as_of: string;
  readonly run_at: string;
  readonly run_duration_ms: number;
}

/** Facts of all days, and ClickHouse's clock, read before them: what changes meanwhile is seen next time. */
export async function readDayFacts(clickhouse: ClickHouse): Promise<Omit<DueInput, 'failed'>> {
  const [clock] = await clickhouse.query<ClockRow>(CLOCK_SQL, {}, ROLLUP_SETTINGS);
  if (clock === undefined) throw new Error('ClickHouse did not say what time it is');
  const rows = await clickhouse.query<DayRow>(DAYS_SQL, {}, ROLLUP_SETTINGS);
  return {
    now: Number(clock.now),
    today: clock.today,
    outcomeRuleAt: Number(clock.outcome_rule_at),
    days: rows.map(dayFacts),
  };
}

function dayFacts(row: DayRow): DayFacts {
  const asOf = Number(row.run_as_of);
  return {
    day: row.day,
    lastIngestedAt: Number(row.last_ingested_at),
    settledAt: Number(row.settled_at),
    settingsAt: Number(row.settings_at),
    recomputable: row.recomputable === 1,
    ...(asOf > 0 ? { lastRun: { asOf, at: Number(row.run_at), durationMs: row.run_duration_ms } } : {}),
  };
}
