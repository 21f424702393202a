-- Q11. Which versions are better or worse, and what is not known yet?
-- Parameters: project String.
-- worse and better are said of randomised traffic alone; lower and higher of traffic that ran side by side without being randomised.
-- low and high hold however often one looks, at the level 1 - alpha_used; for a flagged member of a family that level pays for the
-- others in it. direction and flagged_since stay, whatever the interval of today says. gates say why something cannot be compared.
SELECT prompt_id, surface, name_a, name_b, tier, verdict,
       round(difference, 4) AS difference, round(low, 4) AS low, round(high, 4) AS high, alpha_used,
       n_a, n_b, persons, direction, flagged_since, gates, warnings, from_day, to_day, look_at, metric_version
FROM comparison_verdicts
WHERE project_id = {project:String}
ORDER BY indexOf(['worse', 'better', 'lower', 'higher', 'no_large_drop', 'not_enough_evidence', 'cannot_compare', 'before_after'], verdict),
         prompt_id, surface, name_b, comparison_id;
