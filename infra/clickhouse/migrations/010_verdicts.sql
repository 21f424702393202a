-- What the looks say by now, as a pure function of the set of looks: repeated ones change nothing, missed days carry on.
-- Per comparison and UTC day the earliest look counts. Its p is 1 where a gate failed, else min(1, 1 / E); the running minimum holds at every look.
-- A comparison is live, a member of its family, from the day on which its gates first pass until 14 days have gone by in which they never did.
-- On each day on which the family has a look, Benjamini-Hochberg at q = 0.05 goes over its live members, those without a look of the day by their last p.
-- Once flagged it stays flagged; its direction is the sign of the look from which its p came on the first such day.
CREATE VIEW IF NOT EXISTS {{database}}.comparison_history{{on_cluster}}
(
    project_id      LowCardinality(String) COMMENT 'Project.',
    comparison_id   String COMMENT 'As in comparisons.',
    kind            String COMMENT 'prompt_version, model_version, experiment or configured.',
    prompt_id       LowCardinality(String) COMMENT 'Prompt, empty across prompts.',
    surface         LowCardinality(String) COMMENT 'Surface, empty across surfaces.',
    name_a          String COMMENT 'A as people call it.',
    name_b          String COMMENT 'B as people call it.',
    family          LowCardinality(String) COMMENT 'Family over which false discoveries are controlled.',
    tier            Enum8('T1' = 1, 'T2' = 2, 'T3' = 3) COMMENT 'Randomised and concurrent; concurrent; before/after.',
    day             Date COMMENT 'UTC day of the look.',
    look_at         DateTime64(3, 'UTC') COMMENT 'as_of of the look.',
    from_day        Date COMMENT 'First UTC day read.',
    to_day          Date COMMENT 'Last UTC day read.',
    n_a             UInt64 COMMENT 'Mature generations of A.',
    n_b             UInt64 COMMENT 'Mature generations of B.',
    persons_a       UInt64 COMMENT 'Persons of A.',
    persons_b       UInt64 COMMENT 'Persons of B.',
    persons         UInt64 COMMENT 'Persons of A or B.',
    rate_a          Float64 COMMENT 'Acceptance rate of A, pooled.',
    rate_b          Float64 COMMENT 'Acceptance rate of B, pooled.',
    difference      Float64 COMMENT 'Stratified risk difference, B minus A.',
    standard_error  Float64 COMMENT 'Clustered by person.',
    low             Nullable(Float64) COMMENT 'Lower end of the interval at alpha_used, valid at every look; NULL when nothing can be estimated.',
    high            Nullable(Float64) COMMENT 'Its upper end.',
    alpha_used      Float64 COMMENT 'alpha; for a flagged member 0.05 * family_flagged / family_size.',
    p               Float64 COMMENT 'Running minimum of p over the looks so far.',
    p_adjusted      Float64 COMMENT 'Benjamini-Hochberg over the live family; 1 when not live.',
    log_e           Float64 COMMENT 'Log of the e-value of this look.',
    tau             Float64 COMMENT 'Smallest drop that matters.',
    alpha           Float64 COMMENT 'Level of the comparison.',
    family_size     UInt64 COMMENT 'Live members of the family on this day.',
    family_flagged  UInt64 COMMENT 'Those of them that are flagged.',
    live            UInt8 COMMENT '1: a member of the family on this day.',
    flagged         UInt8 COMMENT '1: flagged on this day or an earlier one.',
    flagged_since   Nullable(Date) COMMENT 'First day on which it was flagged.',
    direction       LowCardinality(String) COMMENT 'worse or better when flagged, by the look that flagged it; the verdict is by the interval of today.',
    verdict         LowCardinality(String) COMMENT 'worse, better (randomised); lower, higher (not randomised); no_large_drop, not_enough_evidence, cannot_compare, before_after.',
    gates           Array(LowCardinality(String)) COMMENT 'Gates that failed.',
    warnings        Array(LowCardinality(String)) COMMENT 'What a reader should know.',
    figures         Map(LowCardinality(String), Float64) COMMENT 'Further figures by name.',
    metric_version  LowCardinality(String) COMMENT 'Settings of the outcomes.'
)
SQL SECURITY INVOKER
AS
WITH
    0.05 AS q,
    14 AS days_out,
    -- the look of each comparison and day
    looks AS
    (
        SELECT *, toDate(look_at) AS day
        FROM {{database}}.comparison_looks
        ORDER BY project_id, comparison_id, look_at, difference, standard_error, log_e, n_a, n_b
        LIMIT 1 BY project_id, comparison_id, toDate(look_at)
    ),
    -- running minimum and its sign, last day on which the gates passed, next day with a look
    lines AS
    (
        SELECT project_id, comparison_id, family, day,
               min(p_day) OVER upto AS p,
               argMin(sign(difference), (p_day, day)) OVER upto AS p_sign,
               max(if(p_passes, day, NULL)) OVER upto AS passed_on,
               leadInFrame(day, 1, toDate('2149-06-06')) OVER (PARTITION BY project_id, comparison_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS next_day
        FROM
        (
            SELECT project_id, comparison_id, family, day, difference,
                   empty(gates) AND tier != 'T3' AND standard_error > 0 AS p_passes,
                   if(p_passes, least(1., exp(-log_e)), 1.) AS p_day
            FROM looks
        )
        WINDOW upto AS (PARTITION BY project_id, comparison_id ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    -- each line on its own day, and, while it is live, on the days after it on which others of its family have a look
    states AS
    (
        SELECT project_id, comparison_id, family, toDate(covered) AS on_day,
               on_day = day AS looked, p, p_sign, passed_on IS NOT NULL AND on_day <= assumeNotNull(passed_on) + days_out AS is_live
        FROM lines
        ARRAY JOIN range(toUInt32(day), greatest(toUInt32(day) + 1, least(toUInt32(next_day), if(passed_on IS NULL, 0, toUInt32(assumeNotNull(passed_on)) + days_out + 1)))) AS covered
    ),
    ranked AS
    (
        SELECT *,
               countIf(is_live) OVER (PARTITION BY project_id, family, on_day) AS members,
               row_number() OVER (PARTITION BY project_id, family, on_day ORDER BY is_live DESC, p, comparison_id) AS rank
        FROM states
        WHERE looked OR (project_id, family, on_day) IN (SELECT DISTINCT project_id, family, toDate(look_at) FROM {{database}}.comparison_looks)
    ),
    adjusted AS
    (
        SELECT *,
               least(1., min(if(is_live, p * members / rank, 1.)) OVER (PARTITION BY project_id, family, on_day ORDER BY rank DESC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) AS p_bh
        FROM ranked
    ),
    sticky AS
    (
        SELECT *,
               min(if(is_live AND p_bh <= q, on_day, NULL)) OVER upto AS since,
               argMin(p_sign, (if(is_live AND p_bh <= q, 0, 1), on_day)) OVER upto AS since_sign
        FROM adjusted
        WINDOW upto AS (PARTITION BY project_id, comparison_id ORDER BY on_day ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    ),
    verdicts AS
    (
        SELECT project_id, comparison_id, on_day AS day, looked, p, p_bh, is_live, members, since, since_sign,
               countIf(is_live AND since IS NOT NULL) OVER (PARTITION BY project_id, family, on_day) AS members_flagged
        FROM sticky
    )
SELECT
    l.project_id AS project_id, l.comparison_id AS comparison_id, toString(c.kind) AS kind, c.prompt_id AS prompt_id, c.surface AS surface,
    c.name_a AS name_a, c.name_b AS name_b, l.family AS family, l.tier AS tier, l.day AS day, l.look_at AS look_at, l.from_day AS from_day, l.to_day AS to_day,
    l.n_a AS n_a, l.n_b AS n_b, l.persons_a AS persons_a, l.persons_b AS persons_b, l.persons AS persons, l.rate_a AS rate_a, l.rate_b AS rate_b,
    l.difference AS difference, l.standard_error AS standard_error,
    if(isFinite(l.standard_error * sqrt((1 + 1 / (pow(l.tau / l.standard_error, 2) AS evidence)) * log((1 + evidence) / pow(alpha_used, 2))) AS half), l.difference - half, NULL) AS low,
    if(isFinite(half), l.difference + half, NULL) AS high,
    if(v.is_live AND v.since IS NOT NULL, q * v.members_flagged / v.members, l.alpha) AS alpha_used,
    v.p AS p, if(v.is_live, v.p_bh, 1.) AS p_adjusted, l.log_e AS log_e, l.tau AS tau, l.alpha AS alpha,
    v.members AS family_size, v.members_flagged AS family_flagged, v.is_live AS live,
    v.since IS NOT NULL AS flagged, v.since AS flagged_since,
    multiIf(v.since IS NULL, '', v.since_sign < 0, 'worse', 'better') AS direction,
    multiIf(
        l.tier = 'T3' OR has(l.gates, 'before_after'), 'before_after',
        notEmpty(l.gates) OR low IS NULL, 'cannot_compare',
        flagged AND assumeNotNull(high) < 0, if(l.tier = 'T1', 'worse', 'lower'),
        flagged AND assumeNotNull(low) > 0, if(l.tier = 'T1', 'better', 'higher'),
        NOT flagged AND assumeNotNull(low) > -l.tau, 'no_large_drop',
        'not_enough_evidence') AS verdict,
    l.gates AS gates, l.warnings AS warnings, l.figures AS figures, l.metric_version AS metric_version
FROM looks AS l
INNER JOIN verdicts AS v ON v.project_id = l.project_id AND v.comparison_id = l.comparison_id AND v.day = l.day
LEFT JOIN (SELECT * FROM {{database}}.comparisons FINAL) AS c ON c.project_id = l.project_id AND c.comparison_id = l.comparison_id
WHERE v.looked
COMMENT 'One row per comparison and UTC day with a look: what was known by then. A pure function of the looks, so the past never changes unless a look is added to it.';

CREATE VIEW IF NOT EXISTS {{database}}.comparison_verdicts{{on_cluster}}
SQL SECURITY INVOKER
AS
SELECT * FROM {{database}}.comparison_history
WHERE (project_id, comparison_id, day) IN (SELECT project_id, comparison_id, max(toDate(look_at)) FROM {{database}}.comparison_looks GROUP BY project_id, comparison_id)
COMMENT 'The newest row of comparison_history of each comparison: its verdict now. day says how new it is.';
