// What else the events of a day say, beside the outcome: why it was rejected or ignored, how much was edited, how long it took, what
// is left of it, ratings, how it was taken. Pure text of statements. In: judged generations and `events`. Out: counts per bucket.
// Events are read with FINAL: of several copies of an event the first received counts, merged or not, however often it was sent.
import { RATE_KEYS } from './generations.js';

/** Upper ends of times to decide, seconds. */
const DECIDE_TIMES_S = [1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400];
/** When what is left of a generation is measured, ms after it was taken; a measurement counts for the last of them that had passed. */
const RETENTION_MS = { '30s': 30_000, '2m': 120_000, '5m': 300_000, '10m': 600_000 } as const;
/** Similarity from which a generation counts as retained. */
const RETAINED_SIMILARITY = 0.67;

/** What an event says, as a number: retention from here on, one number per measurement. */
const KIND = { reject: 1, take: 2, ignore: 3, rating: 4, retention: 5 } as const;

const RETENTION = Object.keys(RETENTION_MS).map((bucket, nth) => ({
  bucket,
  kind: KIND.retention + nth,
  last: `retention_${bucket}`,
}));

/** One row per generation with such events: each as (occurred_at, event_id, trusted, kind, text, value). */
const EVENTS_SQL = `
SELECT project_id, toStartOfHour(generated_at) AS hour, generation_id, groupArray((occurred_at, event_id, trusted, kind, text, value)) AS said
FROM
(
    SELECT
        *, toString(if(event_type = 'rate', label, reason)) AS text,
        multiIf(
            event_type = 'reject', ${KIND.reject}, decides = 'accept', ${KIND.take}, event_type = 'ignore', ${KIND.ignore}, event_type = 'rate', ${KIND.rating},
            event_type != 'retention', 0,
            ${Object.values(RETENTION_MS)
              .map((from, nth) => `after_ms >= ${from}, ${KIND.retention + nth}`)
              .reverse()
              .join(', ')}, 0) AS kind
    FROM events FINAL
    PREWHERE event_type IN ('copy', 'accept', 'reject', 'ignore', 'retention', 'rate')
    WHERE toStartOfHour(generated_at) >= toDateTime({from:UInt32}, 'UTC') AND toStartOfHour(generated_at) < toDateTime({to:UInt32}, 'UTC')
        AND generated_at >= toDateTime({from:UInt32}, 'UTC') AND generated_at < toDateTime({to:UInt32}, 'UTC')
        AND cityHash64(generation_id) % {slices:UInt32} = {slice:UInt32}
)
WHERE kind > 0
GROUP BY project_id, hour, generation_id`;

/** The last event of a kind that is believed: kind 0 when there is none. Where a token spoke, others do not count. */
function last(kind: number, condition = ''): string {
  return `arrayLast(d -> d.4 = ${kind}${condition}, believed)`;
}

/** Decisions bear on the outcome from 2 minutes before the first show to the end of the window. */
const IN_WINDOW = ` AND d.1 >= shown_at - INTERVAL 2 MINUTE AND d.1 <= shown_at + toIntervalSecond(g.window_s)`;

const TAKEN = `mature AND outcome IN ('accepted', 'edited')`;

interface Signal {
  readonly signal: string;
  readonly when: string;
  readonly bucket: string;
  readonly retained?: string;
  readonly value?: string;
}

