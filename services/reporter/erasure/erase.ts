// Forgets persons who asked for it. In: rows of `erasures`. Out: their events are gone, states and figures are what the remaining
// events say, `done_at` is set. Idempotent: a pass that dies at any point is finished by the next one.
//
// A state cannot give back an event it has taken in. So the states of the generations concerned are deleted whole, and what is left
// of their events is sent again: the views make the states anew and mark the days, as for any event that is sent twice.
// `events` holds the copy of each event that was received first; what a retry said otherwise is not in the new state.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import type { Logger } from '../../../shared/runtime/log.js';
import { takeLease, type TableLease } from '../../../infra/clickhouse/table-lease.js';
import type { ReporterMetrics } from '../metrics.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';
import { WINDOWS_DAYS } from '../rollup/due-windows.js';
import { recomputeDay } from '../rollup/recompute-day.js';
import { recomputeWindow } from '../rollup/recompute-window.js';
import { BeatenError, readClock } from '../rollup/staging.js';
import { dropJournals, openJournal, unfinishedJournals, type Journal } from './journal.js';
import { anyWishes, ofPersons, openWishes, type Wish } from './wishes.js';

/** How long the lease of a pass holds between two statements, ms. */
const LEASE_MS = 10 * 60_000;
/** How often events that arrived after a pass are looked for, ms. */
const LATE_LOOK_MS = 60 * 60_000;
/** Persons in one deletion. */
const PERSONS_PER_DELETION = 50;
/** A deletion rewrites parts and is waited for. */
const DELETION_SETTINGS = { ...ROLLUP_SETTINGS, mutations_sync: 1, max_execution_time: 3600 } as const;

export interface EraseDependencies {
  readonly clickhouse: ClickHouse;
  readonly metrics: ReporterMetrics;
  readonly log: Logger;
}

export interface Eraser {
  /** One pass; does nothing when nobody waits, or when another reporter is at it. */
  run(signal: AbortSignal): Promise<void>;
}

export function createEraser(dependencies: EraseDependencies): Eraser {
  const { clickhouse } = dependencies;
  let lookedLateAt = Number.NEGATIVE_INFINITY;
  return {
    run: async (signal) => {
      const { any, pending } = await anyWishes(clickhouse);
      const unfinished = await unfinishedJournals(clickhouse);
      const lookLate = any && performance.now() - lookedLateAt >= LATE_LOOK_MS;
      if (!pending && !lookLate && unfinished.length === 0) return;
      const lease = await takeLease(clickhouse, `${clickhouse.connection.database}_work`, 'erase', LEASE_MS);
      if (lease === undefined) return;
      try {
        await erasePass(dependencies, lease, signal);
        lookedLateAt = performance.now();
      } finally {
        await lease.release();
      }
    },
  };
}

async function erasePass(dependencies: EraseDependencies, lease: TableLease, signal: AbortSignal): Promise<void> {
  const { clickhouse, metrics, log } = dependencies;
  const startedAt = await readClock(clickhouse);
  const unfinished = await unfinishedJournals(clickhouse);
  const wishes = await openWishes(clickhouse);
  if (wishes.length === 0 && unfinished.length === 0) return;
  const journal = await openJournal(clickhouse, unfinished);
  const check = async () => {
    signal.throwIfAborted();
    if (!(await lease.renew())) throw new Error('another reporter took the erasures over');
  };
  await check();
  await deleteEvents(clickhouse, wishes);
  if (journal.generations > 0) {
    await check();
    await rebuildStates(clickhouse, journal);
  }
  await deleteOldPersonDays(clickhouse, wishes);
  for (const { day, recomputable } of journal.days) {
    await check();
    if (recomputable) await unlessBeaten(recomputeDay(clickhouse, day, signal));
  }
  for (const windowDays of journal.days.length > 0 ? WINDOWS_DAYS : []) {
    await check();
    const run = await unlessBeaten(recomputeWindow(clickhouse, windowDays, signal));
    if (run?.failed[0] !== undefined) throw run.failed[0].error;
  }
  await recordDone(clickhouse, wishes, startedAt);
  await dropJournals(clickhouse, [...unfinished, journal.table]);
  const events = wishes.reduce((sum, wish) => sum + wish.events, 0);
  metrics.erasures.inc(wishes.length);
  metrics.erasedEvents.inc(events);
  log.info({ persons: wishes.length, events, days: journal.days.length }, 'persons were erased');
}

