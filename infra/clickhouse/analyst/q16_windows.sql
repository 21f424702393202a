-- Q16. Where does every prompt stand over the last 7, 28 and 90 days?
-- Parameters: project String.
-- Kept by the roll-up, today included: to_day is the day after the last one, computed_from the newest instant at which outcomes
-- were judged. Windows overlap, and so do their persons: never add them up.
SELECT prompt_id, metric_version, window_days, to_day, mature AS n, persons,
       round(rate, 4) AS acceptance_rate,
       round(low, 4) AS low_95,
       round(high, 4) AS high_95,
       round(mature_rejected / nullIf(mature, 0), 4) AS rejected_rate,
       as_of AS computed_from
FROM rate_windows
WHERE project_id = {project:String} AND level = 'prompt'
ORDER BY prompt_id, metric_version, window_days;
