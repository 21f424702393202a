// The generations of one chunk as they were judged: read once from `outcomes_at`, used twice, for the counts and for the signals.
// Pure text; values travel as parameters. One literal as_of judges every outcome of a run.

/** What makes a row of `rates` (with the hour) and, with the person and the experiment, of `user_days`. */
export const RATE_KEYS = [
  'project_id',
  'prompt_id',
  'prompt_version',
  'model',
  'model_version',
  'surface',
  'trusted',
  'metric_version',
] as const;
export const PERSON_KEYS = [...RATE_KEYS, 'experiment', 'arm', 'assignment', 'user_kind', 'user_key'] as const;

/** Columns beside the keys -> their type and what they are in `outcomes_at`. */
const JUDGED: Readonly<Record<string, readonly [type: string, value: string]>> = {
  outcome: ['LowCardinality(String)', 'o.outcome'],
  was_shown: ['UInt8', 'o.was_shown'],
  mature: ['UInt8', 'o.mature'],
  similarity: ['Float64', 'o.similarity'],
  clock_suspect: ['UInt8', 'o.clock_suspect'],
  forced: ['UInt8', 'o.forced'],
  late: ['UInt8', 'o.late'],
  shown_at: [`Nullable(DateTime64(3, 'UTC'))`, 'o.first_shown_at'],
  decided_at: [`Nullable(DateTime64(3, 'UTC'))`, 'o.decided_at'],
  last_decides: ['UInt8', 'o.last_decision.2'],
  window_s: ['UInt32', 'o.window_s'],
};

/** What follows the name in the statement that makes the table. */
export const GENERATIONS_TABLE = `(
    project_id LowCardinality(String), hour DateTime('UTC'), generation_id String,
    prompt_id LowCardinality(String), prompt_version LowCardinality(String), model LowCardinality(String),
    model_version LowCardinality(String), surface LowCardinality(String), trusted UInt8, metric_version LowCardinality(String),
    experiment LowCardinality(String), arm LowCardinality(String), assignment LowCardinality(String),
    user_kind Enum8('none' = 0, 'session' = 1, 'client' = 2, 'user' = 3), user_key UInt64,
    ${Object.entries(JUDGED)
      .map(([column, [type]]) => `${column} ${type}`)
      .join(', ')}
) ENGINE = MergeTree ORDER BY (project_id, hour)
COMMENT 'Generations of the chunk that a roll-up is working on.'`;

/** Reads one chunk. Parameters: as_of (ms), from, to (seconds), slices, slice. */
export function generationsSql(generations: string): string {
  const keys = ['hour', 'generation_id', ...PERSON_KEYS];
  const values = [...keys.map((key) => `o.${key}`), ...Object.values(JUDGED).map(([, value]) => value)];
  return `INSERT INTO ${generations} (${[...keys, ...Object.keys(JUDGED)].join(', ')})
SELECT ${values.join(', ')}
FROM outcomes_at(as_of = fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')) AS o
WHERE o.hour >= toDateTime({from:UInt32}, 'UTC') AND o.hour < toDateTime({to:UInt32}, 'UTC')
    AND cityHash64(o.generation_id) % {slices:UInt32} = {slice:UInt32}`;
}
