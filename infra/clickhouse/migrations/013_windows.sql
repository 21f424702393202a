-- Figures with their intervals, kept so that a page reads a few rows of them: per default window, per day; and what else the
-- events of a day say, per cell.

-- The interval is that of rate_intervals (see there for the formula), with the squares multiplied out: sum((y - p n)^2) is
-- sum(y^2) - 2 p sum(y n) + p^2 sum(n^2). The level says which keys are put together.
-- Step by step in queries of their own: in one SELECT each name would be spelled out wherever it is used, and the text took 80 ms to read.
CREATE VIEW IF NOT EXISTS {{database}}.rate_levels{{on_cluster}}
SQL SECURITY INVOKER
AS
WITH 1.959963984540054 AS z
SELECT
    project_id, level, prompt_id, prompt_version, model, model_version, surface, trusted, metric_version,
    persons, session_persons, mature, taken, mature_accepted, mature_edited, mature_rejected, mature_similarity_sum,
    rate, variance, rejection_variance, t, effective_n, rejection_effective_n,
    if(persons < 2, NULL, if(taken = 0, 0, greatest(0, (rate + z * z / 2 / effective_n - z * half) / (1 + z * z / effective_n)))) AS low,
    if(persons < 2, NULL, if(taken = mature, 1, least(1, (rate + z * z / 2 / effective_n + z * half) / (1 + z * z / effective_n)))) AS high,
    design_effect, person_rate,
    shown, accepted, edited, rejected, mature - taken - mature_rejected AS ignored, shown - accepted - edited - rejected - ignored AS unresolved,
    not_shown, orphan, clock_suspect, forced, late, as_of
