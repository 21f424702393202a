// Who asked to be forgotten, and which of their events are still there. In: `erasures` and `events`. Out: wishes.
// Events received before the wish are erased whenever they arrive: also those that waited in a log when it came.
import type { ClickHouse, QueryParams } from '../../../shared/runtime/clickhouse.js';
import { ROLLUP_SETTINGS } from '../rollup/query-settings.js';

export interface Wish {
  readonly project: string;
  readonly person: string;
  /** ms. */
  readonly requestedAt: number;
  /** No pass has finished since it was asked. */
  readonly pending: boolean;
  /** Rows of `events` to delete. */
  readonly events: number;
}

/** Rows become visible some seconds after their `ingested_at`: so far back a pass looks again, seconds. */
const LOOK_BACK_S = 600;

/**
 * Persons to erase, with the instant from which rows of theirs can be new to a pass. `version` is the second of the newest wish
 * that a finished pass has covered: a wish can arrive long after it was made, so that `done_at` does not tell.
 */
export const ERASED = `
    SELECT project_id, user_key, requested_at,
        done_at IS NULL OR toUnixTimestamp(requested_at) > version AS pending,
        if(pending, toDateTime64(0, 3, 'UTC'), ifNull(done_at, toDateTime64(0, 3, 'UTC')) - INTERVAL ${LOOK_BACK_S} SECOND) AS looked_until
    FROM erasures FINAL`;

/** Joins an event `e` to a wish `w`. */
export const MATCHES = `e.project_id = w.project_id AND e.user_key = w.user_key
    WHERE e.user_kind != 'none' AND e.received_at < w.requested_at AND e.ingested_at >= w.looked_until`;

/** Whether anybody ever asked, and whether a wish has had no pass yet. */
export async function anyWishes(clickhouse: ClickHouse): Promise<{ any: boolean; pending: boolean }> {
  const [row] = await clickhouse.query<{ n: string; pending: string }>(
    `SELECT count() AS n, countIf(pending) AS pending FROM (${ERASED})`,
    {},
    ROLLUP_SETTINGS,
  );
  return { any: Number(row?.n ?? 0) > 0, pending: Number(row?.pending ?? 0) > 0 };
}

interface WishRow {
  readonly project_id: string;
  readonly user_key: string;
  readonly requested: string;
  readonly pending: number;
  readonly n: string;
}

/** Wishes that need a pass: pending ones, and older ones of which another event has arrived. */
export async function openWishes(clickhouse: ClickHouse): Promise<Wish[]> {
  const rows = await clickhouse.query<WishRow>(
    `SELECT w.project_id AS project_id, w.user_key AS user_key, toUnixTimestamp64Milli(w.requested_at) AS requested,
        w.pending AS pending, ifNull(f.n, 0) AS n
     FROM (${ERASED}) AS w
     LEFT JOIN (
        SELECT e.project_id AS project_id, e.user_key AS user_key, count() AS n
        FROM events AS e INNER JOIN (${ERASED}) AS w ON ${MATCHES}
        GROUP BY project_id, user_key
     ) AS f ON f.project_id = w.project_id AND f.user_key = w.user_key
     WHERE w.pending OR f.n > 0
     SETTINGS join_use_nulls = 0`,
    {},
    ROLLUP_SETTINGS,
  );
  return rows.map((row) => ({
    project: row.project_id,
    person: row.user_key,
    requestedAt: Number(row.requested),
    pending: row.pending === 1,
    events: Number(row.n),
  }));
}

/** A condition that holds for rows of these persons, with its parameters. `when` is added to each with its `{t<i>:Int64}`. */
export function ofPersons(
  wishes: readonly Wish[],
  condition: (parameters: { project: string; person: string; requestedAt: string }) => string,
): { condition: string; params: QueryParams } {
  const params: Record<string, string | number> = {};
  const parts = wishes.map((wish, i) => {
    params[`p${i}`] = wish.project;
    params[`u${i}`] = wish.person;
    params[`t${i}`] = wish.requestedAt;
    return `(${condition({ project: `{p${i}:String}`, person: `{u${i}:UInt64}`, requestedAt: `fromUnixTimestamp64Milli({t${i}:Int64}, 'UTC')` })})`;
  });
  return { condition: parts.join(' OR '), params };
}
