-- Raw events as the collector accepted them.
-- Everywhere the primary key is the short head of the sorting key: whoever may read a table may also read the values of its
-- index by mergeTreeIndex(), and row filters do not reach there.

CREATE TABLE IF NOT EXISTS {{database}}.events{{on_cluster}}
(
    project_id     LowCardinality(String)     COMMENT 'Project that sent the event. First key column: always filter on it.',
    generation_id  String                     COMMENT 'Id of the generation the event is about, any string up to 128 characters.' CODEC(ZSTD(1)),
    generated_at   DateTime64(3, 'UTC')       COMMENT 'When the generation was produced. The same on every event of one generation.' CODEC(ZSTD(1)),
    event_id       UUID                       COMMENT 'Idempotency key: made by the client once per action, reused on every retry.' CODEC(ZSTD(1)),
    event_type     Enum8('generated' = 1, 'shown' = 2, 'copy' = 3, 'accept' = 4, 'edit' = 5, 'reject' = 6, 'ignore' = 7, 'retention' = 8, 'rate' = 9, 'score' = 10) COMMENT 'What happened. Add new kinds at the end, never renumber.' CODEC(ZSTD(1)),
    shows          UInt8                      COMMENT '1 when the event proves that the generation was seen: shown for at least V, or forced by an action on it.',
    decides        Enum8('nothing' = 0, 'accept' = 1, 'edit' = 2, 'reject' = 3) COMMENT 'What the event says about the outcome, by the rule in shared/contract. Higher wins at the same millisecond.' CODEC(ZSTD(1)),
    decision_value Float64 DEFAULT 0          COMMENT 'edit: similarity to the generation, 0..1. accept: share of the text taken, 0..1. Else 0.' CODEC(ZSTD(1)),
    occurred_at    DateTime64(3, 'UTC')       COMMENT 'When the person acted: the client clock, replaced only when it is impossible.' CODEC(ZSTD(1)),
    received_at    DateTime64(3, 'UTC')       COMMENT 'When the collector received this copy.' CODEC(Delta, ZSTD(1)),
    ingested_at    DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When ClickHouse stored it. Drives the roll-ups; never set by a client.' CODEC(Delta, ZSTD(1)),
    prompt_id      LowCardinality(String)     COMMENT 'Prompt id, empty when unknown.' CODEC(ZSTD(1)),
    prompt_version LowCardinality(String)     COMMENT 'Prompt version, free text.' CODEC(ZSTD(1)),
    model          LowCardinality(String)     COMMENT 'Model as its provider calls it.' CODEC(ZSTD(1)),
    model_version  LowCardinality(String)     COMMENT 'Model snapshot, date or deployment.' CODEC(ZSTD(1)),
    experiment     LowCardinality(String)     COMMENT 'Experiment id of a randomised comparison, else empty.' CODEC(ZSTD(1)),
    arm            LowCardinality(String)     COMMENT 'Arm of that experiment.' CODEC(ZSTD(1)),
    assignment     LowCardinality(String)     COMMENT 'How the arm was chosen: randomised:generation, randomised:session, randomised:user, canary, or empty.' CODEC(ZSTD(1)),
    surface        LowCardinality(String)     COMMENT 'Where it was shown: web, vscode.' CODEC(ZSTD(1)),
    task_id        String                     COMMENT 'Chain of generations made for one purpose (regenerations, side by side); empty means the generation itself.' CODEC(ZSTD(1)),
    user_kind      Enum8('none' = 0, 'session' = 1, 'client' = 2, 'user' = 3) COMMENT 'What user_key stands for.',
    user_key       UInt64                     COMMENT 'Keyed hash of the user id, else of the anonymous client id, else of the session id.' CODEC(ZSTD(1)),
    trusted        UInt8                      COMMENT '1 when a verified generation token came with the event.' CODEC(ZSTD(1)),
    reason         LowCardinality(String)     COMMENT 'Method of a copy or accept, reason of a reject or ignore, how an edit ended, forced for a forced shown.' CODEC(ZSTD(1)),
    visible_ms     UInt32                     COMMENT 'shown, ignore: milliseconds visible.' CODEC(ZSTD(1)),
    chars          UInt32                     COMMENT 'copy, accept: characters taken. edit: characters afterwards. retention: characters left.' CODEC(ZSTD(1)),
    total_chars    UInt32                     COMMENT 'Characters of the whole generation.' CODEC(ZSTD(1)),
    after_ms       UInt32                     COMMENT 'retention: milliseconds after acceptance.' CODEC(ZSTD(1)),
    name           LowCardinality(String)     COMMENT 'score: name of the evaluator or guardrail.' CODEC(ZSTD(1)),
    version        LowCardinality(String)     COMMENT 'score: version of that evaluator.' CODEC(ZSTD(1)),
    subject        String                     COMMENT 'score: the part judged, e.g. a source id; empty for the whole generation.' CODEC(ZSTD(1)),
    rank           UInt16                     COMMENT 'score: rank of a retrieved source, 0 when none.' CODEC(ZSTD(1)),
    action         LowCardinality(String)     COMMENT 'score: none, flagged, blocked, shadow.' CODEC(ZSTD(1)),
    source         LowCardinality(String)     COMMENT 'score: evaluator, guardrail, retriever, human.' CODEC(ZSTD(1)),
    label          LowCardinality(String)     COMMENT 'rate, score: label. copy: code, when code was copied. edit: how its similarity was approximated, tokens or grams.' CODEC(ZSTD(1)),
    value          Float64                    COMMENT 'rate, score: value. retention: similarity. edit: edit distance.' CODEC(ZSTD(1)),
    clock_suspect  UInt8                      COMMENT '1 when the client clock was impossible and occurred_at was replaced.' CODEC(ZSTD(1)),
    sdk            LowCardinality(String)     COMMENT 'Client name and version.' CODEC(ZSTD(1)),
    attributes     Map(LowCardinality(String), String) COMMENT 'Small free tags. Never text of a generation.' CODEC(ZSTD(1)),
    first_wins     UInt64 MATERIALIZED 18446744073709551615 - toUInt64(toUnixTimestamp64Milli(received_at)) COMMENT 'Version for ReplacingMergeTree: of several copies the first received stays.'
)
ENGINE = {{replicated}}ReplacingMergeTree(first_wins)
PARTITION BY toYYYYMM(generated_at)
PRIMARY KEY (project_id, toStartOfHour(generated_at))
ORDER BY (project_id, toStartOfHour(generated_at), generation_id, event_id)
TTL toDateTime(generated_at) + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1
COMMENT 'Raw events, at least once; copies of one event_id collapse in the background. Count with uniqExact(event_id).';
