// Days of `user_days` made in SQL from a hash: the same seeds give the same people, days and answers, with or without a fall.
// In: prompts, days, persons, by how much the rate falls from which day on. Out: rows. Must never draw by chance.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';

export interface DriftDays {
  readonly project: string;
  /** First UTC day, YYYY-MM-DD, and how many. */
  readonly from: string;
  readonly days: number;
  readonly prompts: number;
  /** Of each prompt and day, of twice as many. */
  readonly persons: number;
  /** Day, from 0, on which version 8 takes the place of version 7, and by how much the rate is lower from then on, or until another. */
  readonly step?: { readonly day: number; readonly drop: number; readonly until?: number };
  /** Half the width of what days differ by besides, added to the rate. */
  readonly dayNoise?: number;
  /** How much lower the rate is on Saturdays and Sundays. */
  readonly weekend?: number;
  readonly seed?: number;
  /** When the days were judged, ms. */
  readonly asOf: number;
}

const GENERATIONS = 3;
const RATE = 0.4;
/** Half the width of what persons differ by. */
const PERSON_NOISE = 0.3;

/** A person brings three generations a day. One in two persons of a prompt comes on a day. */
export async function insertDriftDays(migrator: ClickHouse, made: DriftDays): Promise<void> {
  const { project, from, days, prompts, persons, dayNoise = 0, weekend = 0, seed = 1, asOf } = made;
  const { day: stepDay, drop, until = days } = made.step ?? { day: days, drop: 0 };
  await migrator.command(
    `INSERT INTO tacit.user_days (project_id, day, prompt_id, prompt_version, model, metric_version, user_kind, user_key, shown, mature, mature_accepted, as_of)
     SELECT {project:String}, {from:Date} + d, concat('prompt-', toString(p)), if(d < {step:UInt32}, '7', '8'), 'm1', 'default', 'user', cityHash64(p, j),
         ${GENERATIONS}, ${GENERATIONS},
         arrayCount(k -> cityHash64({seed:UInt32}, p, d, j, k) / pow(2, 64) < ${RATE} + personal + daily - rested - if(d >= {step:UInt32} AND d < {until:UInt32}, {drop:Float64}, 0), range(${GENERATIONS})),
         fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')
     FROM
     (
         SELECT intDiv(number, {days:UInt32} * {pool:UInt32}) AS p, intDiv(number, {pool:UInt32}) % {days:UInt32} AS d, number % {pool:UInt32} AS j,
             (cityHash64({seed:UInt32}, 'person', p, j) / pow(2, 64) - 0.5) * 2 * ${PERSON_NOISE} AS personal,
             (cityHash64({seed:UInt32}, 'day', p, d) / pow(2, 64) - 0.5) * 2 * {noise:Float64} AS daily,
             if(toDayOfWeek({from:Date} + d) > 5, {weekend:Float64}, 0) AS rested
         FROM numbers({prompts:UInt32} * {days:UInt32} * {pool:UInt32})
         WHERE cityHash64({seed:UInt32}, 'comes', p, d, j) % 2 = 0
     )`,
    {
      project,
      from,
      days,
      prompts,
      pool: 2 * persons,
      step: stepDay,
      drop,
      until,
      noise: dayNoise,
      weekend,
      seed,
      as_of: asOf,
    },
    { max_partitions_per_insert_block: 0 },
  );
}
