// Reads what tells whether events arrive and can be trusted: drops, dead letters, the newest events. In: a project.
// Out: counts and a few rows. These are the only readings beside the rolled-up tables, and each is bounded: a day of drops,
// two hours of events.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';

export const RECENT_EVENTS = 12;
export const RECENT_HOURS = 2;
export const DROPS_HOURS = 24;

export interface DropCount {
  readonly reason: string;
  readonly events: number;
}

export interface RecentEvent {
  /** ms. */
  readonly receivedAt: number;
  readonly type: string;
  readonly promptId: string;
  readonly promptVersion: string;
  readonly model: string;
  readonly modelVersion: string;
  readonly trusted: boolean;
}

/** Events refused in the last 24 h, by reason, most first. */
export async function readDrops(clickhouse: ClickHouse, project: string): Promise<DropCount[]> {
  const rows = await clickhouse.query<{ reason: string; events: string }>(
    `SELECT reason, sum(n) AS events FROM drops FINAL
     WHERE project_id = {project:String} AND minute >= now() - INTERVAL ${DROPS_HOURS} HOUR
     GROUP BY reason ORDER BY events DESC, reason`,
    { project },
    READ_SETTINGS,
  );
  return rows.map(({ reason, events }) => ({ reason, events: Number(events) }));
}

/** Events of the last 24 h that could not be stored and wait to be replayed. */
export async function readDeadLetters(clickhouse: ClickHouse, project: string): Promise<number> {
  const [row] = await clickhouse.query<{ n: string }>(
    `SELECT count() AS n FROM dead_letters FINAL
     WHERE target = 'events' AND project_id = {project:String} AND redriven_at IS NULL AND last_seen >= now() - INTERVAL ${DROPS_HOURS} HOUR`,
    { project },
    READ_SETTINGS,
  );
  return Number(row?.n ?? 0);
}

/** When the project's newest event was stored, ms; 0 when there never was one. */
export async function readLastStored(clickhouse: ClickHouse, project: string): Promise<number> {
  const [row] = await clickhouse.query<{ at: string }>(
    `SELECT toUnixTimestamp64Milli(max(last_ingested_at)) AS at FROM dirty_days WHERE project_id = {project:String}`,
    { project },
    READ_SETTINGS,
  );
  return Number(row?.at ?? 0);
}

interface EventsRow {
  readonly received: string;
  readonly event_type: string;
  readonly prompt_id: string;
  readonly prompt_version: string;
  readonly model: string;
  readonly model_version: string;
  readonly trusted: number;
}

/** The newest events of generations made in the last two hours (the key of the table makes that a small read). */
export async function readRecentEvents(clickhouse: ClickHouse, project: string): Promise<RecentEvent[]> {
  const rows = await clickhouse.query<EventsRow>(
    `SELECT toUnixTimestamp64Milli(received_at) AS received, toString(event_type) AS event_type, prompt_id, prompt_version, model, model_version, trusted
     FROM events
     WHERE project_id = {project:String} AND generated_at >= now64(3) - INTERVAL ${RECENT_HOURS} HOUR
     ORDER BY received_at DESC, event_id LIMIT 1 BY event_id LIMIT ${RECENT_EVENTS}`,
    { project },
    READ_SETTINGS,
  );
  return rows.map((row) => ({
    receivedAt: Number(row.received),
    type: row.event_type,
    promptId: row.prompt_id,
    promptVersion: row.prompt_version,
    model: row.model,
    modelVersion: row.model_version,
    trusted: row.trusted === 1,
  }));
}
