// What people should hear of now, whether they have or not. In: the views. Out: events.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { AlertEvent } from './alert.js';
import { readFallen, type WatchedProject } from './fallen-events.js';
import { readWorse } from './worse-events.js';

/** All events of these projects that hold now, of any age. */
export async function readEvents(
  clickhouse: ClickHouse,
  projects: readonly WatchedProject[],
  publicUrl: string,
): Promise<AlertEvent[]> {
  const ids = projects.map(({ id }) => id);
  return [...(await readWorse(clickhouse, ids, publicUrl)), ...(await readFallen(clickhouse, projects, publicUrl))];
}