/** Which generations each signal counts, in which bucket. */
const SIGNALS: readonly Signal[] = [
  {
    signal: 'reject_reason',
    when: `mature AND outcome = 'rejected'`,
    bucket: `if(last_decides != 3, 'rewritten', named(last_reject.5))`,
  },
  { signal: 'ignore_reason', when: `mature AND outcome = 'ignored'`, bucket: `named(last_ignore.5)` },
  {
    signal: 'edit_size',
    when: `mature AND outcome = 'edited'`,
    bucket: `concat('0.', toString(toUInt8(floor(similarity * 10))))`,
    value: 'similarity',
  },
  {
    signal: 'decide_time',
    when: 'mature AND decided',
    bucket: `multiIf(${DECIDE_TIMES_S.map((end) => `seconds <= ${end}, '${end}'`).join(', ')}, 'more')`,
    value: 'seconds',
  },
  ...RETENTION.map(({ bucket, kind, last: found }) => ({
    signal: 'retention',
    when: `mature AND ${found}.4 = ${kind}`,
    bucket: `'${bucket}'`,
    retained: `${found}.6 >= ${RETAINED_SIMILARITY}`,
    value: `${found}.6`,
  })),
  {
    signal: 'rating',
    when: `was_shown AND last_rating.4 = ${KIND.rating}`,
    bucket: `if(last_rating.5 = '', toString(last_rating.6), last_rating.5)`,
    value: 'last_rating.6',
  },
  { signal: 'take_method', when: TAKEN, bucket: `if(last_take.4 = 0, 'edit', named(last_take.5))` },
];

/** Counts one chunk. Parameters: from, to (seconds), slices, slice. */
export function signalsSql(generations: string, signals: string): string {
  const rows = SIGNALS.map(
    ({ signal, when, bucket, retained = '0', value = '0' }) =>
      `(${when}, '${signal}', ${bucket.replaceAll(/named\(([\w.]+)\)/g, `if($1 = '', 'none', $1)`)}, toUInt8(${retained}), toFloat64(${value}))`,
  );
  const keys = RATE_KEYS.join(', ');
  return `INSERT INTO ${signals} (day, ${keys}, signal, bucket, generations, retained, value_sum)
SELECT toDate(hour) AS day, ${keys}, found.2 AS signal, found.3 AS bucket, count(), sum(found.4), sum(found.5)
FROM
(
    SELECT hour, ${keys}, arrayJoin(arrayFilter(s -> s.1, [${rows.join(',\n        ')}])) AS found
    FROM
    (
        SELECT
            ${['hour', ...RATE_KEYS, 'mature', 'outcome', 'was_shown', 'similarity', 'last_decides'].map((column) => `g.${column} AS ${column}`).join(', ')},
            assumeNotNull(g.shown_at) AS shown_at, g.decided_at IS NOT NULL AS decided,
            if(decided, greatest(0, dateDiff('millisecond', shown_at, assumeNotNull(g.decided_at))) / 1000, 0) AS seconds,
            arraySort(d -> (d.1, d.2), arrayFilter(d -> d.3 >= g.trusted, e.said)) AS believed,
            ${last(KIND.reject, IN_WINDOW)} AS last_reject, ${last(KIND.take, IN_WINDOW)} AS last_take,
            ${last(KIND.ignore)} AS last_ignore, ${last(KIND.rating)} AS last_rating,
            ${RETENTION.map(({ kind, last: found }) => `${last(kind)} AS ${found}`).join(', ')}
        FROM ${generations} AS g
        LEFT ANY JOIN (${EVENTS_SQL}) AS e ON e.project_id = g.project_id AND e.hour = g.hour AND e.generation_id = g.generation_id
        WHERE g.was_shown
    )
)
GROUP BY day, ${keys}, signal, bucket`;
}

/** Puts the chunks together. Parameter: as_of (ms). */
export function signalDaysSql(signals: string, target: string): string {
  const keys = ['day', ...RATE_KEYS, 'signal', 'bucket'];
  const sums = ['generations', 'retained', 'value_sum'];
  return `INSERT INTO ${target} (${[...keys, ...sums, 'as_of'].join(', ')})
SELECT ${[...keys.map((key) => `s.${key} AS ${key}`), ...sums.map((sum) => `sum(s.${sum}) AS ${sum}`)].join(', ')}, fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')
FROM ${signals} AS s
GROUP BY ${keys.join(', ')}`;
}
