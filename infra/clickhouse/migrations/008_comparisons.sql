-- Which versions are compared with each other, and what each daily look at them found.

CREATE TABLE IF NOT EXISTS {{database}}.comparisons{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    comparison_id  String                 COMMENT 'Stable id of the pair: a hash of kind, project, prompt, surface, arms and metric version.',
    kind           Enum8('prompt_version' = 1, 'model_version' = 2, 'experiment' = 3, 'configured' = 4) COMMENT 'Why the two are compared: the newest prompt version against its predecessor, a model version against the incumbent, arms of a randomised experiment, or a pair of the projects file.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt, empty when the comparison goes across prompts.',
    surface        LowCardinality(String) COMMENT 'Surface, empty when the comparison goes across surfaces.',
    name_a         String                 COMMENT 'A as people call it: version 7, model gpt-x 2026-10, arm control.',
    name_b         String                 COMMENT 'B, the newer one or the challenger, as people call it.',
    a              Map(LowCardinality(String), String) COMMENT 'Which generations are A: column of user_days to value.',
    b              Map(LowCardinality(String), String) COMMENT 'Which generations are B: column of user_days to value.',
    family         LowCardinality(String) COMMENT 'Family over which false discoveries are controlled.',
    tau            Float64                COMMENT 'Smallest drop that matters, fixed when the comparison is created.',
    alpha          Float64                COMMENT 'Level, fixed when the comparison is created.',
    metric_version LowCardinality(String) COMMENT 'Settings of the outcomes; figures of different versions are never compared.',
    created_at     DateTime64(3, 'UTC')   COMMENT 'as_of of its first look. Of several rows the earliest stays.',
    first_wins     UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(created_at)) COMMENT 'Version for ReplacingMergeTree: the earliest row stays.'
)
ENGINE = {{replicated}}ReplacingMergeTree(first_wins)
PRIMARY KEY project_id
ORDER BY (project_id, comparison_id)
COMMENT 'Comparisons that were ever looked at, with what was fixed at their first look. Read it with FINAL.';

ALTER TABLE {{database}}.comparison_looks{{on_cluster}}
    ADD COLUMN IF NOT EXISTS from_day Date COMMENT 'First UTC day read; only final days are read.',
    ADD COLUMN IF NOT EXISTS to_day Date COMMENT 'Last UTC day read.',
    ADD COLUMN IF NOT EXISTS persons UInt64 COMMENT 'Persons of A or B; one who saw both counts once.',
    ADD COLUMN IF NOT EXISTS strata UInt32 COMMENT 'Strata in which both A and B were shown.',
    ADD COLUMN IF NOT EXISTS rate_a Float64 COMMENT 'Acceptance rate of A over the days read, pooled.',
    ADD COLUMN IF NOT EXISTS rate_b Float64 COMMENT 'Acceptance rate of B over the days read, pooled.',
    ADD COLUMN IF NOT EXISTS warnings Array(LowCardinality(String)) COMMENT 'What a reader should know, and what does not forbid the comparison.',
    ADD COLUMN IF NOT EXISTS figures Map(LowCardinality(String), Float64) COMMENT 'Further figures by name: those of the gates and warnings, pooled_difference, rates per person, without_heaviest.';
