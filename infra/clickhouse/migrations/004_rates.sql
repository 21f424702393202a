-- What the roll-up writes. A day is recomputed whole in the work database and swapped in.

CREATE TABLE IF NOT EXISTS {{database}}.rates{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt.' CODEC(ZSTD(1)),
    prompt_version LowCardinality(String) COMMENT 'Prompt version.' CODEC(ZSTD(1)),
    model          LowCardinality(String) COMMENT 'Model.' CODEC(ZSTD(1)),
    model_version  LowCardinality(String) COMMENT 'Model version.' CODEC(ZSTD(1)),
    surface        LowCardinality(String) COMMENT 'Surface.' CODEC(ZSTD(1)),
    trusted        UInt8                  COMMENT '1: dimensions from a verified token.',
    metric_version LowCardinality(String) COMMENT 'Settings by which the outcomes were decided.' CODEC(ZSTD(1)),
    hour           DateTime('UTC')        COMMENT 'Hour in which the generations were produced.' CODEC(Delta, ZSTD(1)),
    not_shown      UInt32 COMMENT 'Generations known but never shown.' CODEC(T64, ZSTD(1)),
    orphan         UInt32 COMMENT 'Acted on without being shown: measures event loss.' CODEC(T64, ZSTD(1)),
    shown          UInt32 COMMENT 'Shown so far = rejected + edited + accepted + ignored + unresolved.' CODEC(T64, ZSTD(1)),
    rejected       UInt32 COMMENT 'So far rejected.' CODEC(T64, ZSTD(1)),
    edited         UInt32 COMMENT 'So far edited.' CODEC(T64, ZSTD(1)),
    accepted       UInt32 COMMENT 'So far accepted as it was.' CODEC(T64, ZSTD(1)),
    ignored        UInt32 COMMENT 'Window and lateness passed without a decision.' CODEC(T64, ZSTD(1)),
    unresolved     UInt32 COMMENT 'Still open.' CODEC(T64, ZSTD(1)),
    mature          UInt32 COMMENT 'Shown generations whose W + L has passed: the denominator of every rate. Never use shown with a filter unresolved = 0, which picks the young hours in which everybody happened to act.' CODEC(T64, ZSTD(1)),
    mature_rejected UInt32 COMMENT 'Of the mature ones, rejected.' CODEC(T64, ZSTD(1)),
    mature_edited   UInt32 COMMENT 'Of the mature ones, edited.' CODEC(T64, ZSTD(1)),
    mature_accepted UInt32 COMMENT 'Of the mature ones, accepted as they were.' CODEC(T64, ZSTD(1)),
    mature_similarity_sum Float64 COMMENT 'Sum of similarity over mature accepted and edited.' CODEC(ZSTD(1)),
    as_of          DateTime64(3, 'UTC') COMMENT 'Instant at which the outcomes were judged.' CODEC(ZSTD(1))
)
ENGINE = {{replicated}}MergeTree
PARTITION BY toYYYYMMDD(hour)
PRIMARY KEY project_id
ORDER BY (project_id, prompt_id, prompt_version, model, model_version, surface, hour)
TTL hour + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Counts per prompt version, model version, surface and hour; they add up across rows. rate = (mature_accepted + mature_edited) / mature. A day is recomputed whole, all projects, in a staging table of the work database and swapped in by REPLACE PARTITION.';

