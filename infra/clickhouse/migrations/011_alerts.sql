-- Who was told of what: the ledger of alerts.

CREATE TABLE IF NOT EXISTS {{database}}.alert_deliveries{{on_cluster}}
(
    project_id LowCardinality(String) COMMENT 'Project.',
    alert_id   String                 COMMENT 'Stable id of the event: a hash of kind, project, comparison or watch, and since when. With the target it identifies a delivery.',
    target     LowCardinality(String) COMMENT 'kind:name of the projects file, such as slack:team. Never an address.',
    attempt    UInt16                 COMMENT 'Attempt, from 1; 0 before the first.',
    status     Enum8('claimed' = 1, 'sending' = 2, 'unknown' = 3, 'waiting' = 4, 'failed' = 5, 'abandoned' = 6, 'skipped' = 7, 'sent' = 8) COMMENT 'claimed: to be sent. sending: an attempt began. unknown: the process died during it; it is repeated with the same id. waiting: it did not succeed and is repeated from retry_at on. failed: refused for good. abandoned: it never succeeded. skipped: too old when it was first seen. sent: done. The row with the greatest (attempt, status) counts; after any of the last four nothing follows.',
    retry_at   DateTime64(3, 'UTC') DEFAULT at COMMENT 'With claimed and waiting: when it is due.',
    owner      String                 COMMENT 'Process that wrote the row.',
    detail     String                 COMMENT 'Why, in plain words. Never an address or a secret.',
    content    String                 COMMENT 'With claimed: the alert as JSON. All attempts send the same.' CODEC(ZSTD(3)),
    at         DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When.'
)
ENGINE = {{replicated}}MergeTree
PRIMARY KEY project_id
ORDER BY (project_id, alert_id, target, attempt, status)
TTL toDateTime(at) + INTERVAL 2 YEAR
COMMENT 'Append-only ledger of alerts: each event goes to each target once.';
