// The statements of a drift look, each for all projects and watches together. Pure text; values travel as parameters.
// Must never read a day that is not final: the day's end + W + L lies before the look, and before the roll-up that judged it.

/** Days that a look reads back: what is older is in no baseline any more. */
export const HISTORY_DAYS = 90;
/** A version is live on the first day on which it has such a share of the generations. */
export const LIVE_SHARE = 0.05;

/** W + L of a project without settings of its own, seconds; the default of the view `outcomes_at`. */
const DEFAULT_SPAN_S = 86_400 + 172_800;

const WATCH = ['project_id', 'prompt_id', 'prompt_version', 'surface', 'metric_version'];
const KEYS = WATCH.join(', ');
const SETTINGS_OF = (condition: string) =>
  `(SELECT project_id, surface, metric_version, window_s, window_s + lateness_s AS span_s FROM metric_settings FINAL WHERE ${condition})`;
/** End of a UTC day, ms. */
const endOf = (day: string) => `1000 * toUnixTimestamp(toDateTime(${day} + 1, 'UTC'))`;
const FROM = `toDate(fromUnixTimestamp64Milli({as_of:Int64}, 'UTC')) - ${HISTORY_DAYS}`;

/**
 * Standard error of y of n, clustered by person (J persons): V = J / (J - 1) (N^2 sum y^2 - 2 Y N sum y n + Y^2 sum n^2) / N^4. In whole
 * numbers, so that it is exactly 0 when all persons are alike. The form from sums of statistics/wilson.ts and rate_intervals.
 */
const CLUSTERED_ERROR = `sqrt(if(count() < 2, 0, count() / (count() - 1) * toFloat64(
        toInt128(sum(n)) * toInt128(sum(n)) * toInt128(sum(y * y)) - 2 * toInt128(sum(y)) * toInt128(sum(n)) * toInt128(sum(y * n))
        + toInt128(sum(y)) * toInt128(sum(y)) * toInt128(sum(n * n))) / pow(toFloat64(sum(n)), 4)))`;

/** Newest row of each watch that has one among the days that are read, with the days since its evidence left zero. Parameter: as_of (ms). */
export const STANDINGS_SQL = `
SELECT ${KEYS}, state, day AS newest_day, since, deployment, deployed_on, baseline, toFloat64(baseline_days) AS baseline_days,
    baseline_from, baseline_to, weekdays, sigma, cusum, recovery, rising_from, days
FROM (SELECT * FROM drift_states WHERE day >= ${FROM}) AS s
LEFT ANY JOIN
(
    SELECT watch_id, arraySort(groupArray((toString(day), z))) AS days
    FROM (SELECT watch_id, day, z, counted FROM drift_looks WHERE day >= ${FROM} ORDER BY as_of LIMIT 1 BY watch_id, day)
    WHERE counted = 1
    GROUP BY watch_id
) AS d ON d.watch_id = s.watch_id
SETTINGS join_use_nulls = 0`;

/**
 * Final days of all watches that no row judges yet; of a watch that still collects, all its days. A prompt's version has a watch of
 * its own once the prompt has another one. Parameter: as_of (ms).
 */
export const DAYS_SQL = `
SELECT ${WATCH.map((key) => `d.${key} AS ${key}`).join(', ')}, toString(d.day) AS day, toFloat64(generations) AS n, toFloat64(d.taken) AS taken, toFloat64(d.persons) AS persons, error,
    toFloat64(d.watched) AS watched,
    multiIf(s.window_s > 0, s.span_s, p.window_s > 0, p.span_s, ${DEFAULT_SPAN_S}) AS span
FROM
(
    SELECT *, max(cells) OVER (PARTITION BY project_id ORDER BY day RANGE BETWEEN 6 PRECEDING AND CURRENT ROW) AS watched
    FROM
    (
        SELECT *, count() OVER (PARTITION BY project_id, day) AS cells
        FROM
        (
            SELECT ${KEYS}, day, sum(n) AS generations, sum(y) AS taken, count() AS persons, ${CLUSTERED_ERROR} AS error, min(judged) AS judged_at,
                uniqExact(prompt_version) OVER (PARTITION BY project_id, prompt_id, surface, metric_version) AS versions
            FROM
            (
                SELECT project_id, prompt_id, arrayJoin(if(u.prompt_version = '', [''], ['', u.prompt_version])) AS prompt_version, surface, metric_version, day,
                    toInt64(sum(u.mature)) AS n, toInt64(sum(u.mature_accepted) + sum(u.mature_edited)) AS y, min(toUnixTimestamp64Milli(u.as_of)) AS judged
                FROM user_days AS u
                WHERE day >= ${FROM}
                GROUP BY ${KEYS}, day, user_kind, user_key
                HAVING n > 0
            )
            GROUP BY ${KEYS}, day
        )
        WHERE prompt_version = '' OR versions > 2
    )
) AS d
LEFT ANY JOIN (SELECT ${KEYS}, day AS newest_day, state FROM drift_states WHERE day >= ${FROM}) AS l
    ON ${WATCH.map((key) => `l.${key} = d.${key}`).join(' AND ')}
LEFT ANY JOIN ${SETTINGS_OF(`surface != ''`)} AS s ON s.project_id = d.project_id AND s.surface = d.surface
LEFT ANY JOIN ${SETTINGS_OF(`surface = ''`)} AS p ON p.project_id = d.project_id
WHERE (l.state = 'collecting' OR d.day > l.newest_day)
    AND least(judged_at, {as_of:Int64}) >= ${endOf('d.day')} + 1000 * span
ORDER BY ${WATCH.map((key) => `d.${key}`).join(', ')}, d.day
SETTINGS join_use_nulls = 0`;