CREATE TABLE IF NOT EXISTS {{database}}.user_days{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    day            Date COMMENT 'UTC day of generated_at.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt.',
    prompt_version LowCardinality(String) COMMENT 'Prompt version.',
    model          LowCardinality(String) COMMENT 'Model.',
    model_version  LowCardinality(String) COMMENT 'Model version.',
    experiment     LowCardinality(String) COMMENT 'Experiment.',
    arm            LowCardinality(String) COMMENT 'Arm.',
    assignment     LowCardinality(String) COMMENT 'How the arm was chosen.',
    surface        LowCardinality(String) COMMENT 'Surface.',
    trusted        UInt8                  COMMENT '1: dimensions from a verified token.',
    metric_version LowCardinality(String) COMMENT 'Settings by which the outcomes were decided.',
    user_kind      Enum8('none' = 0, 'session' = 1, 'client' = 2, 'user' = 3) COMMENT 'What user_key stands for.',
    user_key       UInt64 COMMENT 'Keyed hash of the person.',
    not_shown      UInt32 COMMENT 'As in rates.',
    orphan         UInt32 COMMENT 'As in rates.',
    shown          UInt32 COMMENT 'As in rates.',
    rejected       UInt32 COMMENT 'As in rates.',
    edited         UInt32 COMMENT 'As in rates.',
    accepted       UInt32 COMMENT 'As in rates.',
    mature          UInt32 COMMENT 'As in rates.',
    mature_rejected UInt32 COMMENT 'As in rates.',
    mature_edited   UInt32 COMMENT 'As in rates.',
    mature_accepted UInt32 COMMENT 'As in rates.',
    mature_similarity_sum Float64 COMMENT 'As in rates.',
    clock_suspect  UInt32 COMMENT 'Shown generations with a clock_suspect event.',
    forced         UInt32 COMMENT 'Shown generations that were shown only by force.',
    late           UInt32 COMMENT 'Mature generations whose first show, or a decision in the window, was first received when the outcome was already final.',
    as_of          DateTime64(3, 'UTC') COMMENT 'As in rates.'
)
ENGINE = {{replicated}}MergeTree
PARTITION BY toYYYYMMDD(day)
PRIMARY KEY (project_id, day)
ORDER BY (project_id, day, prompt_id, prompt_version, model, model_version, surface, user_key)
TTL day + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1
COMMENT 'What the statistics read: collapsing users loses the variance for good. Rows add up; filled hour by hour (bounded memory), so a key may repeat.';

CREATE TABLE IF NOT EXISTS {{database}}.rollup_days{{on_cluster}}
(
    day            Date                 COMMENT 'UTC day.',
    as_of          DateTime64(3, 'UTC') COMMENT 'as_of of the finished run. The due-rule reads this, never the swapped rows.',
    generations    UInt64               COMMENT 'Generations read.',
    duration_ms    UInt32               COMMENT 'How long it took.',
    at             DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'Written after the last swap of the run.'
)
ENGINE = {{replicated}}ReplacingMergeTree(at) ORDER BY day
COMMENT 'Ledger of finished roll-ups, the newest per day.';

CREATE TABLE IF NOT EXISTS {{database}}.rollup_staging{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    hour           DateTime('UTC') COMMENT 'Hour in which the generations were produced.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt.',
    prompt_version LowCardinality(String) COMMENT 'Prompt version.',
    model          LowCardinality(String) COMMENT 'Model.',
    model_version  LowCardinality(String) COMMENT 'Model version.',
    experiment     LowCardinality(String) COMMENT 'Experiment.',
    arm            LowCardinality(String) COMMENT 'Arm.',
    assignment     LowCardinality(String) COMMENT 'How the arm was chosen.',
    surface        LowCardinality(String) COMMENT 'Surface.',
    trusted        UInt8                  COMMENT '1: dimensions from a verified token.',
    metric_version LowCardinality(String) COMMENT 'Settings by which the outcomes were decided.',
    user_kind      Enum8('none' = 0, 'session' = 1, 'client' = 2, 'user' = 3) COMMENT 'What user_key stands for.',
    user_key       UInt64 COMMENT 'Keyed hash of the person.',
    not_shown      UInt32 COMMENT 'As in rates.',
    orphan         UInt32 COMMENT 'As in rates.',
    shown          UInt32 COMMENT 'As in rates.',
    rejected       UInt32 COMMENT 'As in rates.',
    edited         UInt32 COMMENT 'As in rates.',
    accepted       UInt32 COMMENT 'As in rates.',
    ignored        UInt32 COMMENT 'As in rates.',
    unresolved     UInt32 COMMENT 'As in rates.',
    mature          UInt32 COMMENT 'As in rates.',
    mature_rejected UInt32 COMMENT 'As in rates.',
    mature_edited   UInt32 COMMENT 'As in rates.',
    mature_accepted UInt32 COMMENT 'As in rates.',
    mature_similarity_sum Float64 COMMENT 'As in rates.',
    clock_suspect  UInt32 COMMENT 'As in user_days.',
    forced         UInt32 COMMENT 'As in user_days.',
    late           UInt32 COMMENT 'As in user_days.'
)
ENGINE = MergeTree
ORDER BY (project_id, hour, prompt_id, prompt_version, model, model_version, surface, user_key)
COMMENT 'Always empty: the pattern of a roll-up''s staging table. A run makes its own by CREATE TABLE {{work}}.<name> AS {{database}}.rollup_staging, fills it from outcomes_at in chunks of hours, and derives rates and user_days from it.';
