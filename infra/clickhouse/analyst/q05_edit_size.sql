-- Q5. When people edit, how much do they change?
-- Parameters: project String, from Date, to Date (excluded).
-- similarity is 1 for "as it was"; an edit below theta_replace counts as a rejection and is not among these.
SELECT model, model_version,
       countIf(outcome = 'edited') AS edited_n,
       round(avgIf(similarity, outcome = 'edited'), 3) AS mean_similarity,
       quantilesTDigestIf(0.1, 0.5)(similarity, outcome = 'edited') AS p10_p50
FROM generation_outcomes
WHERE project_id = {project:String}
  AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')
GROUP BY model, model_version
HAVING edited_n > 0
ORDER BY edited_n DESC, model, model_version;
