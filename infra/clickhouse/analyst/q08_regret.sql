-- Q8. Who took it and then rejected it?
-- Parameters: project String, from Date, to Date (excluded).
-- in_window holds each decision that counts, as (occurred_at, decides, value, ...); decides 1 is an acceptance.
SELECT prompt_id, count() AS n,
       countIf(arrayExists(d -> d.2 = 1, in_window)) AS taken,
       round(countIf(outcome = 'rejected' AND arrayExists(d -> d.2 = 1, in_window)) / taken, 4) AS regret
FROM generation_outcomes
WHERE project_id = {project:String}
  AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')
  AND was_shown
GROUP BY prompt_id
HAVING taken > 0
ORDER BY regret DESC, prompt_id;
