-- Q10. Can I trust the numbers?
-- Parameters: project String, from Date, to Date (excluded).
-- Copies that are not merged yet are harmless. Orphans (acted on without being shown) measure lost events; a large share
-- without a prompt means that pages register generations without saying which. rolled_up is how fresh `rates` is.
SELECT count() AS rows_stored,
       uniqExact(event_id) AS events_n,
       round(1 - events_n / rows_stored, 4) AS unmerged_share,
       round(countIf(received_at > occurred_at + INTERVAL 1 HOUR) / rows_stored, 4) AS late_1h_share,
       round(countIf(prompt_id = '') / rows_stored, 4) AS no_prompt_share,
       round(countIf(clock_suspect = 1) / rows_stored, 4) AS clock_suspect_share,
       (
           SELECT round(sum(r.orphan) / greatest(sum(r.shown) + sum(r.orphan), 1), 4) FROM rates AS r
           WHERE project_id = {project:String}
             AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')
       ) AS orphan_share,
       (
           SELECT sum(n) FROM drops FINAL
           WHERE project_id = {project:String}
             AND minute >= toDateTime({from:Date}, 'UTC') AND minute < toDateTime({to:Date}, 'UTC')
       ) AS dropped_n,
       max(ingested_at) AS newest,
       (SELECT max(as_of) FROM rates WHERE project_id = {project:String}) AS rolled_up
FROM events
WHERE project_id = {project:String}
  AND generated_at >= toDateTime({from:Date}, 'UTC') AND generated_at < toDateTime({to:Date}, 'UTC');
