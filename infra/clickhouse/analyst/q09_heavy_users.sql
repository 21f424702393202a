-- Q9. Is the rate carried by a few heavy users?
-- Parameters: project String, from Date, to Date (excluded).
-- rate weighs generations alike, per_user_rate persons: when they differ much, a few persons decide the first one.
-- Generations of nobody in particular (no user, client or session id) are left out.
SELECT count() AS users, sum(n) AS generations_n,
       round(sum(taken) / sum(n), 4) AS rate,
       round(avg(taken / n), 4) AS per_user_rate,
       round(sumIf(n, rank <= ceil(total * 0.01)) / sum(n), 4) AS top_1pct_share
FROM
(
    SELECT user_kind, user_key,
           sum(u.mature) AS n, sum(u.mature_accepted + u.mature_edited) AS taken,
           row_number() OVER (ORDER BY n DESC, user_kind, user_key) AS rank, count() OVER () AS total
    FROM user_days AS u
    WHERE project_id = {project:String} AND day >= {from:Date} AND day < {to:Date} AND user_kind != 'none'
    GROUP BY user_kind, user_key
    HAVING n > 0
)
HAVING users > 0;
