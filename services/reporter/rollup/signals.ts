// What else the events of a day say, beside the outcome: why it was rejected or ignored, how much was edited, how long it took, what
// is left of it, ratings, how it was taken. Pure text of statements. In: judged generations and `events`. Out: counts per bucket.
// Events are read with FINAL: of several copies of an event the first received counts, merged or not, however often it was sent.
import { RATE_KEYS } from './generations.js';

/** Upper ends of times to decide, seconds. */
const DECIDE_TIMES_S = [1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21_600, 86_400];
/** When what is left of a generation is measured, ms after it was taken; a measurement counts for the last of them that had passed. */
const RETENTION = [
  { bucket: '30s', from: 30_000, to: 120_000 },
  { bucket: '2m', from: 120_000, to: 300_000 },
  { bucket: '5m', from: 300_000, to: 600_000 },
  { bucket: '10m', from: 600_000, to: 4_294_967_296 },
].map((row) => ({ ...row, last: `retention_${row.bucket}` }));
/** Similarity from which a generation counts as retained. */
const RETAINED_SIMILARITY = 0.67;

/**
 * One row per generation with such events. The last of a kind is the greatest by (trusted, occurred_at, event_id): where a token
 * spoke, others do not count. Rejections and takes are kept all, since only those in the generation's window bear on its outcome.
 */
const EVENTS_SQL = `
SELECT
    project_id, toStartOfHour(generated_at) AS hour, generation_id,
    groupArrayIf((occurred_at, event_id, trusted, toString(reason)), event_type = 'reject') AS rejects,
    groupArrayIf((occurred_at, event_id, trusted, toString(reason)), decides = 'accept') AS takes,
    argMaxIf((trusted, toString(reason)), (trusted, occurred_at, event_id), event_type = 'ignore') AS last_ignore,
    argMaxIf((trusted, 1, toString(label), value), (trusted, occurred_at, event_id), event_type = 'rate') AS last_rating,
    ${RETENTION.map(
      ({ from, to, last }) =>
        `argMaxIf((trusted, 1, value), (trusted, occurred_at, event_id), event_type = 'retention' AND after_ms >= ${from} AND after_ms < ${to}) AS ${last}`,
    ).join(',\n    ')}
FROM events FINAL
PREWHERE event_type IN ('copy', 'accept', 'reject', 'ignore', 'retention', 'rate')
WHERE toStartOfHour(generated_at) >= toDateTime({from:UInt32}, 'UTC') AND toStartOfHour(generated_at) < toDateTime({to:UInt32}, 'UTC')
    AND generated_at >= toDateTime({from:UInt32}, 'UTC') AND generated_at < toDateTime({to:UInt32}, 'UTC')
    AND cityHash64(generation_id) % {slices:UInt32} = {slice:UInt32}
GROUP BY project_id, hour, generation_id`;

/** The decisions that bear on the outcome: believed, and from 2 minutes before the first show to the end of the window. */
function counted(decisions: string): string {
  return `arraySort(d -> (d.1, d.2), arrayFilter(d -> d.3 >= g.trusted AND d.1 >= shown_at - INTERVAL 2 MINUTE AND d.1 <= shown_at + toIntervalSecond(g.window_s), e.${decisions}))`;
}

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
    bucket: `if(last_decides != 3, 'rewritten', named(reject_reason))`,
  },
  { signal: 'ignore_reason', when: `mature AND outcome = 'ignored'`, bucket: `named(ignore_reason)` },
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
  ...RETENTION.map(({ bucket, last }) => ({
    signal: 'retention',
    when: `mature AND ${last}.2 = 1 AND ${last}.1 >= trusted`,
    bucket: `'${bucket}'`,
    retained: `${last}.3 >= ${RETAINED_SIMILARITY}`,
    value: `${last}.3`,
  })),
  {
    signal: 'rating',
    when: `was_shown AND last_rating.2 = 1 AND last_rating.1 >= trusted`,
    bucket: `if(last_rating.3 = '', toString(last_rating.4), last_rating.3)`,
    value: 'last_rating.4',
  },
  { signal: 'take_method', when: TAKEN, bucket: `if(taken_by_edit, 'edit', named(take_method))` },
];

/** Counts one chunk. Parameters: from, to (seconds), slices, slice. */
export function signalsSql(generations: string, signals: string): string {
  const rows = SIGNALS.map(
    ({ signal, when, bucket, retained = '0', value = '0' }) =>
      `(${when}, '${signal}', ${bucket.replaceAll(/named\((\w+)\)/g, `if($1 = '', 'none', $1)`)}, toUInt8(${retained}), toFloat64(${value}))`,
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
            ${counted('rejects')}[-1].4 AS reject_reason, ${counted('takes')} AS taken, taken[-1].4 AS take_method, empty(taken) AS taken_by_edit,
            if(e.last_ignore.1 >= g.trusted, e.last_ignore.2, '') AS ignore_reason,
            ${['last_rating', ...RETENTION.map(({ last }) => last)].map((column) => `e.${column} AS ${column}`).join(', ')}
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