/** Their rows in `events`, and what of them waits among the dead letters. */
async function deleteEvents(clickhouse: ClickHouse, wishes: readonly Wish[]): Promise<void> {
  for (const some of batches(wishes.filter(({ events }) => events > 0))) {
    const { condition, params } = ofPersons(
      some,
      ({ project, person, requestedAt }) =>
        `project_id = ${project} AND user_key = ${person} AND user_kind != 'none' AND received_at < ${requestedAt}`,
    );
    await clickhouse.command(`ALTER TABLE events DELETE WHERE ${condition}`, params, DELETION_SETTINGS);
  }
  for (const some of batches(wishes.filter(({ pending }) => pending))) {
    const { condition, params } = ofPersons(
      some,
      ({ project, person, requestedAt }) =>
        `target = 'events' AND project_id = ${project} AND first_seen < ${requestedAt} AND position(row, concat('"user_key":"', toString(${person}), '"')) > 0`,
    );
    const [row] = await clickhouse.query<{ n: string }>(
      `SELECT count() AS n FROM dead_letters WHERE ${condition}`,
      params,
      ROLLUP_SETTINGS,
    );
    if (Number(row?.n ?? 0) > 0)
      await clickhouse.command(`ALTER TABLE dead_letters DELETE WHERE ${condition}`, params, DELETION_SETTINGS);
  }
}

/** Deletes the states of the journal's generations and sends the rest of their events again; marks their days as changed. */
async function rebuildStates(clickhouse: ClickHouse, { table }: Journal): Promise<void> {
  const keys = `(SELECT project_id, hour, generation_id FROM ${table})`;
  await clickhouse.command(
    `ALTER TABLE generations DELETE WHERE (project_id, hour, generation_id) IN ${keys}`,
    {},
    DELETION_SETTINGS,
  );
  await clickhouse.command(
    `INSERT INTO events SELECT * REPLACE (now64(3, 'UTC') AS ingested_at) FROM events
     WHERE (project_id, toStartOfHour(generated_at), generation_id) IN ${keys}`,
    {},
    { ...ROLLUP_SETTINGS, deduplicate_insert: 'disable' },
  );
  await clickhouse.command(
    `INSERT INTO dirty_days (project_id, day, last_ingested_at, last_shown_at)
     SELECT project_id, toDate(hour) AS day, now64(3, 'UTC'), toDateTime64(0, 3, 'UTC') FROM ${table} GROUP BY project_id, day`,
    {},
    ROLLUP_SETTINGS,
  );
}

/** Days that are too old to be computed again keep their counts, and lose the persons behind them. */
async function deleteOldPersonDays(clickhouse: ClickHouse, wishes: readonly Wish[]): Promise<void> {
  for (const some of batches(wishes)) {
    const { condition, params } = ofPersons(
      some,
      ({ project, person }) => `project_id = ${project} AND user_key = ${person} AND user_kind != 'none'`,
    );
    const old = `day < toDate(now(), 'UTC') - INTERVAL 12 MONTH AND (${condition})`;
    const [row] = await clickhouse.query<{ n: string }>(
      `SELECT count() AS n FROM user_days WHERE ${old}`,
      params,
      ROLLUP_SETTINGS,
    );
    if (Number(row?.n ?? 0) > 0)
      await clickhouse.command(`ALTER TABLE user_days DELETE WHERE ${old}`, params, DELETION_SETTINGS);
  }
}

/** A run that is newer than ours read what stands after the states were rebuilt. */
async function unlessBeaten<T>(run: Promise<T>): Promise<T | undefined> {
  return await run.catch((error: unknown) => {
    if (error instanceof BeatenError) return undefined;
    throw error;
  });
}

async function recordDone(clickhouse: ClickHouse, wishes: readonly Wish[], doneAt: number): Promise<void> {
  if (wishes.length === 0) return;
  const rows = wishes.map(({ project, person, requestedAt }) => ({
    project_id: project,
    user_key: person,
    requested_at: requestedAt,
    done_at: doneAt,
    version: Math.floor(requestedAt / 1000),
  }));
  await clickhouse.insertBlock('erasures', [Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''))]);
}

function batches(wishes: readonly Wish[]): Wish[][] {
  const found: Wish[][] = [];
  for (let at = 0; at < wishes.length; at += PERSONS_PER_DELETION)
    found.push(wishes.slice(at, at + PERSONS_PER_DELETION));
  return found;
}
