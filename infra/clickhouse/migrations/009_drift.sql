-- Whether a rate has fallen by itself, without a control arm: one row per watch and final day.

CREATE TABLE IF NOT EXISTS {{database}}.drift_looks{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    watch_id       String                 COMMENT 'Stable id of the watch: a hash of project, prompt, version, surface and metric version.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt.',
    prompt_version LowCardinality(String) COMMENT 'Prompt version; empty: the prompt across its versions.',
    surface        LowCardinality(String) COMMENT 'Surface.',
    metric_version LowCardinality(String) COMMENT 'Settings of the outcomes; days of different settings are never put together.',
    day            Date                   COMMENT 'UTC day that the row judges; it was final.',
    as_of          DateTime64(3, 'UTC')   COMMENT 'Instant of the look. Of several rows of a watch and day the earliest counts.',
    state          Enum8('collecting' = 1, 'steady' = 2, 'fallen' = 3) COMMENT 'collecting: the baseline is not complete. fallen: from the day the evidence crossed the threshold until it has crossed it the other way.',
    since          Nullable(Date)         COMMENT 'With fallen: the day on which the evidence last left zero.',
    deployment     String                 COMMENT 'With fallen: what went live about then, version 8 or model gpt-x 2026-10; empty when nothing did.',
    deployed_on    Nullable(Date)         COMMENT 'Day on which that went live: first had at least 5 percent of the generations.',
    from_day       Date                   COMMENT 'First day of n, persons, rate and standard_error, which end with day: since when it has fallen, else the last week. The day itself where a day was filled in later.',
    n              UInt64                 COMMENT 'Mature generations of these days.',
    persons        UInt64                 COMMENT 'Persons of these days, each once.',
    rate           Float64                COMMENT 'Acceptance rate of these days.',
    standard_error Float64                COMMENT 'Of rate, clustered by person; 0 with fewer than two persons.',
    day_n          UInt64                 COMMENT 'Mature generations of the day.',
    day_persons    UInt64                 COMMENT 'Persons of the day.',
    day_rate       Float64                COMMENT 'Acceptance rate of the day.',
    day_error      Float64                COMMENT 'Standard error of day_rate, clustered by person.',
    counted        UInt8                  COMMENT '1 when the day had enough persons to be judged; else it changes no evidence.',
    baseline       Float64                COMMENT 'Rate of the baseline, fixed once taken; 0 while collecting.',
    baseline_days  UInt16                 COMMENT 'Days of the baseline, or collected so far.',
    baseline_from  Nullable(Date)         COMMENT 'First day of the baseline.',
    baseline_to    Nullable(Date)         COMMENT 'Last day of the baseline.',
    weekdays       Array(Float64)         COMMENT 'What Monday to Sunday lie above the baseline, taken out of every day; empty when the baseline has no rhythm of the week.',
    sigma          Float64                COMMENT 'How much more the days of the baseline differ than by chance (Laney), at least 1.',
    z              Float64                COMMENT 'Standard errors, times sigma, by which the day lies above the baseline.',
    cusum          Float64                COMMENT 'Evidence of a fall, a natural logarithm: e-CUSUM with lambda 1.',
    rising_from    Nullable(Date)         COMMENT 'Day on which cusum last left zero.',
    recovery       Float64                COMMENT 'With fallen: the same evidence for a rate that is back.',
    threshold      Float64                COMMENT 'ln(watched x 90): evidence from which a fall, and its end, is said.',
    watched        UInt32                 COMMENT 'Watches of the project that had people on one day, the most of the last seven days.',
    days_needed    UInt16                 COMMENT 'While collecting: days of enough persons that are missing.',
    persons_needed UInt32                 COMMENT 'While collecting: persons that these days need at least, added up over the days.'
)
ENGINE = {{replicated}}MergeTree
PRIMARY KEY project_id
ORDER BY (project_id, watch_id, day, as_of)
COMMENT 'Append-only: what each look found of each watch and final day. The earliest row of a watch and day counts.';

CREATE VIEW IF NOT EXISTS {{database}}.drift_states{{on_cluster}}
SQL SECURITY INVOKER
AS
SELECT *
FROM {{database}}.drift_looks
ORDER BY project_id, watch_id, day DESC, as_of
LIMIT 1 BY project_id, watch_id
COMMENT 'What is known of each watch: its newest final day. A watch whose version is gone keeps its last row; look at day.';
