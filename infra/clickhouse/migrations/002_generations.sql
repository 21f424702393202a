-- One mergeable state per generation, and which days changed. Both are fed by materialized views of events.

CREATE TABLE IF NOT EXISTS {{database}}.generations{{on_cluster}}
(
    project_id     LowCardinality(String)     COMMENT 'Project.',
    hour           DateTime('UTC')            COMMENT 'Hour of generated_at: one generation has one key however late its events are.' CODEC(Delta, ZSTD(1)),
    generation_id  String                     COMMENT 'Generation.' CODEC(ZSTD(1)),
    generated_at   SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'When it was produced.' CODEC(ZSTD(1)),
    dims           SimpleAggregateFunction(max, Tuple(UInt8, UInt8, String, String, String, String, String, String, String, String, String)) COMMENT '(trusted, filled fields, prompt_id, prompt_version, model, model_version, experiment, arm, assignment, surface, task_id) taken whole from one event: a trusted one beats any other, then the fullest. Never max() per column, which mixes versions.' CODEC(ZSTD(1)),
    person         SimpleAggregateFunction(max, Tuple(UInt8, UInt64)) COMMENT '(user_kind, user_key): a user id beats a client id beats a session id.' CODEC(ZSTD(1)),
    shown_at       SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'First event that shows; 2199-01-01 when never shown.' CODEC(ZSTD(1)),
    trusted_shown_at SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'As shown_at, over trusted events only.' CODEC(ZSTD(1)),
    first_show     SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), DateTime64(3, 'UTC'))) COMMENT '(occurred_at, received_at) of the first event that shows, with its first receipt: tells whether it came only when the outcome was final.' CODEC(ZSTD(1)),
    trusted_first_show SimpleAggregateFunction(min, Tuple(DateTime64(3, 'UTC'), DateTime64(3, 'UTC'))) COMMENT 'As first_show, over trusted events only.' CODEC(ZSTD(1)),
    trusted_person SimpleAggregateFunction(max, Tuple(UInt8, UInt64)) COMMENT 'As person, over trusted events only.' CODEC(ZSTD(1)),
    flags          SimpleAggregateFunction(groupBitOr, UInt8) COMMENT '1: an event with clock_suspect. 2: a show by force. 4: a show that was not forced. 8, 16, 32: the same, over trusted events only.' CODEC(ZSTD(1)),
    last_received_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Newest receipt of any copy of any event.' CODEC(ZSTD(1)),
    decisive       SimpleAggregateFunction(groupUniqArrayArray, Array(Tuple(DateTime64(3, 'UTC'), UInt8, Float64, UInt8, UInt64, DateTime64(3, 'UTC')))) COMMENT 'The set of decisive events as (occurred_at, decides, decision_value, trusted, hash of event_id, received_at). A set union is idempotent, commutative and associative: retries, replays and any order give the same set, and windows and thresholds can change without touching data.' CODEC(ZSTD(1))
)
ENGINE = {{replicated}}AggregatingMergeTree
PARTITION BY toYYYYMM(hour)
PRIMARY KEY (project_id, hour)
ORDER BY (project_id, hour, generation_id)
TTL hour + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1
COMMENT 'One state per generation. Read it through outcomes_at or generation_outcomes.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.generations_mv{{on_cluster}} TO {{database}}.generations
DEFINER = {{migrator}} SQL SECURITY DEFINER
AS
WITH toDateTime64('2199-01-01', 3, 'UTC') AS never
SELECT
    e.project_id AS project_id,
    toStartOfHour(e.generated_at) AS hour,
    e.generation_id AS generation_id,
    min(e.generated_at) AS generated_at,
    max((e.trusted, toUInt8((e.prompt_id != '') + (e.prompt_version != '') + (e.model != '') + (e.model_version != '') + (e.experiment != '')), e.prompt_id, e.prompt_version, e.model, e.model_version, e.experiment, e.arm, e.assignment, e.surface, e.task_id)) AS dims,
    max((toUInt8(e.user_kind), e.user_key)) AS person,
    min(if(e.shows = 1, e.occurred_at, never)) AS shown_at,
    min(if(e.shows = 1 AND e.trusted = 1, e.occurred_at, never)) AS trusted_shown_at,
    min(if(e.shows = 1, (e.occurred_at, e.received_at), (never, never))) AS first_show,
    min(if(e.shows = 1 AND e.trusted = 1, (e.occurred_at, e.received_at), (never, never))) AS trusted_first_show,
    max(if(e.trusted = 1, (toUInt8(e.user_kind), e.user_key), (toUInt8(0), toUInt64(0)))) AS trusted_person,
    groupBitOr(toUInt8((e.clock_suspect + 2 * (e.shows = 1 AND e.reason = 'forced') + 4 * (e.shows = 1 AND e.reason != 'forced')) * if(e.trusted = 1, 9, 1))) AS flags,
    max(e.received_at) AS last_received_at,
    groupUniqArrayArray(if(e.decides = 'nothing', [], [(e.occurred_at, toUInt8(e.decides), e.decision_value, e.trusted, cityHash64(e.event_id), e.received_at)])) AS decisive
FROM {{database}}.events AS e
GROUP BY project_id, hour, generation_id;

CREATE TABLE IF NOT EXISTS {{database}}.dirty_days{{on_cluster}}
(
    project_id       LowCardinality(String) COMMENT 'Project.',
    day              Date COMMENT 'UTC day of generated_at that received events.',
    last_ingested_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Newest ingested_at of any event of that day, however late.',
    last_shown_at    SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Newest shown of that day: until W + L after it, outcomes still change by time alone.'
)
ENGINE = {{replicated}}AggregatingMergeTree ORDER BY (project_id, day)
COMMENT 'Which days changed and when; read by the roll-up.';

CREATE MATERIALIZED VIEW IF NOT EXISTS {{database}}.dirty_days_mv{{on_cluster}} TO {{database}}.dirty_days
DEFINER = {{migrator}} SQL SECURITY DEFINER
AS
SELECT
    e.project_id AS project_id,
    toDate(e.generated_at) AS day,
    max(e.ingested_at) AS last_ingested_at,
    maxIf(e.occurred_at, e.shows = 1) AS last_shown_at
FROM {{database}}.events AS e
GROUP BY project_id, day;
