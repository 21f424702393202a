-- Q4. Which model works best for each prompt?
-- Parameters: project String, from Date, to Date (excluded), min_generations UInt32.
-- Ranked by the lower bound and not by the rate, so that luck with a few generations or a few persons does not win.
SELECT prompt_id, metric_version, prompt_version, model, model_version, surface, trusted,
       mature AS n, persons, round(low, 4) AS low, round(rate, 4) AS rate
FROM rate_intervals(project = {project:String}, from = {from:Date}, to = {to:Date}) AS intervals
WHERE intervals.mature >= {min_generations:UInt32} AND intervals.low IS NOT NULL
ORDER BY prompt_id, metric_version, intervals.low DESC
LIMIT 1 BY prompt_id, metric_version;
