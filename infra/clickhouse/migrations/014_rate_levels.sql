-- The figures of `rate_levels`, with one reading of the persons, and what neither the rate nor its interval needs from `rates`.

-- The interval is that of rate_intervals (see there for the formula), with the squares multiplied out: sum((y - p n)^2) is
-- sum(y^2) - 2 p sum(y n) + p^2 sum(n^2). The level says which keys are put together.
-- What makes it quick, for tens of millions of rows:
-- * A name is hashed by itself: that goes over the few names of a column instead of over its rows. A cell is the hash of these.
-- * A person of a cell goes by one number, and its counts are added up in pairs, two to a number: room for 4,294,967,295 generations of
--   one person, 124 a second over 400 days. The last bit of row_cell says that the person is a session.
-- * Other counts come from `rates`, which the roll-up swaps in just before: a rate and its persons are always of one reading.
--   Persons are forgotten after 13 months: older days are left out.
-- Step by step in queries of their own: in one SELECT each name would be spelled out wherever it is used, and the text took 80 ms to read.
CREATE OR REPLACE VIEW {{database}}.rate_levels{{on_cluster}}
SQL SECURITY INVOKER
AS
WITH 1.959963984540054 AS z
SELECT
    project_id, level, prompt_id, prompt_version, model, model_version, surface, trusted, metric_version,
    persons, session_persons, mature, taken, mature_accepted, mature_edited, mature_rejected, mature_similarity_sum,
    rate, variance, rejection_variance, t, effective_n, rejection_effective_n,
    if(persons < 2, NULL, if(taken = 0, 0, greatest(0, (rate + z * z / 2 / effective_n - z * half) / (1 + z * z / effective_n)))) AS low,
    if(persons < 2, NULL, if(taken = mature, 1, least(1, (rate + z * z / 2 / effective_n + z * half) / (1 + z * z / effective_n)))) AS high,
    design_effect, person_rate,
    shown, accepted, edited, rejected, ignored, unresolved,
    not_shown, orphan, clock_suspect, forced, late, as_of