FROM
(
    SELECT *, sqrt((rate * (1 - rate) + z * z / 4 / effective_n) / effective_n) AS half
    FROM
    (
        SELECT
            *,
            multiIf(persons < 2, NULL, taken = 0 OR taken = mature, toFloat64(persons), least(toFloat64(mature), rate * (1 - rate) / variance) * pow(z / t, 2)) AS effective_n,
            multiIf(persons < 2, NULL, mature_rejected = 0 OR mature_rejected = mature, toFloat64(persons), least(toFloat64(mature), rejection_rate * (1 - rejection_rate) / rejection_variance) * pow(z / t, 2)) AS rejection_effective_n,
            variance * mature / nullIf(rate * (1 - rate), 0) AS design_effect
        FROM
        (
            WITH
                [12.7062047362, 4.30265272975, 3.18244630528, 2.7764451052, 2.57058183564, 2.44691185114, 2.36462425159, 2.3060041352, 2.2621571628, 2.22813885199, 2.20098516009, 2.17881282967, 2.16036865646, 2.14478668792, 2.13144954556, 2.11990529922, 2.10981557783, 2.10092204024, 2.09302405441, 2.08596344727, 2.07961384473, 2.0738730679, 2.06865761042, 2.06389856163, 2.05953855275, 2.05552943864, 2.05183051648, 2.0484071418, 2.04522964213, 2.0422724563] AS t_table
            SELECT
                *,
                if(mature = 0, NULL, taken / mature) AS rate,
                if(mature = 0, NULL, mature_rejected / mature) AS rejection_rate,
                if(persons < 2, NULL, persons / degrees * squares / pow(mature, 2)) AS variance,
                if(persons < 2, NULL, persons / degrees * rejection_squares / pow(mature, 2)) AS rejection_variance,
                if(persons <= 31, t_table[toUInt32(greatest(persons, 2) - 1)], z + 2.372271230298562 / degrees + 2.8224986157396 / pow(degrees, 2) + 2.5558496795077 / pow(degrees, 3) + 1.5895340533938 / pow(degrees, 4)) AS t
            FROM
            (
                SELECT
                    *,
                    toFloat64(persons - 1) AS degrees,
                    greatest(0, yy - 2 * taken / mature * yn + pow(taken / mature, 2) * nn) AS squares,
                    greatest(0, rr - 2 * mature_rejected / mature * rn + pow(mature_rejected / mature, 2) * nn) AS rejection_squares,
                    if(persons = 0, NULL, own_rates / persons) AS person_rate
                FROM
                (
                    SELECT
                        cell,
                        countIf(n > 0) AS persons, countIf(n > 0 AND kind = 'session') AS session_persons, sumIf(y / n, n > 0) AS own_rates,
                        sum(n) AS mature, sum(y) AS taken, sum(r) AS mature_rejected,
                        toFloat64(sum(n * n)) AS nn, toFloat64(sum(y * n)) AS yn, toFloat64(sum(y * y)) AS yy, toFloat64(sum(r * n)) AS rn, toFloat64(sum(r * r)) AS rr
                    FROM
                    (
                        -- a person of a cell goes by one number: names and numbers cost several times as much to group by
                        SELECT
                            any(row_cell) AS cell, any(row_kind) AS kind,
                            sum(day_mature) AS n, sum(day_taken) AS y, sum(day_rejected) AS r
                        FROM
                        (
                            SELECT
                                indexOf(['cell', 'version', 'prompt', 'project'], {level:String}) AS rank,
                                cityHash64(
                                    u.project_id, rank, u.metric_version, if(rank < 4, u.prompt_id, ''), if(rank < 3, u.prompt_version, ''),
                                    if(rank < 3, u.model, ''), if(rank < 3, u.model_version, ''), if(rank = 1, u.surface, ''), if(rank = 1, u.trusted, 0)) AS row_cell,
                                u.user_kind AS row_kind, u.user_key AS row_person,
                                u.mature AS day_mature, u.mature_accepted + u.mature_edited AS day_taken, u.mature_rejected AS day_rejected
                            FROM {{database}}.user_days AS u
                            WHERE rank > 0 AND ({project:String} = '' OR u.project_id = {project:String}) AND u.day >= {from:Date} AND u.day < {to:Date}
                        )
                        GROUP BY cityHash64(row_cell, row_kind, row_person)
                    )
                    GROUP BY cell
                ) AS people
                INNER JOIN
                (
                    SELECT
                        indexOf(['cell', 'version', 'prompt', 'project'], {level:String}) AS rank,
                        cityHash64(
                            u.project_id, rank, u.metric_version, if(rank < 4, u.prompt_id, ''), if(rank < 3, u.prompt_version, ''),
                            if(rank < 3, u.model, ''), if(rank < 3, u.model_version, ''), if(rank = 1, u.surface, ''), if(rank = 1, u.trusted, 0)) AS cell,
                        any(u.project_id) AS project_id, any({level:String}) AS level,
                        any(if(rank < 4, u.prompt_id, '')) AS prompt_id, any(if(rank < 3, u.prompt_version, '')) AS prompt_version,
                        any(if(rank < 3, u.model, '')) AS model, any(if(rank < 3, u.model_version, '')) AS model_version,
                        any(if(rank = 1, u.surface, '')) AS surface, any(if(rank = 1, u.trusted, 0)) AS trusted, any(u.metric_version) AS metric_version,
                        sum(u.mature_accepted) AS mature_accepted, sum(u.mature_edited) AS mature_edited, sum(u.mature_similarity_sum) AS mature_similarity_sum,
                        sum(u.shown) AS shown, sum(u.accepted) AS accepted, sum(u.edited) AS edited, sum(u.rejected) AS rejected,
                        sum(u.not_shown) AS not_shown, sum(u.orphan) AS orphan, sum(u.clock_suspect) AS clock_suspect, sum(u.forced) AS forced, sum(u.late) AS late,
                        max(u.as_of) AS as_of
                    FROM {{database}}.user_days AS u
                    WHERE rank > 0 AND ({project:String} = '' OR u.project_id = {project:String}) AND u.day >= {from:Date} AND u.day < {to:Date}
                    GROUP BY cell
                ) AS cells USING cell
            )
        )
    )
)
COMMENT 'Counts, rates and person-clustered 95 percent Wilson intervals at one level: SELECT * FROM rate_levels(project = ..., from = ..., to = ..., level = ''cell''), to excluded. Levels: cell (as rate_intervals, with cells that have nothing mature yet), version, prompt, project. project empty: every project that the reader may see. Keys that are put together are empty. low and high are NULL with fewer than two persons.';

