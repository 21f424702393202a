-- How outcomes are decided, and the views that decide them.

CREATE TABLE IF NOT EXISTS {{database}}.metric_settings{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    surface        LowCardinality(String) COMMENT 'Surface, empty for all that have no row of their own.',
    metric_version LowCardinality(String) COMMENT 'Name of this set of settings; figures of different versions are never compared.',
    window_s       UInt32  COMMENT 'W: how long after it was shown an action still counts, seconds. 0 withdraws the row: the surface has no settings of its own any more.',
    lateness_s     UInt32  COMMENT 'L: how late an event may arrive before the outcome is final, seconds.',
    theta_same     Float64 COMMENT 'Similarity from which an edited generation counts as taken as it was.',
    theta_replace  Float64 COMMENT 'Similarity below which an edit counts as a rejection.',
    updated_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'Newest row wins.'
)
ENGINE = {{replicated}}ReplacingMergeTree(updated_at)
PRIMARY KEY project_id
ORDER BY (project_id, surface)
COMMENT 'How outcomes are decided, per project and surface. Written from the projects file.';

CREATE VIEW IF NOT EXISTS {{database}}.outcomes_at{{on_cluster}}
SQL SECURITY INVOKER
AS
SELECT
    g.project_id AS project_id, g.hour AS hour, g.generation_id AS generation_id, g.generated_at AS generated_at,
    g.dims.1 AS trusted, g.dims.3 AS prompt_id, g.dims.4 AS prompt_version, g.dims.5 AS model, g.dims.6 AS model_version,
    g.dims.7 AS experiment, g.dims.8 AS arm, g.dims.9 AS assignment, g.dims.10 AS surface, if(g.dims.11 = '', g.generation_id, g.dims.11) AS task_id,
    g.person.1 AS user_kind, g.person.2 AS user_key,
    g.shown_at < toDateTime64('2199-01-01', 3, 'UTC') AS was_shown,
    multiIf(s.window_s > 0, s.window_s, p.window_s > 0, p.window_s, 86400) AS window_s,
    multiIf(s.window_s > 0, s.lateness_s, p.window_s > 0, p.lateness_s, 172800) AS lateness_s,
    multiIf(s.window_s > 0, s.theta_same, p.window_s > 0, p.theta_same, 0.98) AS theta_same,
    multiIf(s.window_s > 0, s.theta_replace, p.window_s > 0, p.theta_replace, 1 / 3) AS theta_replace,
    multiIf(s.window_s > 0, s.metric_version, p.window_s > 0, p.metric_version, 'default') AS metric_version,
    -- once a token spoke, only events with a token count
    arraySort(arrayFilter(d -> d.4 >= g.dims.1, g.decisive)) AS believed,
    -- the earliest copy of each event: a retry changes nothing
    arrayFilter((d, nth) -> nth = 1, believed, arrayEnumerateUniq(arrayMap(d -> d.5, believed))) AS decisions,
    arrayFilter(d -> d.1 >= g.shown_at - INTERVAL 2 MINUTE AND d.1 <= g.shown_at + toIntervalSecond(window_s), decisions) AS in_window,
    arrayMax(arrayMap(d -> (d.1, d.2, d.3), in_window)) AS last_decision,
    arrayMax(arrayMap(d -> (d.1, d.2, d.3), arrayFilter(d -> d.2 = 2, in_window))) AS last_edit,
    if(last_edit.2 = 2, last_edit.3, 1) AS similarity,
    g.shown_at + toIntervalSecond(window_s + lateness_s) AS final_at,
    multiIf(
        NOT was_shown AND empty(decisions), 'not_shown',
        NOT was_shown, 'orphan',
        last_decision.2 = 3 OR (last_decision.2 > 0 AND similarity < theta_replace), 'rejected',
        last_decision.2 > 0 AND similarity < theta_same, 'edited',
        last_decision.2 > 0, 'accepted',
        {as_of:DateTime64(3, 'UTC')} >= final_at, 'ignored',
        'unresolved') AS outcome,
    if(was_shown, g.shown_at, NULL) AS first_shown_at,
    if(last_decision.2 > 0, last_decision.1, NULL) AS decided_at,
    was_shown AND {as_of:DateTime64(3, 'UTC')} >= final_at AS mature,
    was_shown AND bitAnd(g.flags, 1) = 1 AS clock_suspect,
    was_shown AND bitAnd(g.flags, 6) = 2 AS forced,
    -- something that bears on the outcome was first received when the outcome was already final
    mature AND (g.first_show.2 > final_at OR arrayExists(d -> d.6 > final_at, in_window)) AS late
FROM
(
    SELECT * EXCEPT (shown_at, person, flags, first_show, trusted_shown_at, trusted_person, trusted_first_show),
        -- what no token vouches for must not move a trusted window, nor name its person
        if(dims.1 = 1, trusted_shown_at, shown_at) AS shown_at,
        if(dims.1 = 1, trusted_first_show, first_show) AS first_show,
        if(dims.1 = 1, trusted_person, person) AS person,
        if(dims.1 = 1, bitShiftRight(flags, 3), flags) AS flags
    FROM {{database}}.generations FINAL
) AS g
LEFT ANY JOIN (SELECT project_id, surface, metric_version, window_s, lateness_s, theta_same, theta_replace FROM {{database}}.metric_settings FINAL WHERE surface != '') AS s ON s.project_id = g.project_id AND s.surface = g.dims.10
LEFT ANY JOIN (SELECT project_id, metric_version, window_s, lateness_s, theta_same, theta_replace FROM {{database}}.metric_settings FINAL WHERE surface = '') AS p ON p.project_id = g.project_id
SETTINGS join_use_nulls = 0
COMMENT 'One row per generation with its outcome as of an instant: SELECT ... FROM outcomes_at(as_of = now64(3)). Filter on project_id and hour.';

CREATE VIEW IF NOT EXISTS {{database}}.generation_outcomes{{on_cluster}}
SQL SECURITY INVOKER
AS SELECT * FROM {{database}}.outcomes_at(as_of = now64(3))
COMMENT 'One row per generation with its outcome now: not_shown, orphan, rejected, edited, accepted, ignored, unresolved. Filter on project_id and hour.';
