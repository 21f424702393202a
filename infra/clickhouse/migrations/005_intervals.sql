-- Intervals of rates. tacit_wilson_low and tacit_wilson_high: the 95 percent Wilson interval of k of n, for ONE GENERATION PER PERSON ONLY
-- (a function has no room for a comment of its own); NULL when n is 0. rate_intervals takes persons into account.

CREATE OR REPLACE FUNCTION tacit_wilson_low{{on_cluster}} AS (k, n) -> multiIf(n = 0, NULL, k = 0, 0, ((k / n) + 1.920729410347062 / n - 1.959963984540054 * sqrt(((k / n) * (1 - (k / n)) + 0.960364705173531 / n) / n)) / (1 + 3.841458820694124 / n));

CREATE OR REPLACE FUNCTION tacit_wilson_high{{on_cluster}} AS (k, n) -> multiIf(n = 0, NULL, k = n, 1, ((k / n) + 1.920729410347062 / n + 1.959963984540054 * sqrt(((k / n) * (1 - (k / n)) + 0.960364705173531 / n) / n)) / (1 + 3.841458820694124 / n));

-- J persons with y successes of n each; p = sum(y) / sum(n);
-- variance V = J / (J - 1) * sum((y - p n)^2) / sum(n)^2, which is the delta method's for a ratio;
-- effective n = min(sum(n), p (1 - p) / V) * (z / t)^2 with t of J - 1 degrees of freedom, and J where p is 0 or 1;
-- the interval is Wilson's at p and the effective n. t is a table up to 30 degrees and its expansion in 1 / degrees beyond (1e-8).
CREATE VIEW IF NOT EXISTS {{database}}.rate_intervals{{on_cluster}}
SQL SECURITY INVOKER
AS
WITH
    [12.7062047362, 4.30265272975, 3.18244630528, 2.7764451052, 2.57058183564, 2.44691185114, 2.36462425159, 2.3060041352, 2.2621571628, 2.22813885199, 2.20098516009, 2.17881282967, 2.16036865646, 2.14478668792, 2.13144954556, 2.11990529922, 2.10981557783, 2.10092204024, 2.09302405441, 2.08596344727, 2.07961384473, 2.0738730679, 2.06865761042, 2.06389856163, 2.05953855275, 2.05552943864, 2.05183051648, 2.0484071418, 2.04522964213, 2.0422724563] AS t_table,
    1.959963984540054 AS z,
    toFloat64(persons - 1) AS degrees
SELECT
    prompt_id, prompt_version, model, model_version, surface, trusted, metric_version,
    count() AS persons, sum(n) AS mature, sum(y) AS taken, taken / mature AS rate,
    if(persons < 2, NULL, persons / degrees * sum(pow(y - n * cell_rate, 2)) / pow(mature, 2)) AS variance,
    if(persons <= 31, t_table[toUInt32(greatest(persons - 1, 1))], z + 2.372271230298562 / degrees + 2.8224986157396 / pow(degrees, 2) + 2.5558496795077 / pow(degrees, 3) + 1.5895340533938 / pow(degrees, 4)) AS t,
    if(taken = 0 OR taken = mature, toFloat64(persons), least(toFloat64(mature), rate * (1 - rate) / variance) * pow(z / t, 2)) AS effective_n,
    if(persons < 2, NULL, if(taken = 0, 0, greatest(0, (rate + z * z / 2 / effective_n - z * sqrt((rate * (1 - rate) + z * z / 4 / effective_n) / effective_n)) / (1 + z * z / effective_n)))) AS low,
    if(persons < 2, NULL, if(taken = mature, 1, least(1, (rate + z * z / 2 / effective_n + z * sqrt((rate * (1 - rate) + z * z / 4 / effective_n) / effective_n)) / (1 + z * z / effective_n)))) AS high,
    variance * mature / nullIf(rate * (1 - rate), 0) AS design_effect,
    countIf(user_kind = 'session') AS session_persons,
    max(day_as_of) AS as_of
FROM
(
    SELECT *, sum(y) OVER cell / sum(n) OVER cell AS cell_rate
    FROM
    (
        SELECT prompt_id, prompt_version, model, model_version, surface, trusted, metric_version, user_kind, user_key,
               toFloat64(sum(u.mature)) AS n, toFloat64(sum(u.mature_accepted + u.mature_edited)) AS y, max(u.as_of) AS day_as_of
        FROM {{database}}.user_days AS u
        WHERE project_id = {project:String} AND day >= {from:Date} AND day < {to:Date}
        GROUP BY ALL HAVING n > 0
    )
    WINDOW cell AS (PARTITION BY prompt_id, prompt_version, model, model_version, surface, trusted, metric_version)
)
GROUP BY prompt_id, prompt_version, model, model_version, surface, trusted, metric_version
COMMENT 'Rates of mature generations with the person-clustered 95 percent Wilson interval: SELECT * FROM rate_intervals(project = ..., from = ..., to = ...), to excluded. low and high are NULL with fewer than two persons; session_persons says how many of the persons are known by their session alone.';
