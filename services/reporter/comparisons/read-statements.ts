// The statements that lay down what one look reads, for all projects and pairs together. Pure text; values travel as parameters.
// Only final days are read: the day's end + W + L lies before the look, and before the roll-up that wrote the day's rows.
import { DIMENSIONS } from './cell.js';
import type { LookTables } from './look-tables.js';
import { INCUMBENT_DAYS } from './model-pairs.js';

/** W + L of a project without settings of its own, seconds; the default of the view `outcomes_at`. */
const DEFAULT_SPAN_S = 86_400 + 172_800;

const KEYS = ['project_id', ...DIMENSIONS, 'metric_version'];
/** The metric version is none of it: cells are read under one version only, and events have none. */
const cellOf = (row: string) => `cityHash64(${['project_id', ...DIMENSIONS].map((key) => `${row}.${key}`).join(', ')})`;
/** Whether a row of `user_days` belongs to a final day: one that ended `span` seconds before. Parameter: as_of (ms). */
const isFinal = (row: string, span: string) =>
  `least(toUnixTimestamp64Milli(${row}.as_of), {as_of:Int64}) >= 1000 * (toUnixTimestamp(toDateTime(${row}.day + 1, 'UTC')) + toInt64(${span}))`;

/** Final days of cells, under the settings of today. Parameter: as_of (ms). */
export function daysSql({ days }: LookTables): string {
  return `INSERT INTO ${days} (cell, ${KEYS.join(', ')}, span_s, day, n, people)
SELECT ${cellOf('u')} AS cell, ${KEYS.map((key) => `u.${key} AS ${key}`).join(', ')},
    any(if(s.window_s > 0, s.window_s + s.lateness_s, if(p.window_s > 0, p.window_s + p.lateness_s, ${DEFAULT_SPAN_S}))) AS span_s,
    u.day AS day, sum(u.mature) AS n, count() AS people
FROM user_days AS u
LEFT ANY JOIN (SELECT project_id, surface, metric_version, window_s, lateness_s FROM metric_settings FINAL WHERE surface != '') AS s
    ON s.project_id = u.project_id AND s.surface = u.surface
LEFT ANY JOIN (SELECT project_id, metric_version, window_s, lateness_s FROM metric_settings FINAL WHERE surface = '') AS p
    ON p.project_id = u.project_id
WHERE u.metric_version = multiIf(s.window_s > 0, s.metric_version, p.window_s > 0, p.metric_version, 'default')
    AND ${isFinal('u', `if(s.window_s > 0, s.window_s + s.lateness_s, if(p.window_s > 0, p.window_s + p.lateness_s, ${DEFAULT_SPAN_S}))`)}
GROUP BY ${KEYS.map((key) => `u.${key}`).join(', ')}, u.day
SETTINGS join_use_nulls = 0`;
}

/** Cells with their first and last day, as in cell.ts. */
export function cellsSql({ days }: LookTables): string {
  return `SELECT toString(d.cell) AS cell, ${KEYS.map((key) => `any(d.${key}) AS ${key}`).join(', ')}, any(d.span_s) AS span_s,
    toString(minIf(d.day, d.n > 0)) AS first_day, toString(maxIf(d.day, d.n > 0)) AS last_day, toFloat64(sum(d.n)) AS mature
FROM ${days} AS d GROUP BY d.cell ORDER BY d.cell`;
}

/** How much each model was used before another's first day, and on it: rows for surfaces with several models only. */
export function modelUsageSql({ days }: LookTables): string {
  const group = 'project_id, surface, metric_version';
  const used = `FROM ${days} WHERE n > 0 AND model != '' GROUP BY ${group}`;
  return `WITH models AS (
    SELECT ${group}, model, model_version, min(day) AS first ${used}, model, model_version
    HAVING (${group}) IN (SELECT ${group} ${used} HAVING uniqExact(model, model_version) > 1))
SELECT ${['project_id', 'surface', 'metric_version', 'model', 'model_version'].map((key) => `m.${key} AS ${key}`).join(', ')},
    d.model AS candidate, d.model_version AS candidate_version,
    toFloat64(sumIf(d.n, d.day < m.first)) AS before, toFloat64(sumIf(d.n, d.day = m.first)) AS on_first_day
FROM models AS m INNER JOIN ${days} AS d
    ON d.project_id = m.project_id AND d.surface = m.surface AND d.metric_version = m.metric_version
WHERE d.model != '' AND d.day <= m.first AND d.day >= m.first - ${INCUMBENT_DAYS} AND d.n > 0
GROUP BY m.project_id, m.surface, m.metric_version, m.model, m.model_version, d.model, d.model_version`;
}

/** Days on which both sides were shown. */
export function sharedSql({ days, members, shared }: LookTables): string {
  return `INSERT INTO ${shared} (c, day)
SELECT m.c AS c, d.day AS day FROM ${days} AS d INNER JOIN ${members} AS m ON m.cell = d.cell
GROUP BY c, day HAVING sumIf(d.n, m.side = 0) > 0 AND sumIf(d.n, m.side = 1) > 0`;
}

