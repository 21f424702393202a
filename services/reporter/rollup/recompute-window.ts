// Computes the figures of one window of days again, project by project, and swaps them in: a reader sees the old window or the new
// one. In: a length. Out: a new partition of `rate_windows`, then a row in its ledger. A crash at any point leaves the window due.
// Must never change a row in place.
import { ClickHouseError, type ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { WindowDays } from './due-windows.js';
import { insertLevels, projectsOf, type LevelKeys } from './levels.js';
import { ROLLUP_SETTINGS } from './query-settings.js';
import {
  UNKNOWN_TABLE,
  WINDOW_PARTS,
  closeStaging,
  fenceOlderRuns,
  openStaging,
  orBeaten,
  readClock,
  swapIn,
} from './staging.js';

const DAY_MS = 86_400_000;

export interface WindowRun {
  readonly durationMs: number;
  /** Projects whose statement failed: their figures stayed as they were, and the window stays due. */
  readonly failed: readonly { readonly project: string; readonly error: unknown }[];
}

/**
 * Throws BeatenError when a newer run of that window took over, and the signal's reason when it aborts between two projects.
 * A project that fails holds up no other.
 */
export async function recomputeWindow(
  clickhouse: ClickHouse,
  windowDays: WindowDays,
  signal: AbortSignal,
): Promise<WindowRun> {
  const startedAt = performance.now();
  const asOf = await readClock(clickhouse);
  const span = { from: dayName(asOf - (windowDays - 1) * DAY_MS), to: dayName(asOf + DAY_MS) };
  const subject = String(windowDays).padStart(3, '0');
  const staging = await openStaging(
    clickhouse,
    WINDOW_PARTS,
    subject,
    asOf,
    async () => await newestRun(clickhouse, windowDays),
  );
  const table = staging.tables.rate_windows;
  const keys = { window_days: windowDays, from_day: span.from, to_day: span.to };
  const failed: { project: string; error: unknown }[] = [];
  try {
    for (const project of await projectsOf(clickhouse, span)) {
      signal.throwIfAborted();
      try {
        await insertLevels(clickhouse, table, keys, span, project);
      } catch (error) {
        if (!(error instanceof ClickHouseError) || [undefined, UNKNOWN_TABLE].includes(error.serverCode)) throw error;
        await keepOldFigures(clickhouse, table, keys, project);
        failed.push({ project, error });
      }
    }
    await fenceOlderRuns(clickhouse, staging);
    await swapIn(clickhouse, 'rate_windows', String(windowDays), table);
    const durationMs = Math.round(performance.now() - startedAt);
    if (failed.length === 0)
      await clickhouse.command(
        `INSERT INTO rollup_windows (window_days, to_day, as_of, duration_ms)
         SELECT {windowDays:UInt16}, {to:Date}, fromUnixTimestamp64Milli({asOf:Int64}, 'UTC'), {durationMs:UInt32}`,
        { windowDays, to: span.to, asOf, durationMs },
      );
    return { durationMs, failed };
  } catch (error) {
    throw await orBeaten(clickhouse, staging, error);
  } finally {
    await closeStaging(clickhouse, staging);
  }
}

/** Removes what a statement that failed may have left, and puts the project's figures of the window before in their place. */
async function keepOldFigures(
  clickhouse: ClickHouse,
  table: string,
  { window_days }: Extract<LevelKeys, { window_days: number }>,
  project: string,
): Promise<void> {
  await clickhouse.command(
    `ALTER TABLE ${table} DELETE WHERE project_id = {project:String}`,
    { project },
    { ...ROLLUP_SETTINGS, mutations_sync: 1 },
  );
  await clickhouse.command(
    `INSERT INTO ${table} SELECT * FROM rate_windows WHERE project_id = {project:String} AND window_days = {window_days:UInt16}`,
    { project, window_days },
    ROLLUP_SETTINGS,
  );
}

/** as_of of the newest finished run that does not lie in the future, 0 when there is none. */
async function newestRun(clickhouse: ClickHouse, windowDays: WindowDays): Promise<number> {
  const [row] = await clickhouse.query<{ newest: string }>(
    `SELECT toUnixTimestamp64Milli(max(as_of)) AS newest FROM rollup_windows
     WHERE window_days = {windowDays:UInt16} AND as_of <= now64(3)`,
    { windowDays },
    ROLLUP_SETTINGS,
  );
  return Number(row?.newest ?? 0);
}

function dayName(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
