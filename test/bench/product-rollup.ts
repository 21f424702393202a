// The roll-up of a product's days and windows, beside the least that the same figures cost. In: a server with events. Out: seconds, CPU,
// and the most memory of a statement, of the product and of what stands beside it.
import { ROLLUP_SETTINGS } from '../../services/reporter/rollup/query-settings.js';
import { recomputeDay } from '../../services/reporter/rollup/recompute-day.js';
import { recomputeWindow } from '../../services/reporter/rollup/recompute-window.js';
import type { TestClickHouse } from '../support/clickhouse.js';
import { using, type Used } from './measure.js';
import { most, queryCosts, serverClock } from './query-costs.js';

const never = new AbortController().signal;
export const WINDOWS = [7, 28, 90] as const;

const OUTCOMES_SQL = `
SELECT o.outcome AS outcome, count() AS generations FROM outcomes_at(as_of = now64(3)) AS o
WHERE o.hour >= toDateTime({day:Date}, 'UTC') AND o.hour < toDateTime({day:Date} + 1, 'UTC')
GROUP BY outcome`;
/** The same days by the view that analysts read, for each project; nothing is written. */
const INTERVALS_SQL = `
SELECT count() AS cells FROM rate_intervals(project = {project:String}, from = today() - {days:UInt16} + 1, to = today() + 1)`;

export interface Measured {
  readonly used: readonly Used[];
  readonly floor: readonly Used[];
  readonly memoryBytes: number;
  readonly floorMemoryBytes: number;
  /** Of each repetition; a window has none. */
  readonly generations: readonly number[];
}

/** Each day, and beside it one pass over its outcomes. `floorDays`: of so many days, the newest; they are the same for all. */
export async function measureDays(
  clickhouse: TestClickHouse,
  days: readonly string[],
  floorDays: number,
): Promise<Measured> {
  const generations: number[] = [];
  const [used, floor]: [Used[], Used[]] = [[], []];
  const pids = [clickhouse.pid()];
  const from = await serverClock(clickhouse.migrator);
  for (const day of days)
    used.push(
      await using(
        pids,
        async () => void generations.push((await recomputeDay(clickhouse.reporter, day, never)).generations),
      ),
    );
  const between = await serverClock(clickhouse.migrator);
  for (const day of days.slice(-floorDays))
    floor.push(
      await using(pids, async () => void (await clickhouse.reporter.query(OUTCOMES_SQL, { day }, ROLLUP_SETTINGS))),
    );
  return { used, floor, generations, ...(await memoryOf(clickhouse, from, between)) };
}

export async function measureWindow(
  clickhouse: TestClickHouse,
  windowDays: (typeof WINDOWS)[number],
  projects: readonly string[],
  repetitions: number,
): Promise<Measured> {
  const [used, floor]: [Used[], Used[]] = [[], []];
  const pids = [clickhouse.pid()];
  const from = await serverClock(clickhouse.migrator);
  for (let n = 0; n < repetitions; n += 1)
    used.push(
      await using(pids, async () => {
        const { failed } = await recomputeWindow(clickhouse.reporter, windowDays, never);
        if (failed.length > 0)
          throw new Error(`the window of ${failed.map(({ project }) => project).join(', ')} failed`);
      }),
    );
  const between = await serverClock(clickhouse.migrator);
  for (let n = 0; n < repetitions; n += 1)
    floor.push(
      await using(pids, async () => {
        for (const project of projects)
          await clickhouse.reporter.query(INTERVALS_SQL, { project, days: windowDays }, ROLLUP_SETTINGS);
      }),
    );
  return { used, floor, generations: [], ...(await memoryOf(clickhouse, from, between)) };
}

async function memoryOf(
  { migrator }: TestClickHouse,
  from: string,
  between: string,
): Promise<{ memoryBytes: number; floorMemoryBytes: number }> {
  const costs = await queryCosts(migrator, from, await serverClock(migrator));
  const memory = (isFloor: boolean) =>
    most(
      costs.filter(({ at }) => BigInt(at) >= BigInt(between) === isFloor),
      ({ memoryBytes }) => memoryBytes,
    );
  return { memoryBytes: memory(false), floorMemoryBytes: memory(true) };
}
