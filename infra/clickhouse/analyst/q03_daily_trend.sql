-- Q3. How does the rate move from day to day, in the reader's time zone?
-- Parameters: project String, prompt String, from Date, to Date (excluded; UTC), time_zone String.
-- open_share tells how much of a day is still undecided: while it is high, the day's rate is not the last word.
SELECT toDate(hour, {time_zone:String}) AS day,
       sum(mature) AS n,
       round(sum(mature_accepted + mature_edited) / n, 4) AS rate,
       round(sum(mature_rejected) / n, 4) AS rejected_rate,
       round(1 - n / sum(shown), 4) AS open_share
FROM rates
WHERE project_id = {project:String} AND prompt_id = {prompt:String}
  AND hour >= toDateTime({from:Date}, 'UTC') AND hour < toDateTime({to:Date}, 'UTC')
GROUP BY day
HAVING n > 0
ORDER BY day;
