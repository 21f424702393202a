// What statements have cost ClickHouse, by its own log. In: a span of its clock. Out: rows read, memory, time and tables of each.
// Its own statements are told from the others by their user: they are the migrator's.
import type { ClickHouse } from '../../shared/runtime/clickhouse.js';

export interface QueryCost {
  /** When it began, microseconds of the server's clock. */
  readonly at: string;
  readonly query: string;
  readonly rows: number;
  readonly memoryBytes: number;
  readonly ms: number;
  readonly tables: readonly string[];
}

/** The server's clock, microseconds. */
export async function serverClock(migrator: ClickHouse): Promise<string> {
  const [row] = await migrator.query<{ now: string }>('SELECT toString(toUnixTimestamp64Micro(now64(6))) AS now');
  if (row === undefined) throw new Error('ClickHouse did not say what time it is');
  return row.now;
}

/** Statements of the reporter that began within the span, microseconds, in that order. */
export async function queryCosts(migrator: ClickHouse, from: string, to: string): Promise<QueryCost[]> {
  await migrator.command('SYSTEM FLUSH LOGS');
  const rows = await migrator.query<{
    at: string;
    query: string;
    read_rows: string;
    memory: string;
    ms: string;
    tables: string[];
  }>(
    `SELECT toString(toUnixTimestamp64Micro(query_start_time_microseconds)) AS at, query, read_rows, memory_usage AS memory, query_duration_ms AS ms, tables FROM system.query_log
     WHERE type = 'QueryFinish' AND user = 'tacit_reporter'
       AND toUnixTimestamp64Micro(query_start_time_microseconds) BETWEEN {from:Int64} AND {to:Int64}
     ORDER BY query_start_time_microseconds`,
    { from, to },
  );
  return rows.map(({ at, query, read_rows, memory, ms, tables }) => ({
    at,
    query,
    rows: Number(read_rows),
    memoryBytes: Number(memory),
    ms: Number(ms),
    tables,
  }));
}

/** The greatest of a figure, 0 of nothing. */
export function most<T>(items: readonly T[], figure: (item: T) => number): number {
  return items.reduce((greatest, item) => Math.max(greatest, figure(item)), 0);
}
