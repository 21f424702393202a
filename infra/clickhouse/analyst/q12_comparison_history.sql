-- Q12. How did one comparison come to its verdict, day by day?
-- Parameters: project String, comparison String (comparison_id of comparison_verdicts).
-- p is the running minimum of 1 / E and never rises; p_adjusted is Benjamini-Hochberg over the family_size live members of its family,
-- which change when comparisons enter and leave. The estimate on the day of the flag exaggerates: read the newest row.
SELECT day, verdict, round(difference, 4) AS difference, round(low, 4) AS low, round(high, 4) AS high,
       n_a, n_b, persons, p, p_adjusted, family_size, family_flagged, live, flagged_since, gates, look_at, metric_version
FROM comparison_history
WHERE project_id = {project:String} AND comparison_id = {comparison:String}
ORDER BY day;