CREATE TABLE IF NOT EXISTS {{database}}.rate_windows{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    window_days    UInt16                 COMMENT 'Length of the window, UTC days: 7, 28 or 90.',
    from_day       Date                   COMMENT 'First day of the window.',
    to_day         Date                   COMMENT 'The day after its last one; the last one is the newest UTC day when the row was computed.',
    level          Enum8('cell' = 1, 'version' = 2, 'prompt' = 3, 'project' = 4) COMMENT 'What the row puts together. cell: all keys, as in rate_intervals. version: prompt version x model version, across surfaces and trust. prompt: across versions and models. project: across prompts. Keys that are put together are empty (trusted: 0). Rows of one level do not add up to another: persons appear in several.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt; empty at level project, and where none is known.' CODEC(ZSTD(1)),
    prompt_version LowCardinality(String) COMMENT 'Prompt version; at levels cell and version.' CODEC(ZSTD(1)),
    model          LowCardinality(String) COMMENT 'Model; at levels cell and version.' CODEC(ZSTD(1)),
    model_version  LowCardinality(String) COMMENT 'Model version; at levels cell and version.' CODEC(ZSTD(1)),
    surface        LowCardinality(String) COMMENT 'Surface; at level cell.' CODEC(ZSTD(1)),
    trusted        UInt8                  COMMENT '1: dimensions from a verified token; at level cell.',
    metric_version LowCardinality(String) COMMENT 'Settings by which the outcomes were decided; figures of different ones are never put together.' CODEC(ZSTD(1)),
    persons               UInt64                 COMMENT 'Persons behind the mature generations: a user, else an anonymous client, else a session.' CODEC(T64, ZSTD(1)),
    session_persons       UInt64                 COMMENT 'Of them, known by their session alone.' CODEC(T64, ZSTD(1)),
    mature                UInt64                 COMMENT 'Mature generations: the denominator of every rate.' CODEC(T64, ZSTD(1)),
    taken                 UInt64                 COMMENT 'Of them, accepted or edited.' CODEC(T64, ZSTD(1)),
    mature_accepted       UInt64                 COMMENT 'Of them, accepted as they were.' CODEC(T64, ZSTD(1)),
    mature_edited         UInt64                 COMMENT 'Of them, edited.' CODEC(T64, ZSTD(1)),
    mature_rejected       UInt64                 COMMENT 'Of them, rejected. What is left of them was ignored.' CODEC(T64, ZSTD(1)),
    mature_similarity_sum Float64                COMMENT 'Sum of similarity over mature accepted and edited; over mature it is the edit-weighted acceptance.' CODEC(ZSTD(1)),
    rate                  Nullable(Float64)      COMMENT 'taken / mature, NULL while nothing is mature.' CODEC(ZSTD(1)),
    low                   Nullable(Float64)      COMMENT 'Lower end of its 95 percent interval, clustered by person; NULL with fewer than two persons.' CODEC(ZSTD(1)),
    high                  Nullable(Float64)      COMMENT 'Upper end.' CODEC(ZSTD(1)),
    effective_n           Nullable(Float64)      COMMENT 'Independent generations that the interval rests on.' CODEC(ZSTD(1)),
    design_effect         Nullable(Float64)      COMMENT 'Variance of the rate over that of independent generations.' CODEC(ZSTD(1)),
    person_rate           Nullable(Float64)      COMMENT 'Mean over persons of each one''s own rate.' CODEC(ZSTD(1)),
    rejection_effective_n Nullable(Float64)      COMMENT 'As effective_n, of mature_rejected / mature.' CODEC(ZSTD(1)),
    shown                 UInt64                 COMMENT 'Shown so far, mature or not.' CODEC(T64, ZSTD(1)),
    accepted              UInt64                 COMMENT 'Of the shown ones, so far accepted as they were.' CODEC(T64, ZSTD(1)),
    edited                UInt64                 COMMENT 'So far edited.' CODEC(T64, ZSTD(1)),
    rejected              UInt64                 COMMENT 'So far rejected.' CODEC(T64, ZSTD(1)),
    ignored               UInt64                 COMMENT 'Window and lateness passed without a decision.' CODEC(T64, ZSTD(1)),
    unresolved            UInt64                 COMMENT 'Still open.' CODEC(T64, ZSTD(1)),
    not_shown             UInt64                 COMMENT 'Generations known but never shown.' CODEC(T64, ZSTD(1)),
    orphan                UInt64                 COMMENT 'Acted on without being shown.' CODEC(T64, ZSTD(1)),
    clock_suspect         UInt64                 COMMENT 'Shown generations with a clock_suspect event.' CODEC(T64, ZSTD(1)),
    forced                UInt64                 COMMENT 'Shown generations that were shown only by force.' CODEC(T64, ZSTD(1)),
    late                  UInt64                 COMMENT 'Mature generations with something that came after their outcome was final.' CODEC(T64, ZSTD(1)),
    as_of                 DateTime64(3, 'UTC')   COMMENT 'Newest instant at which the outcomes were judged.' CODEC(ZSTD(1))
)
ENGINE = {{replicated}}MergeTree
PARTITION BY window_days
PRIMARY KEY project_id
ORDER BY (project_id, level, prompt_id, prompt_version, model, model_version, surface, metric_version, trusted)
COMMENT 'rate_levels of the last 7, 28 and 90 days, today included, as the roll-up last computed them: what pages and dashboards read. A window is computed whole in the work database and swapped in.';

