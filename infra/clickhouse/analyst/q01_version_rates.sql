-- Q1. How is each version of my prompt doing, and how sure are we?
-- Parameters: project String, prompt String, from Date, to Date (excluded; whole UTC days).
-- Only mature generations count: a version that went live an hour ago has few of them, and the eager ones at that.
-- low and high hold persons together; they are NULL with fewer than two persons, and then there is nothing to say yet.
SELECT prompt_version, model, model_version, surface, trusted, metric_version,
       mature AS n, persons, round(rate, 4) AS rate, round(low, 4) AS low, round(high, 4) AS high
FROM rate_intervals(project = {project:String}, from = {from:Date}, to = {to:Date})
WHERE prompt_id = {prompt:String}
ORDER BY n DESC, prompt_version, model, model_version, surface;
