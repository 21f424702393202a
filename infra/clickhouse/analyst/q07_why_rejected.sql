-- Q7. Which prompts are rejected most, and why?
-- Parameters: project String, from Date, to Date (excluded).
-- Generations are counted, not rows: events holds an event as often as it was sent until its copies are merged.
-- A count favours prompts with much traffic; for a rate see Q1.
SELECT prompt_id, reason, uniqExact(generation_id) AS generations_n
FROM events
WHERE project_id = {project:String} AND event_type = 'reject'
  AND generated_at >= toDateTime({from:Date}, 'UTC') AND generated_at < toDateTime({to:Date}, 'UTC')
GROUP BY prompt_id, reason
ORDER BY generations_n DESC, prompt_id, reason
LIMIT 20;
