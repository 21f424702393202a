-- Q15. Why are mature generations rejected, and what share of all of them is that?
-- Parameters: project String, from Date, to Date (excluded).
-- Kept by the roll-up: cheap, where Q7 reads the events. One reason per generation: that of the rejection that decided.
-- rewritten: an edit that kept next to nothing. none: the page gave no reason.
SELECT s.prompt_id AS prompt_id, s.bucket AS reason,
       sum(s.generations) AS generations_n,
       any(r.n) AS mature_n,
       round(generations_n / mature_n, 4) AS share
FROM signal_days AS s
INNER JOIN
(
    SELECT prompt_id, sum(mature) AS n FROM rates
    WHERE project_id = {project:String}
      AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')
    GROUP BY prompt_id
) AS r ON r.prompt_id = s.prompt_id
WHERE s.project_id = {project:String} AND s.signal = 'reject_reason' AND s.day >= {from:Date} AND s.day < {to:Date}
GROUP BY prompt_id, reason
ORDER BY generations_n DESC, prompt_id, reason
LIMIT 50;
