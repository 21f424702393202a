-- Q6. How long do people take to decide, by outcome?
-- Parameters: project String, from Date, to Date (excluded).
-- From the first show to the last decision, in seconds. Ignored generations have no decision and are not among these.
SELECT outcome, count() AS n,
       quantilesTDigest(0.5, 0.9, 0.99)(dateDiff('millisecond', first_shown_at, decided_at) / 1000) AS p50_p90_p99_s
FROM generation_outcomes
WHERE project_id = {project:String}
  AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')
  AND was_shown AND decided_at IS NOT NULL
GROUP BY outcome
ORDER BY n DESC, outcome;