/** What persons did on the shared days; of the comparisons `from` to `to` (exclusive). Parameters: as_of (ms), from, to. */
export function personsSql({ members, shared, persons }: LookTables): string {
  return `INSERT INTO ${persons} (c, person, stratum, week, side, session, n, y, generated, shown, orphan, late, clock_suspect, forced)
SELECT m.c AS c, cityHash64(toUInt8(u.user_kind), u.user_key) AS person, m.stratum AS stratum, toMonday(u.day) AS week, m.side AS side,
    max(u.user_kind = 'session') AS session, sum(u.mature) AS n, sum(u.mature_accepted + u.mature_edited) AS y,
    sum(u.not_shown + u.orphan + u.shown) AS generated, sum(u.shown) AS shown, sum(u.orphan) AS orphan, sum(u.late) AS late,
    sum(u.clock_suspect) AS clock_suspect, sum(u.forced) AS forced
FROM user_days AS u INNER JOIN (SELECT * FROM ${members} WHERE c >= {from:UInt32} AND c < {to:UInt32}) AS m ON m.cell = ${cellOf('u')}
WHERE (m.c, u.day) IN (SELECT c, day FROM ${shared} WHERE c >= {from:UInt32} AND c < {to:UInt32}) AND u.metric_version = m.metric_version
    AND ${isFinal('u', 'm.span_s')}
GROUP BY c, person, stratum, week, side`;
}

/** Strata in which both sides have mature generations. */
export function strataSql({ persons, strata }: LookTables): string {
  return `INSERT INTO ${strata} (c, stratum, week, na, nb, ya, yb)
SELECT c, stratum, week, sumIf(n, side = 0) AS a, sumIf(n, side = 1) AS b, sumIf(y, side = 0) AS ya, sumIf(y, side = 1) AS yb
FROM ${persons} GROUP BY c, stratum, week HAVING a > 0 AND b > 0`;
}

/** Tier facts per comparison, over all final days: see tier.ts. */
export function tierSql({ days, members, shared }: LookTables): string {
  return `WITH by_day AS (
    SELECT m.c AS c, d.day AS day, toFloat64(sumIf(d.n, m.side = 0)) AS a, toFloat64(sumIf(d.n, m.side = 1)) AS b,
        groupUniqArray(d.assignment) AS assignments,
        groupUniqArray(d.experiment) AS experiments,
        groupUniqArrayIf(d.arm, m.side = 0) AS arms_a, groupUniqArrayIf(d.arm, m.side = 1) AS arms_b
    FROM ${days} AS d INNER JOIN ${members} AS m ON m.cell = d.cell GROUP BY c, day)
SELECT c, toFloat64(sumIf(b, a >= 0.05 * (a + b))) AS concurrent_b, toFloat64(sum(b)) AS all_b,
    toString(min(read_day)) AS from_day, toString(max(read_day)) AS to_day,
    groupUniqArrayArrayIf(assignments, read) AS assignments, groupUniqArrayArrayIf(experiments, read) AS experiments,
    groupUniqArrayArrayIf(arms_a, read) AS arms_a, groupUniqArrayArrayIf(arms_b, read) AS arms_b
FROM (SELECT *, (c, day) IN (SELECT c, day FROM ${shared}) AS read, if(read, day, NULL) AS read_day FROM by_day)
GROUP BY c`;
}

/** How many rows of `user_days` each comparison reads. */
export function weightsSql({ days, members, shared }: LookTables): string {
  return `SELECT m.c AS c, toFloat64(sum(d.people)) AS rows FROM ${days} AS d INNER JOIN ${members} AS m ON m.cell = d.cell
WHERE (m.c, d.day) IN (SELECT c, day FROM ${shared}) GROUP BY c`;
}

/** Days before the look whose events tell which SDK people use. */
const SDK_DAYS = 3;

/** Persons who were shown something, per major version of the SDK that saw it. Parameter: as_of (ms). */
export function sdksSql({ members }: LookTables): string {
  return `SELECT m.c AS c, e.sdk AS sdk, toFloat64(uniqExactIf(e.person, m.side = 0)) AS a, toFloat64(uniqExactIf(e.person, m.side = 1)) AS b
FROM (
    SELECT ${cellOf('v')} AS cell, extract(v.sdk, '^[^/]*/[0-9]+') AS sdk, (v.user_kind, v.user_key) AS person
    FROM events AS v
    WHERE v.generated_at >= fromUnixTimestamp64Milli({as_of:Int64}, 'UTC') - INTERVAL ${SDK_DAYS} DAY
        AND v.generated_at < fromUnixTimestamp64Milli({as_of:Int64}, 'UTC') AND v.shows = 1 AND v.sdk != ''
    GROUP BY cell, sdk, person
) AS e INNER JOIN ${members} AS m ON m.cell = e.cell
GROUP BY c, sdk`;
}
