-- What comparisons and reports did.

CREATE TABLE IF NOT EXISTS {{database}}.comparison_looks{{on_cluster}}
(
    comparison_id  String                 COMMENT 'Stable id of the pair (project, prompt, arms, surface, metric version).',
    look_at        DateTime64(3, 'UTC')   COMMENT 'as_of of the look. One look per comparison and UTC day counts: the earliest.',
    project_id     LowCardinality(String) COMMENT 'Project.',
    family         LowCardinality(String) COMMENT 'Family over which false discoveries are controlled.',
    tier           Enum8('T1' = 1, 'T2' = 2, 'T3' = 3) COMMENT 'Randomised and concurrent; concurrent; before/after.',
    n_a            UInt64 COMMENT 'Mature generations of A.', n_b UInt64 COMMENT 'Mature generations of B.',
    persons_a      UInt64 COMMENT 'Persons of A.', persons_b UInt64 COMMENT 'Persons of B.',
    difference     Float64 COMMENT 'Stratified risk difference, B minus A.',
    standard_error Float64 COMMENT 'Clustered by person.',
    log_e          Float64 COMMENT 'Log of the e-value.',
    tau            Float64 COMMENT 'Smallest drop that matters.', alpha Float64 COMMENT 'Level.',
    gates          Array(LowCardinality(String)) COMMENT 'Gates that failed.',
    metric_version LowCardinality(String) COMMENT 'Settings of the outcomes.'
)
ENGINE = {{replicated}}MergeTree
PRIMARY KEY project_id
ORDER BY (project_id, comparison_id, look_at)
COMMENT 'Append-only: every look of every comparison.';

CREATE TABLE IF NOT EXISTS {{database}}.report_runs{{on_cluster}}
(
    report_id    LowCardinality(String)   COMMENT 'Configured report.',
    slot         DateTime('UTC')          COMMENT 'Scheduled instant. (report_id, slot, target, edition) identifies a delivery.',
    target       LowCardinality(String)   COMMENT 'file, slack:..., email:..., webhook:...; empty for the rendered report itself.',
    edition      UInt16 DEFAULT 1         COMMENT '1, and more for --recompute.',
    status       Enum8('claimed' = 1, 'rendered' = 2, 'sending' = 3, 'sent' = 4, 'failed' = 5, 'skipped' = 6, 'unknown' = 7) COMMENT 'unknown: the process died between sending and sent.',
    attempt      UInt16                   COMMENT 'Attempt, from 1.',
    owner        String                   COMMENT 'Instance that wrote the row.',
    content      String                   COMMENT 'With rendered: the report as JSON.' CODEC(ZSTD(3)),
    detail       String                   COMMENT 'Error, message id, or reason for a skip.',
    at           DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC') COMMENT 'When.'
)
ENGINE = {{replicated}}MergeTree ORDER BY (report_id, slot, target, edition, at) TTL slot + INTERVAL 2 YEAR
COMMENT 'Append-only ledger of reports and deliveries.';
