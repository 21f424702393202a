-- Q14. How does the rate of a prompt move from day to day, and how sure is each day?
-- Parameters: project String, prompt String, from Date, to Date (excluded; UTC).
-- Kept by the roll-up: a few rows a day, so that this is cheap over any period. low and high are NULL with fewer than two persons.
-- Days do not add up: a person of two days is counted on both. unresolved_n tells how much of a day is still undecided.
SELECT day, metric_version, mature AS n, persons,
       round(rate, 4) AS acceptance_rate,
       round(low, 4) AS low_95,
       round(high, 4) AS high_95,
       unresolved AS unresolved_n
FROM rate_days
WHERE project_id = {project:String} AND level = 'prompt' AND prompt_id = {prompt:String}
  AND day >= {from:Date} AND day < {to:Date}
ORDER BY day, metric_version;
