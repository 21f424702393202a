-- Q13. Has a rate fallen by itself, since when, and what went live then?
-- Parameters: project String, days UInt16 (watches whose last final day is older, seen from the project's newest, have ended).
-- An empty prompt_version is the prompt across its versions. There is no control: since and deployment name a coincidence in time,
-- not a cause. evidence_share reaches 1 when a fall is said; while collecting, days_needed says how many days are missing.
SELECT prompt_id, prompt_version, surface, state, since, deployment, deployed_on,
       day, n, persons,
       round(rate, 4) AS rate,
       round(1.959964 * standard_error, 4) AS half_width,
       round(baseline, 4) AS baseline_rate,
       round(greatest(cusum, 0) / threshold, 2) AS evidence_share,
       days_needed
FROM
(
    SELECT *, max(day) OVER () AS newest FROM drift_states
    WHERE project_id = {project:String}
)
WHERE day + {days:UInt16} >= newest
ORDER BY state DESC, prompt_id, prompt_version, surface;
