// Tells whether a roll-up has changed what a project's figures say. In: a project. Out: a mark that changes with them.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';

/** Changes with every day that was rolled up and with every window that was computed anew: of these only the few totals are read. */
export async function readRollupMark(clickhouse: ClickHouse, project: string): Promise<string> {
  const [row] = await clickhouse.query<{ days: string; windows: string }>(
    `SELECT concat(toString(max(at)), ' ', toString(sum(cityHash64(day, as_of)))) AS days,
        (SELECT toString(sum(cityHash64(*))) FROM rate_windows WHERE project_id = {project:String} AND level = 'project') AS windows
     FROM rollup_days FINAL`,
    { project },
    READ_SETTINGS,
  );
  return `${row?.days ?? ''} ${row?.windows ?? ''}`;
}
