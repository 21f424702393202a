// How the reporter's queries behave towards others: one core, behind inserts, bounded in memory and time.

/** Memory of one query, bytes. Grouping goes to disk long before. */
export const QUERY_MEMORY_BYTES_MAX = 1_000_000_000;
const GROUP_MEMORY_BYTES_MAX = 300_000_000;

/** Of roll-ups: the lowest priority of all that the product asks. */
export const ROLLUP_SETTINGS = {
  max_threads: 1,
  max_insert_threads: 1,
  priority: 10,
  max_memory_usage: QUERY_MEMORY_BYTES_MAX,
  max_bytes_before_external_group_by: GROUP_MEMORY_BYTES_MAX,
  max_bytes_before_external_sort: GROUP_MEMORY_BYTES_MAX,
  max_execution_time: 120,
} as const;

/** Of what a person waits for. */
export const READ_SETTINGS = {
  max_threads: 1,
  priority: 5,
  max_memory_usage: QUERY_MEMORY_BYTES_MAX,
  max_bytes_before_external_group_by: GROUP_MEMORY_BYTES_MAX,
  max_execution_time: 20,
} as const;
