-- Intervals of rates. tacit_wilson_*: 95 percent Wilson interval of k of n, for one generation per person only (they have no room
-- for a comment); rate_intervals takes persons into account.

CREATE OR REPLACE FUNCTION tacit_wilson_low{{on_cluster}} AS (k, n) -> if(n = 0, 0, ((k / n) + 1.9207294 / n - 1.959964 * sqrt(((k / n) * (1 - (k / n)) + 0.9603647 / n) / n)) / (1 + 3.8414588 / n));

CREATE OR REPLACE FUNCTION tacit_wilson_high{{on_cluster}} AS (k, n) -> if(n = 0, 1, ((k / n) + 1.9207294 / n + 1.959964 * sqrt(((k / n) * (1 - (k / n)) + 0.9603647 / n) / n)) / (1 + 3.8414588 / n));

CREATE VIEW IF NOT EXISTS {{database}}.rate_intervals{{on_cluster}}
SQL SECURITY INVOKER
AS
WITH
    [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423] AS t_table,
    1.959964 AS z
SELECT
    prompt_id, prompt_version, model, model_version, surface, trusted, metric_version,
    count() AS persons, sum(n) AS mature, sum(y) AS taken, taken / mature AS rate,
    if(persons < 2, NULL, persons / (persons - 1) * sum(pow(y - n * cell_rate, 2)) / pow(mature, 2)) AS variance,
    if(persons <= 31, t_table[toUInt32(greatest(persons - 1, 1))], z + 2.3722 / (persons - 1) + 2.8225 / pow(persons - 1, 2)) AS t,
    if(taken = 0 OR taken = mature, toFloat64(persons), least(toFloat64(mature), rate * (1 - rate) / variance) * pow(z / t, 2)) AS effective_n,
    if(persons < 2, NULL, if(taken = 0, 0, greatest(0, (rate + z * z / 2 / effective_n - z * sqrt((rate * (1 - rate) + z * z / 4 / effective_n) / effective_n)) / (1 + z * z / effective_n)))) AS low,
    if(persons < 2, NULL, if(taken = mature, 1, least(1, (rate + z * z / 2 / effective_n + z * sqrt((rate * (1 - rate) + z * z / 4 / effective_n) / effective_n)) / (1 + z * z / effective_n)))) AS high,
    variance * mature / nullIf(rate * (1 - rate), 0) AS design_effect,
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
COMMENT 'Rates of mature generations with the person-clustered 95 percent Wilson interval: SELECT * FROM rate_intervals(project = ..., from = ..., to = ...). low and high are NULL with fewer than two persons.';
