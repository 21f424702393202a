// Makes the events of one day of receipt in ClickHouse itself: rows of the collector's shape, the same for the same salt.
// In: a scenario, the first day, how manieth day of receipt. Out: rows of `events`, through the real materialized views.
// Must never draw from a random function: every choice is a hash of what it is about.
import type { ClickHouse, QueryParams } from '../../shared/runtime/clickhouse.js';
import type { Scenario } from './scenarios.js';

export const DAY_MS = 86_400_000;
/** Generations are made in the first 23 hours of a day, so that what follows at once is received on that day too. */
const DAY_SPAN_MS = 82_800_000;
/** Everything is made by one core's worth of work in one block, so that a day of receipt is one part of a table. */
const BLOCK_ROWS = 2_000_000;

/** Days since the first day, as SQL and its parameters: `salt, seeds, first (ms), received (day), days`. */
export function dayEventsSql(scenario: Scenario): string {
  const { slots, cells, generations } = scenario;
  const digit = (below: number, size: number) => `intDiv(number, ${below}) % ${size}`;
  const perSlot = generations;
  const perArm = perSlot * slots;
  const perCell = perArm * 2;
  const perSeed = perCell * cells;
  return `
INSERT INTO events (project_id, generation_id, generated_at, event_id, event_type, shows, decides, decision_value, occurred_at,
    received_at, prompt_id, prompt_version, model, model_version, experiment, arm, assignment, surface, user_kind, user_key,
    trusted, reason, visible_ms, chars, total_chars, sdk)
SELECT
    concat('s', leftPad(toString(seed), 3, '0')) AS project_id,
    concat(lower(hex(of_one)), '-', toString(day)) AS generation_id,
    fromUnixTimestamp64Milli(at, 'UTC') AS generated_at,
    reinterpretAsUUID(concat(reinterpretAsFixedString(of_one), reinterpretAsFixedString(cityHash64(of_one, event.1)))) AS event_id,
    event.1 AS event_type, event.2 AS shows, event.3 AS decides, event.4 AS decision_value,
    fromUnixTimestamp64Milli(at + 1000 * toInt64(event.5), 'UTC') AS occurred_at,
    fromUnixTimestamp64Milli(at + 1000 * toInt64(event.5 + late_s), 'UTC') AS received_at,
    concat('prompt-', toString(prompt)) AS prompt_id, '1', 'model-a', '2026-01',
    concat('experiment-', leftPad(toString(cell), 3, '0')) AS experiment, ['A', 'B'][arm + 1] AS arm_name, 'randomised:user', 'web',
    'user', cityHash64({salt:UInt64}, seed, cell, arm, person, 'person') AS user_key, 1,
    event.6 AS reason, if(event.2 = 1, 1200, 0), if(event.3 = 'nothing', 0, 240), 800, 'tacit-web/1.0.0'
FROM
(
    SELECT *, toInt64(${scenario.delayS}) AS delay_s, toInt64(${scenario.lateS}) AS late_s,
        cityHash64(of_one, 'taken') / 18446744073709551616. < toFloat64(${scenario.rate}) AS taken,
        {first:Int64} + toInt64(day) * ${DAY_MS} + toInt64(cityHash64(of_one, 'at') % ${DAY_SPAN_MS}) AS at,
        arrayFilter(e -> e.1 != '', [
            ('generated', 0, 'nothing', 0., 0, ''),
            ('shown', 1, 'nothing', 0., 2, ''),
            if(taken, ('copy', 0, 'accept', 1., 2 + delay_s, 'button'), ('', 0, 'nothing', 0., 0, '')),
            multiIf(taken AND of_one % 5 = 0, ('edit', 0, 'edit', 0.7, 3 + delay_s, 'save'),
                NOT taken AND of_one % 10 = 0, ('reject', 0, 'reject', 0., 9, 'dismissed'), ('', 0, 'nothing', 0., 0, ''))
        ]) AS happened
    FROM
    (
        SELECT *, {beta:Array(Float64)} AS beta, toUInt32(${scenario.person}) AS person, toUInt8(${scenario.prompt}) AS prompt
        FROM
        (
            SELECT ${digit(1, generations)} AS g, ${digit(perSlot, slots)} AS slot, ${digit(perArm, 2)} AS arm,
                ${digit(perCell, cells)} AS cell, ${digit(perSeed, 1_000_000)} % {seeds:UInt32} AS seed,
                toUInt32({oldest:UInt32} + intDiv(number, ${perSeed} * {seeds:UInt64})) AS day,
                cityHash64({salt:UInt64}, seed, cell, arm, day, slot) AS of_day, cityHash64(of_day, g) AS of_one
            FROM numbers(${perSeed} * {seeds:UInt64} * {days:UInt64})
        )
        WHERE (${scenario.present}) AND (${scenario.shown})
    )
)
ARRAY JOIN happened AS event
WHERE intDiv(toUnixTimestamp64Milli(received_at) - {first:Int64}, ${DAY_MS}) = {received:Int64}`;
}

export interface DayOfReceipt {
  readonly scenario: Scenario;
  readonly seeds: number;
  readonly salt: number;
  /** Start of the first day, ms. */
  readonly first: number;
  /** How manieth day, from 0. */
  readonly received: number;
  /** Last day on which generations are made. */
  readonly lastDay: number;
}

/** Inserts what was received on that day, of that day's generations and of those some days before. */
export async function insertDay(clickhouse: ClickHouse, day: DayOfReceipt): Promise<void> {
  const { scenario, seeds, salt, first, received, lastDay } = day;
  const oldest = Math.max(0, received - scenario.lagDays);
  const days = Math.min(received, lastDay) - oldest + 1;
  if (days < 1) return;
  const params: QueryParams = { salt, seeds, first, received, oldest, days, beta: scenario.beta };
  await clickhouse.command(dayEventsSql(scenario), params, {
    max_threads: 1,
    max_block_size: 65_536,
    min_insert_block_size_rows: BLOCK_ROWS,
    min_insert_block_size_bytes: 0,
    max_memory_usage: 2_500_000_000,
  });
}
