-- What was not stored as an event, with the reason, and who asked to be forgotten. All are states that a repeated row leaves as they are.

CREATE TABLE IF NOT EXISTS {{database}}.drops{{on_cluster}}
(
    project_id LowCardinality(String)     COMMENT 'Project.',
    reason     LowCardinality(String)     COMMENT 'Drop reason.',
    drop_id    UUID                       COMMENT 'First 16 bytes of SHA-256 over project, reason and, per dropped event, its id or the hash of its JSON: the same batch sent again gives the same row.',
    minute     SimpleAggregateFunction(min, DateTime('UTC')) COMMENT 'Minute of first receipt.',
    n          SimpleAggregateFunction(max, UInt32) COMMENT 'Events dropped.'
)
ENGINE = {{replicated}}AggregatingMergeTree
PRIMARY KEY project_id
ORDER BY (project_id, reason, drop_id)
TTL minute + INTERVAL 90 DAY
COMMENT 'What was refused and why. Sum n over FINAL.';

CREATE TABLE IF NOT EXISTS {{database}}.dead_letters{{on_cluster}}
(
    target       LowCardinality(String)   COMMENT 'Table it was meant for.',
    position     String                   COMMENT 'Where it stood: log:segment:offset:line or topic:partition:offset:line. In the key: a redelivery does not repeat it.',
    row_hash     UInt64 MATERIALIZED cityHash64(row) COMMENT 'In the key: the logs of two collectors name their positions alike.',
    project_id   SimpleAggregateFunction(max, String) COMMENT 'Project, empty when the row cannot be read.',
    reason       SimpleAggregateFunction(max, String) COMMENT 'Closed list: bad_crc, unknown_version, unparsable_row, rejected_row, too_large.',
    detail       SimpleAggregateFunction(max, String) COMMENT 'What ClickHouse or the reader said, without values.',
    row          SimpleAggregateFunction(max, String) COMMENT 'The bytes, as they were.' CODEC(ZSTD(3)),
    first_seen   SimpleAggregateFunction(min, DateTime64(3, 'UTC')) COMMENT 'When it was put aside.',
    last_seen    SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Last time it was seen.',
    redriven_at  SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) COMMENT 'When it was stored by a redrive.',
    version      SimpleAggregateFunction(max, UInt32) DEFAULT 1 COMMENT 'Raised by a redrive.'
)
ENGINE = {{replicated}}AggregatingMergeTree
ORDER BY (target, position, row_hash)
TTL toDateTime(first_seen) + INTERVAL 90 DAY
COMMENT 'Rows that could never be stored, with their reason. A state: seen again, a row keeps its first_seen and its redriven_at. Read it with FINAL.';

CREATE TABLE IF NOT EXISTS {{database}}.erasures{{on_cluster}}
(
    project_id   LowCardinality(String)   COMMENT 'Project.',
    user_key     UInt64                   COMMENT 'Keyed hash of the erased person.',
    requested_at SimpleAggregateFunction(max, DateTime64(3, 'UTC')) COMMENT 'Events received before this are erased, whenever they arrive.',
    done_at      SimpleAggregateFunction(max, Nullable(DateTime64(3, 'UTC'))) COMMENT 'Last finished pass.',
    version      SimpleAggregateFunction(max, UInt32) DEFAULT 1 COMMENT 'Raised by a pass.'
)
ENGINE = {{replicated}}AggregatingMergeTree
ORDER BY (project_id, user_key)
COMMENT 'Who asked to be forgotten. A state: the newest request and the newest pass stay, in whatever order they arrive. Read it with FINAL.';
