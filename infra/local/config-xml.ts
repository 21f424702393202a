// Renders the embedded server's config.xml: loopback only, memory bounded, logs bounded, sized for a small machine.
// In: limits. Out: XML. Must never open a port beyond the loopback.

export interface ServerLimits {
  /** Upper bound of the server's memory, bytes. */
  readonly memoryBytes: number;
}

/** Three eighths of the machine, within 1 and 4 GiB: the services beside it need the rest. */
export function defaultMemoryBytes(machineBytes: number): number {
  const gib = 1024 ** 3;
  return Math.round(Math.min(4 * gib, Math.max(gib, machineBytes * 0.375)));
}

const systemLog = (table: string, days: number) =>
  `<${table}><database>system</database><table>${table}</table><flush_interval_milliseconds>2000</flush_interval_milliseconds>` +
  `<partition_by>toMonday(event_date)</partition_by><ttl>event_date + INTERVAL ${days} DAY DELETE</ttl></${table}>`;

export function renderConfigXml({ memoryBytes }: ServerLimits): string {
  const mib = 1024 ** 2;
  return `<clickhouse>
  <users_config>users.xml</users_config>
  <max_server_memory_usage>${memoryBytes}</max_server_memory_usage>
  <memory_worker_use_cgroup>0</memory_worker_use_cgroup>
  <mark_cache_size>${64 * mib}</mark_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <keep_alive_timeout>10</keep_alive_timeout>
  <max_concurrent_queries>64</max_concurrent_queries>
  <max_connections>256</max_connections>
  <background_pool_size>2</background_pool_size>
  <background_merges_mutations_concurrency_ratio>2</background_merges_mutations_concurrency_ratio>
  <background_schedule_pool_size>8</background_schedule_pool_size>
  <background_common_pool_size>2</background_common_pool_size>
  <background_move_pool_size>1</background_move_pool_size>
  <background_fetches_pool_size>1</background_fetches_pool_size>
  <background_distributed_schedule_pool_size>1</background_distributed_schedule_pool_size>
  <background_message_broker_schedule_pool_size>1</background_message_broker_schedule_pool_size>
  <merge_tree>
    <fsync_after_insert>1</fsync_after_insert>
    <fsync_part_directory>1</fsync_part_directory>
  </merge_tree>
  <access_control_improvements>
    <users_without_row_policies_can_read_rows>true</users_without_row_policies_can_read_rows>
    <select_from_system_db_requires_grant>true</select_from_system_db_requires_grant>
    <select_from_information_schema_requires_grant>true</select_from_information_schema_requires_grant>
  </access_control_improvements>
  <logger><size>10M</size><count>3</count></logger>
  ${systemLog('query_log', 7)}
</clickhouse>
`;
}
