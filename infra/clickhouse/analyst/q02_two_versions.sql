-- Q2. Did the new version beat the old one on the same models?
-- Parameters: project String, prompt String, old_version String, new_version String, min_generations UInt32 (each side of each stratum).
-- Stratified by model: a shift of traffic between models cannot fake a win. Only metric versions of the same name are compared.
-- A figure to look at, not a verdict: those have intervals that stay valid however often one looks (table comparison_looks).
SELECT metric_version, round(sum(d * w) / sum(w), 4) AS difference, sum(n_new) AS new_n, sum(n_old) AS old_n
FROM
(
    SELECT metric_version, model, model_version,
           sumIf(r.mature, prompt_version = {old_version:String}) AS n_old,
           sumIf(r.mature, prompt_version = {new_version:String}) AS n_new,
           sumIf(r.mature_accepted + r.mature_edited, prompt_version = {new_version:String}) / n_new
             - sumIf(r.mature_accepted + r.mature_edited, prompt_version = {old_version:String}) / n_old AS d,
           n_old * n_new / (n_old + n_new) AS w
    FROM rates AS r
    WHERE project_id = {project:String} AND prompt_id = {prompt:String}
      AND prompt_version IN ({old_version:String}, {new_version:String})
    GROUP BY metric_version, model, model_version
    HAVING n_old >= {min_generations:UInt32} AND n_new >= {min_generations:UInt32}
)
GROUP BY metric_version
ORDER BY metric_version;