CREATE TABLE IF NOT EXISTS {{database}}.rollup_windows{{on_cluster}}
(
    window_days    UInt16               COMMENT 'Length of the window, UTC days.',
    to_day         Date                 COMMENT 'The day after its last one.',
    as_of          DateTime64(3, 'UTC') COMMENT 'When the finished run began: it holds every day whose roll-up was finished by then.',
    duration_ms    UInt32               COMMENT 'How long it took.',
    at             DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'Written after the swap of the run.'
)
ENGINE = {{replicated}}ReplacingMergeTree(at) ORDER BY window_days
COMMENT 'Ledger of finished runs of rate_windows, the newest per window.';

CREATE TABLE IF NOT EXISTS {{database}}.rate_days{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    day            Date                   COMMENT 'UTC day of generated_at.',
    level          Enum8('cell' = 1, 'version' = 2, 'prompt' = 3, 'project' = 4) COMMENT 'What the row puts together. cell: all keys, as in rate_intervals. version: prompt version x model version, across surfaces and trust. prompt: across versions and models. project: across prompts. Keys that are put together are empty (trusted: 0). Rows of one level do not add up to another: persons appear in several.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt; empty at level project, and where none is known.' CODEC(ZSTD(1)),
    prompt_version LowCardinality(String) COMMENT 'Prompt version; at levels cell and version.' CODEC(ZSTD(1)),
    model          LowCardinality(String) COMMENT 'Model; at levels cell and version.' CODEC(ZSTD(1)),
    model_version  LowCardinality(String) COMMENT 'Model version; at levels cell and version.' CODEC(ZSTD(1)),
    surface        LowCardinality(String) COMMENT 'Surface; at level cell.' CODEC(ZSTD(1)),
    trusted        UInt8                  COMMENT '1: dimensions from a verified token; at level cell.',
    metric_version LowCardinality(String) COMMENT 'Settings by which the outcomes were decided; figures of different ones are never put together.' CODEC(ZSTD(1)),
    persons               UInt64                 COMMENT 'Persons behind the mature generations: a user, else an anonymous client, else a session.' CODEC(T64, ZSTD(1)),
    session_persons       UInt64                 COMMENT 'Of them, known by their session alone.' CODEC(T64, ZSTD(1)),
    mature                UInt64                 COMMENT 'Mature generations: the denominator of every rate.' CODEC(T64, ZSTD(1)),
    taken                 UInt64                 COMMENT 'Of them, accepted or edited.' CODEC(T64, ZSTD(1)),
    mature_accepted       UInt64                 COMMENT 'Of them, accepted as they were.' CODEC(T64, ZSTD(1)),
    mature_edited         UInt64                 COMMENT 'Of them, edited.' CODEC(T64, ZSTD(1)),
    mature_rejected       UInt64                 COMMENT 'Of them, rejected. What is left of them was ignored.' CODEC(T64, ZSTD(1)),
    mature_similarity_sum Float64                COMMENT 'Sum of similarity over mature accepted and edited; over mature it is the edit-weighted acceptance.' CODEC(ZSTD(1)),
    rate                  Nullable(Float64)      COMMENT 'taken / mature, NULL while nothing is mature.' CODEC(ZSTD(1)),
    low                   Nullable(Float64)      COMMENT 'Lower end of its 95 percent interval, clustered by person; NULL with fewer than two persons.' CODEC(ZSTD(1)),
    high                  Nullable(Float64)      COMMENT 'Upper end.' CODEC(ZSTD(1)),
    effective_n           Nullable(Float64)      COMMENT 'Independent generations that the interval rests on.' CODEC(ZSTD(1)),
    design_effect         Nullable(Float64)      COMMENT 'Variance of the rate over that of independent generations.' CODEC(ZSTD(1)),
    person_rate           Nullable(Float64)      COMMENT 'Mean over persons of each one''s own rate.' CODEC(ZSTD(1)),
    rejection_effective_n Nullable(Float64)      COMMENT 'As effective_n, of mature_rejected / mature.' CODEC(ZSTD(1)),
    shown                 UInt64                 COMMENT 'Shown so far, mature or not.' CODEC(T64, ZSTD(1)),
    accepted              UInt64                 COMMENT 'Of the shown ones, so far accepted as they were.' CODEC(T64, ZSTD(1)),
    edited                UInt64                 COMMENT 'So far edited.' CODEC(T64, ZSTD(1)),
    rejected              UInt64                 COMMENT 'So far rejected.' CODEC(T64, ZSTD(1)),
    ignored               UInt64                 COMMENT 'Window and lateness passed without a decision.' CODEC(T64, ZSTD(1)),
    unresolved            UInt64                 COMMENT 'Still open.' CODEC(T64, ZSTD(1)),
    not_shown             UInt64                 COMMENT 'Generations known but never shown.' CODEC(T64, ZSTD(1)),
    orphan                UInt64                 COMMENT 'Acted on without being shown.' CODEC(T64, ZSTD(1)),
    clock_suspect         UInt64                 COMMENT 'Shown generations with a clock_suspect event.' CODEC(T64, ZSTD(1)),
    forced                UInt64                 COMMENT 'Shown generations that were shown only by force.' CODEC(T64, ZSTD(1)),
    late                  UInt64                 COMMENT 'Mature generations with something that came after their outcome was final.' CODEC(T64, ZSTD(1)),
    as_of                 DateTime64(3, 'UTC')   COMMENT 'Newest instant at which the outcomes were judged.' CODEC(ZSTD(1))
)
ENGINE = {{replicated}}MergeTree
PARTITION BY toYYYYMMDD(day)
PRIMARY KEY project_id
ORDER BY (project_id, level, prompt_id, prompt_version, model, model_version, surface, metric_version, trusted, day)
TTL day + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024
COMMENT 'rate_levels of each single day: a trend with its interval. Swapped in with the day''s rates and user_days. Days do not add up: persons come back.';