FROM
(
    SELECT *, sqrt((rate * (1 - rate) + z * z / 4 / effective_n) / effective_n) AS half
    FROM
    (
        SELECT
            *,
            multiIf(persons < 2, NULL, taken = 0 OR taken = mature, toFloat64(persons), least(toFloat64(mature), rate * (1 - rate) / variance) * pow(z / t, 2)) AS effective_n,
            multiIf(persons < 2, NULL, mature_rejected = 0 OR mature_rejected = mature, toFloat64(persons), least(toFloat64(mature), rejection_rate * (1 - rejection_rate) / rejection_variance) * pow(z / t, 2)) AS rejection_effective_n,
            variance * mature / nullIf(rate * (1 - rate), 0) AS design_effect
        FROM
        (
            WITH
                [12.7062047362, 4.30265272975, 3.18244630528, 2.7764451052, 2.57058183564, 2.44691185114, 2.36462425159, 2.3060041352, 2.2621571628, 2.22813885199, 2.20098516009, 2.17881282967, 2.16036865646, 2.14478668792, 2.13144954556, 2.11990529922, 2.10981557783, 2.10092204024, 2.09302405441, 2.08596344727, 2.07961384473, 2.0738730679, 2.06865761042, 2.06389856163, 2.05953855275, 2.05552943864, 2.05183051648, 2.0484071418, 2.04522964213, 2.0422724563] AS t_table
            SELECT
                *,
                if(mature = 0, NULL, taken / mature) AS rate,
                if(mature = 0, NULL, mature_rejected / mature) AS rejection_rate,
                if(persons < 2, NULL, persons / degrees * squares / pow(mature, 2)) AS variance,
                if(persons < 2, NULL, persons / degrees * rejection_squares / pow(mature, 2)) AS rejection_variance,
                if(persons <= 31, t_table[toUInt32(greatest(persons, 2) - 1)], z + 2.372271230298562 / degrees + 2.8224986157396 / pow(degrees, 2) + 2.5558496795077 / pow(degrees, 3) + 1.5895340533938 / pow(degrees, 4)) AS t
            FROM
            (
                SELECT
                    *,
                    toFloat64(persons - 1) AS degrees,
                    greatest(0, yy - 2 * taken / mature * yn + pow(taken / mature, 2) * nn) AS squares,
                    greatest(0, rr - 2 * mature_rejected / mature * rn + pow(mature_rejected / mature, 2) * nn) AS rejection_squares,
                    if(persons = 0, NULL, own_rates / persons) AS person_rate
                FROM
                (
                    SELECT
                        intDiv(tagged_cell, 2) AS cell,
                        countIf(n > 0) AS persons, countIf(n > 0 AND tagged_cell % 2 = 1) AS session_persons, sumIf(y / n, n > 0) AS own_rates,
                        sum(n) AS mature, sum(y) AS taken, sum(r) AS mature_rejected,
                        sum(toFloat64(n) * n) AS nn, sum(toFloat64(y) * n) AS yn, sum(toFloat64(y) * y) AS yy, sum(toFloat64(r) * n) AS rn, sum(toFloat64(r) * r) AS rr,
                        sum(l) AS late, sum(s) AS clock_suspect, sum(f) AS forced
                    FROM
                    (
                        SELECT
                            groupBitOr(row_cell) AS tagged_cell,
                            sum(mature_taken) AS n_y, n_y % 4294967296 AS n, intDiv(n_y, 4294967296) AS y,
                            sum(rejected_late) AS r_l, r_l % 4294967296 AS r, intDiv(r_l, 4294967296) AS l,
                            sum(suspect_forced) AS s_f, s_f % 4294967296 AS s, intDiv(s_f, 4294967296) AS f
                        FROM
                        (
                            SELECT
                                indexOf(['cell', 'version', 'prompt', 'project'], {level:String}) AS rank,
                                2 * intDiv(cityHash64(
                                    rank, cityHash64(u.project_id), cityHash64(u.metric_version), if(rank < 4, cityHash64(u.prompt_id), 0),
                                    if(rank < 3, cityHash64(u.prompt_version), 0), if(rank < 3, cityHash64(u.model), 0), if(rank < 3, cityHash64(u.model_version), 0),
                                    if(rank = 1, cityHash64(u.surface), 0), if(rank = 1, u.trusted, 0)), 2) + (u.user_kind = 'session') AS row_cell,
                                cityHash64(row_cell, u.user_kind, u.user_key) AS row_person,
                                u.mature + 4294967296 * (u.mature_accepted + u.mature_edited) AS mature_taken,
                                u.mature_rejected + 4294967296 * u.late AS rejected_late,
                                u.clock_suspect + 4294967296 * u.forced AS suspect_forced
                            FROM {{database}}.user_days AS u
                            WHERE rank > 0 AND ({project:String} = '' OR u.project_id = {project:String}) AND u.day >= {from:Date} AND u.day < {to:Date}
                                AND u.day + INTERVAL 13 MONTH > now()
                        )
                        GROUP BY row_person
                    )
                    GROUP BY cell
                ) AS people
                INNER JOIN
                (
                    SELECT
                        indexOf(['cell', 'version', 'prompt', 'project'], {level:String}) AS rank,
                        intDiv(cityHash64(
                            rank, cityHash64(r.project_id), cityHash64(r.metric_version), if(rank < 4, cityHash64(r.prompt_id), 0),
                            if(rank < 3, cityHash64(r.prompt_version), 0), if(rank < 3, cityHash64(r.model), 0), if(rank < 3, cityHash64(r.model_version), 0),
                            if(rank = 1, cityHash64(r.surface), 0), if(rank = 1, r.trusted, 0)), 2) AS cell,
                        any(r.project_id) AS project_id, any({level:String}) AS level,
                        any(if(rank < 4, r.prompt_id, '')) AS prompt_id, any(if(rank < 3, r.prompt_version, '')) AS prompt_version,
                        any(if(rank < 3, r.model, '')) AS model, any(if(rank < 3, r.model_version, '')) AS model_version,
                        any(if(rank = 1, r.surface, '')) AS surface, any(if(rank = 1, r.trusted, 0)) AS trusted, any(r.metric_version) AS metric_version,
                        sum(r.mature_accepted) AS mature_accepted, sum(r.mature_edited) AS mature_edited, sum(r.mature_similarity_sum) AS mature_similarity_sum,
                        sum(r.shown) AS shown, sum(r.accepted) AS accepted, sum(r.edited) AS edited, sum(r.rejected) AS rejected,
                        sum(r.ignored) AS ignored, sum(r.unresolved) AS unresolved, sum(r.not_shown) AS not_shown, sum(r.orphan) AS orphan,
                        max(r.as_of) AS as_of
                    FROM {{database}}.rates AS r
                    WHERE rank > 0 AND ({project:String} = '' OR r.project_id = {project:String})
                        AND r.hour >= toDateTime({from:Date}, 'UTC') AND r.hour < toDateTime({to:Date}, 'UTC') AND toDate(r.hour) + INTERVAL 13 MONTH > now()
                    GROUP BY cell
                ) AS cells USING cell
            )
        )
    )
)
COMMENT 'Counts, rates and person-clustered 95 percent Wilson intervals at one level: SELECT * FROM rate_levels(project = ..., from = ..., to = ..., level = ''cell''), to excluded. Levels: cell (as rate_intervals, with cells that have nothing mature yet), version, prompt, project. project empty: every project that the reader may see. Keys that are put together are empty. low and high are NULL with fewer than two persons.';

