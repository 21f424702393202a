// The traffic of a product as SQL: sessions of four generations by one person with one prompt, spread evenly over ninety days that end
// now. In: sizes. Out: SELECTs of the same sessions as events, or as what a roll-up makes of them; a test holds the two together.
// Everything is a hash of the session's number: a second run gives the same traffic.

export interface Product {
  readonly project: string;
  readonly generations: number;
  readonly persons: number;
  /** First and last instant, ms. */
  readonly begin: number;
  readonly end: number;
}

export const GENERATIONS_PER_SESSION = 4;
/** Of each generation: generated, shown, and what was done with it. */
export const EVENTS_PER_GENERATION = 3;
export const PROMPTS = 10;
/** Days after which a prompt gets its next version; persons go over to it during the first ten of them. */
const VERSION_DAYS = 30;
const SECOND_MS = 1000;
/** W + L of a project without settings, ms. */
const SPAN_MS = 3 * 86_400_000;

export function sessionsOf({ generations }: Product): number {
  return Math.floor(generations / GENERATIONS_PER_SESSION);
}

/** The first session at or after an instant, ms. */
export function sessionAt(product: Product, instant: number): number {
  const { begin, end } = product;
  return Math.max(0, Math.ceil(((instant - begin) / (end - begin)) * sessionsOf(product)));
}

const share = (...words: string[]) => `cityHash64(${words.join(', ')}) / pow(2, 64)`;

/** Sessions `first` to `first + count`, one row each. */
function sessions(product: Product, first: number, count: number): string {
  const { begin, end, persons } = product;
  const length = (end - begin) / sessionsOf(product);
  return `
    SELECT number AS session,
        fromUnixTimestamp64Milli(toInt64(${begin} + number * ${length}), 'UTC') AS began,
        toUInt32(${persons} * pow(${share('number', "'person'")}, 1.5)) AS person,
        toUInt8(${PROMPTS} * pow(${share('number', "'prompt'")}, 1.5)) AS prompt,
        intDiv(toUInt32(intDiv(toUnixTimestamp64Milli(began) - ${begin}, 86400000)), ${VERSION_DAYS}) AS newest,
        (toUInt32(intDiv(toUnixTimestamp64Milli(began) - ${begin}, 86400000)) % ${VERSION_DAYS} + 1) / 10 AS gone_over,
        concat('prompt-', toString(prompt)) AS prompt_id,
        toString(1 + if(newest > 0 AND ${share('person', "'late'")} > gone_over, newest - 1, least(newest, 2))) AS prompt_version,
        'model-a' AS model, if(person % 2 = 0, '2026-08', '2026-10') AS model_version,
        if(${share('person', "'surface'")} < 0.8, 'web', 'editor') AS surface,
        if(prompt < 2, 'tone', '') AS experiment, if(prompt < 2, if(cityHash64(person, 'arm') % 2 = 0, 'A', 'B'), '') AS arm,
        if(prompt < 2, 'randomised:user', '') AS assignment,
        cityHash64(person, ${`'${product.project}'`}) AS user_key,
        -- 0 copied, 1 edited, 2 rejected, 3 inserted, 4 and 5 left
        arrayMap(k -> cityHash64(number, k) % if(prompt_version = '3', 6, 5), range(${GENERATIONS_PER_SESSION})) AS acts
    FROM numbers(${first}, ${count})`;
}

const KEYS = 'prompt_id, prompt_version, model, model_version, surface';

export function eventsSql(product: Product, first: number, count: number): string {
  return `
INSERT INTO events (project_id, generation_id, generated_at, event_id, event_type, shows, decides, decision_value, reason,
    occurred_at, received_at, ingested_at, ${KEYS}, experiment, arm, assignment, user_kind, user_key, trusted, total_chars)
SELECT '${product.project}', concat('g', toString(session), '-', toString(k)), began + toIntervalSecond(k) AS at,
    reinterpret(sipHash128(session, k, event.1), 'UUID'), event.1, event.2, event.3, event.4, event.5, at + toIntervalSecond(event.6), at + INTERVAL 30 SECOND,
    at + INTERVAL 31 SECOND, ${KEYS}, experiment, arm, assignment, 'user', user_key, 1, 800
FROM (${sessions(product, first, count)})
ARRAY JOIN range(${GENERATIONS_PER_SESSION}) AS k
ARRAY JOIN [('generated', 0, 'nothing', 0., '', 0), ('shown', 1, 'nothing', 0., '', 2),
    multiIf(acts[k + 1] = 0, ('copy', 0, 'accept', 0.4, 'keyboard', 9), acts[k + 1] = 1, ('edit', 0, 'edit', 0.7, 'submit', 12),
        acts[k + 1] = 2, ('reject', 0, 'reject', 0., if(session % 2 = 0, 'dismissed', 'regenerated'), 5),
        acts[k + 1] = 3, ('accept', 0, 'accept', 1., 'insert', 8), ('ignore', 0, 'nothing', 0., 'left', 20))] AS event`;
}

