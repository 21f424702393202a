// How the reporter asks ClickHouse: on one core, bounded in memory and time, and without getting in its own way.

/** Memory of one query, bytes. Grouping goes to disk long before. */
export const QUERY_MEMORY_BYTES_MAX = 1_000_000_000;
const GROUP_MEMORY_BYTES_MAX = 300_000_000;
/** The persons of fifty million generations per version and model are grouped in 420 MB; on disk it takes half as long again. */
const READ_GROUP_MEMORY_BYTES_MAX = 500_000_000;

/** A query waits, block by block, while one with a smaller number runs: roll-ups and pages must not make each other wait. */
const PRIORITY = 10;

/** Of roll-ups. */
export const ROLLUP_SETTINGS = {
  max_threads: 1,
  max_insert_threads: 1,
  priority: PRIORITY,
  max_memory_usage: QUERY_MEMORY_BYTES_MAX,
  max_bytes_before_external_group_by: GROUP_MEMORY_BYTES_MAX,
  max_bytes_before_external_sort: GROUP_MEMORY_BYTES_MAX,
  max_execution_time: 120,
} as const;

/** Of statements that group a table by the head of its sorting key: a third of the work, and next to no memory. */
export const IN_ORDER_SETTINGS = { ...ROLLUP_SETTINGS, optimize_aggregation_in_order: 1 } as const;

/** Of what a person waits for. */
export const READ_SETTINGS = {
  max_threads: 1,
  priority: PRIORITY,
  max_memory_usage: QUERY_MEMORY_BYTES_MAX,
  max_bytes_before_external_group_by: READ_GROUP_MEMORY_BYTES_MAX,
  max_execution_time: 20,
} as const;