CREATE TABLE IF NOT EXISTS {{database}}.signal_days{{on_cluster}}
(
    project_id     LowCardinality(String) COMMENT 'Project.',
    day            Date                   COMMENT 'UTC day of generated_at.',
    prompt_id      LowCardinality(String) COMMENT 'Prompt.' CODEC(ZSTD(1)),
    prompt_version LowCardinality(String) COMMENT 'Prompt version.' CODEC(ZSTD(1)),
    model          LowCardinality(String) COMMENT 'Model.' CODEC(ZSTD(1)),
    model_version  LowCardinality(String) COMMENT 'Model version.' CODEC(ZSTD(1)),
    surface        LowCardinality(String) COMMENT 'Surface.' CODEC(ZSTD(1)),
    trusted        UInt8                  COMMENT '1: dimensions from a verified token.',
    metric_version LowCardinality(String) COMMENT 'Settings by which the outcomes were decided.' CODEC(ZSTD(1)),
    signal         Enum8('reject_reason' = 1, 'ignore_reason' = 2, 'edit_size' = 3, 'decide_time' = 4, 'retention' = 5, 'rating' = 6, 'take_method' = 7) COMMENT 'What is counted. reject_reason: mature rejected generations by why. ignore_reason: mature ignored ones by what the page saw last. edit_size: mature edited ones by similarity. decide_time: mature decided ones by time from first shown to the last decision. retention: mature ones with a measurement, by time after acceptance. rating: shown generations by their last explicit rating, mature or not. take_method: mature accepted and edited ones by how they were taken last.',
    bucket         LowCardinality(String) COMMENT 'reject_reason: dismissed, regenerated, undone, deleted, stopped, rewritten (an edit below theta_replace), none. ignore_reason: superseded, typed_on, left, timeout, lost, none. edit_size: lower end of similarity in steps of a tenth, 0.3 to 0.9. decide_time: upper end in seconds, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21600, 86400, more. retention: 30s, 2m, 5m, 10m. rating: its label, else its value. take_method: keyboard, button, menu, drag, insert, apply, tab, send, partial, edit, none.',
    generations    UInt64                 COMMENT 'Generations in the bucket.' CODEC(T64, ZSTD(1)),
    retained       UInt64                 COMMENT 'retention: of them, with a similarity of at least 0.67. Else 0.' CODEC(T64, ZSTD(1)),
    value_sum      Float64                COMMENT 'edit_size, retention: sum of similarity. decide_time: sum of seconds. rating: sum of values. Else 0.' CODEC(ZSTD(1)),
    as_of          DateTime64(3, 'UTC')   COMMENT 'Instant at which the outcomes were judged.' CODEC(ZSTD(1)),
    -- a prompt page reads its prompt alone; in the primary key its name would be open to every analyst
    INDEX by_prompt prompt_id TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = {{replicated}}MergeTree
PARTITION BY toYYYYMMDD(day)
PRIMARY KEY (project_id, day)
ORDER BY (project_id, day, prompt_id, signal, bucket, prompt_version, model, model_version, surface)
TTL day + INTERVAL 3 YEAR
SETTINGS ttl_only_drop_parts = 1, index_granularity = 1024
COMMENT 'Why and how, beside the outcome: counts per day, cell and bucket; they add up across rows. Swapped in with the day''s rates. No persons: for shares and distributions, not for verdicts.';

ALTER TABLE {{database}}.report_runs{{on_cluster}} ADD COLUMN IF NOT EXISTS project_id LowCardinality(String) COMMENT 'Project: each report is made once per project and slot. (project_id, report_id, slot, target, edition) identifies a delivery.' FIRST;

ALTER TABLE {{database}}.report_runs{{on_cluster}} ADD COLUMN IF NOT EXISTS retry_at DateTime64(3, 'UTC') DEFAULT at COMMENT 'With claimed and waiting: when it is due.';

ALTER TABLE {{database}}.report_runs{{on_cluster}} MODIFY COLUMN status Enum8('claimed' = 1, 'rendered' = 2, 'sending' = 3, 'sent' = 4, 'failed' = 5, 'skipped' = 6, 'unknown' = 7, 'waiting' = 8, 'abandoned' = 9) COMMENT 'claimed: to be made, or to be sent. rendered: content holds the report. sending: an attempt began. unknown: the process died during it; it is repeated with the same id. waiting: it did not succeed and is repeated from retry_at on. failed: refused for good. abandoned: it never succeeded. skipped: its slot was missed for longer than it is caught up. sent: done.';