/** What the roll-up counts of a session, all of whose generations were shown two seconds after they were made. */
function counts(asOf: number): string {
  const ripe = `toUnixTimestamp64Milli(began) + ${(GENERATIONS_PER_SESSION + 1) * SECOND_MS + SPAN_MS} <= ${asOf}`;
  const mature = (act: string) => `if(ripe, ${act}, 0)`;
  return `${ripe} AS ripe, ${GENERATIONS_PER_SESSION} AS n, countEqual(acts, 0) + countEqual(acts, 3) AS took,
    countEqual(acts, 1) AS changed, countEqual(acts, 2) AS refused, n - took - changed - refused AS left_alone,
    ${mature('n')} AS m, ${mature('took')} AS m_took, ${mature('changed')} AS m_changed, ${mature('refused')} AS m_refused,
    m_took + 0.7 * m_changed AS similarity`;
}

const instant = (asOf: number) => `fromUnixTimestamp64Milli(toInt64(${asOf}), 'UTC')`;

export function userDaysSql(product: Product, first: number, count: number, asOf: number): string {
  return `
INSERT INTO user_days (project_id, day, ${KEYS}, experiment, arm, assignment, trusted, metric_version, user_kind, user_key,
    shown, accepted, edited, rejected, mature, mature_accepted, mature_edited, mature_rejected, mature_similarity_sum, as_of)
SELECT '${product.project}', toDate(began) AS day, ${KEYS}, experiment, arm, assignment, 1, 'default', 'user', user_key,
    sum(n), sum(took), sum(changed), sum(refused), sum(m), sum(m_took), sum(m_changed), sum(m_refused), sum(similarity), ${instant(asOf)}
FROM (SELECT *, ${counts(asOf)} FROM (${sessions(product, first, count)}))
GROUP BY day, ${KEYS}, experiment, arm, assignment, user_key`;
}

export function ratesSql(product: Product, first: number, count: number, asOf: number): string {
  return `
INSERT INTO rates (project_id, ${KEYS}, trusted, metric_version, hour, shown, accepted, edited, rejected, ignored, unresolved,
    mature, mature_accepted, mature_edited, mature_rejected, mature_similarity_sum, as_of)
SELECT '${product.project}', ${KEYS}, 1, 'default', toStartOfHour(began) AS hour, sum(n), sum(took), sum(changed), sum(refused),
    sum(if(ripe, left_alone, 0)), sum(if(ripe, 0, left_alone)),
    sum(m), sum(m_took), sum(m_changed), sum(m_refused), sum(similarity), ${instant(asOf)}
FROM (SELECT *, ${counts(asOf)} FROM (${sessions(product, first, count)}))
GROUP BY ${KEYS}, hour`;
}

export function signalDaysSql(product: Product, first: number, count: number, asOf: number): string {
  return `
INSERT INTO signal_days (project_id, day, ${KEYS}, trusted, metric_version, signal, bucket, generations, value_sum, as_of)
SELECT '${product.project}', toDate(began) AS day, ${KEYS}, 1, 'default', said.1, said.2, count(), sum(said.3), ${instant(asOf)}
FROM (SELECT *, ${counts(asOf)} FROM (${sessions(product, first, count)}))
ARRAY JOIN acts AS act
ARRAY JOIN multiIf(
    act = 0, [('take_method', 'keyboard', 0.), ('decide_time', '10', 7.)],
    act = 1, [('take_method', 'edit', 0.), ('edit_size', '0.7', 0.7), ('decide_time', '10', 10.)],
    act = 2, [('reject_reason', if(session % 2 = 0, 'dismissed', 'regenerated'), 0.), ('decide_time', '5', 3.)],
    act = 3, [('take_method', 'insert', 0.), ('decide_time', '10', 6.)],
    [('ignore_reason', 'left', 0.)]) AS said
WHERE ripe
GROUP BY day, ${KEYS}, said.1, said.2`;
}