/** Days of a project with events that were not rolled up late enough to be final for its longest W + L. Parameter: as_of (ms). */
export const BEHIND_SQL = `
SELECT d.project_id AS project_id, toString(d.day) AS day, toInt64(toUnixTimestamp64Milli(r.as_of)) AS judged
FROM (SELECT project_id, day FROM dirty_days FINAL WHERE day >= ${FROM} AND ${endOf('day')} <= {as_of:Int64}) AS d
LEFT ANY JOIN (SELECT day, as_of FROM rollup_days FINAL) AS r ON r.day = d.day
LEFT ANY JOIN (SELECT project_id, max(window_s + lateness_s) AS span_s FROM metric_settings FINAL GROUP BY project_id) AS s ON s.project_id = d.project_id
WHERE judged < ${endOf('d.day')} + 1000 * greatest(s.span_s, ${DEFAULT_SPAN_S})
SETTINGS join_use_nulls = 0`;

/** What watches took over spans of days. Parameters: one array per column of a watch, ids, from, to; project ids and the first day. */
export const SPANS_SQL = `
SELECT id, toFloat64(sum(n)) AS generations, toFloat64(sum(y)) AS taken, toFloat64(count()) AS persons, ${CLUSTERED_ERROR} AS error
FROM
(
    SELECT w.id AS id, toInt64(sum(u.mature)) AS n, toInt64(sum(u.mature_accepted) + sum(u.mature_edited)) AS y
    FROM user_days AS u
    INNER JOIN
    (
        SELECT w.1 AS id, w.2 AS project_id, w.3 AS prompt_id, w.4 AS prompt_version, w.5 AS surface, w.6 AS metric_version, toDate(w.7) AS from_day, toDate(w.8) AS to_day
        FROM (SELECT arrayJoin(arrayZip({id:Array(String)}, {project_id:Array(String)}, {prompt_id:Array(String)}, {prompt_version:Array(String)},
            {surface:Array(String)}, {metric_version:Array(String)}, {from:Array(String)}, {to:Array(String)})) AS w)
    ) AS w ON u.project_id = w.project_id AND u.prompt_id = w.prompt_id AND u.surface = w.surface AND u.metric_version = w.metric_version
    WHERE u.project_id IN {project_id:Array(String)} AND u.day >= {first:Date} AND u.day >= w.from_day AND u.day <= w.to_day
        AND (w.prompt_version = '' OR u.prompt_version = w.prompt_version)
    GROUP BY id, u.user_kind, u.user_key
    HAVING n > 0
)
GROUP BY id`;

/** When versions of prompts and models went live where others had been before. Parameters: projects and prompts that have fallen. */
export const DEPLOYMENTS_SQL = `
SELECT project_id, prompt_id, surface, kind, prompt_version, name, toString(live) AS day
FROM
(
    SELECT project_id, prompt_id, surface, kind, prompt_version, name, min(day) AS live,
        min(live) OVER (PARTITION BY project_id, prompt_id, surface, kind, prompt_version) AS first_live
    FROM
    (
        SELECT project_id, prompt_id, surface, day, kind, prompt_version, name, sum(n) AS own,
            sum(own) OVER (PARTITION BY project_id, prompt_id, surface, day, kind, prompt_version) AS everything
        FROM
        (
            SELECT project_id, prompt_id, surface, day, arrayJoin(arrayDistinct([
                    ('version', '', if(u.prompt_version = '', '', concat('version ', u.prompt_version))),
                    ('model', '', if(u.model = '', '', trimRight(concat('model ', u.model, ' ', u.model_version)))),
                    ('model', toString(u.prompt_version), if(u.model = '', '', trimRight(concat('model ', u.model, ' ', u.model_version))))])) AS what,
                what.1 AS kind, what.2 AS prompt_version, what.3 AS name, sum(u.mature) AS n
            FROM user_days AS u
            WHERE u.project_id IN {projects:Array(String)} AND u.prompt_id IN {prompts:Array(String)}
            GROUP BY project_id, prompt_id, surface, day, what
            HAVING n > 0
        )
        GROUP BY project_id, prompt_id, surface, day, kind, prompt_version, name
    )
    WHERE own >= ${LIVE_SHARE} * everything
    GROUP BY project_id, prompt_id, surface, kind, prompt_version, name
)
WHERE live > first_live AND name != ''`;
