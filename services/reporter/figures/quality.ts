// Reads what tells whether events arrive and can be trusted: drops, dead letters, the newest events. In: a project.
// Out: counts and a few rows. These are the only readings beside the rolled-up tables, and each is bounded: a day of drops,
// two hours of events.
import type { ClickHouse } from '../../../shared/runtime/clickhouse.js';
import { READ_SETTINGS } from '../rollup/query-settings.js';
import { readFigure, type Asked, type Columns, type FigureDefinition, type RowOf } from './figure.js';

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

const DROPS = { reason: 'text', events: 'count' } as const satisfies Columns;

/** Events refused in the last 24 h, by reason, most first. */
export const projectDrops: FigureDefinition<typeof DROPS> = {
  id: 'drops',
  title: 'Events refused, by reason',
  columns: DROPS,
  statement: ({ project }) => ({
    sql: `SELECT reason, sum(n) AS events FROM drops FINAL
WHERE project_id = {project:String} AND minute >= now() - INTERVAL ${DROPS_HOURS} HOUR
GROUP BY reason ORDER BY events DESC, reason`,
    params: { project },
  }),
};

export async function readDrops(clickhouse: ClickHouse, project: string): Promise<readonly DropCount[]> {
  return (await readFigure(clickhouse, projectDrops, now(project))).rows;
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

const EVENTS = {
  received_at: 'time',
  event_type: 'text',
  prompt_id: 'text',
  prompt_version: 'text',
  model: 'text',
  model_version: 'text',
  trusted: 'count',
} as const satisfies Columns;

/** The newest events of generations made in the last two hours (the key of the table makes that a small read). */
export const lastEvents: FigureDefinition<typeof EVENTS> = {
  id: 'last-events',
  title: 'Last events received',
  columns: EVENTS,
  statement: ({ project }) => ({
    sql: `SELECT ${Object.keys(EVENTS).join(', ')}
FROM events
WHERE project_id = {project:String} AND generated_at >= now64(3) - INTERVAL ${RECENT_HOURS} HOUR
ORDER BY received_at DESC, event_id LIMIT 1 BY event_id LIMIT ${RECENT_EVENTS}`,
    params: { project },
  }),
};

export async function readRecentEvents(clickhouse: ClickHouse, project: string): Promise<RecentEvent[]> {
  return (await readFigure(clickhouse, lastEvents, now(project))).rows.map(recentEvent);
}

export function recentEvent(row: RowOf<typeof EVENTS>): RecentEvent {
  return {
    receivedAt: row.received_at === null ? 0 : Date.parse(`${row.received_at.replace(' ', 'T')}Z`),
    type: row.event_type,
    promptId: row.prompt_id,
    promptVersion: row.prompt_version,
    model: row.model,
    modelVersion: row.model_version,
    trusted: row.trusted === 1,
  };
}

/** These figures are about now: no period has a say. */
function now(project: string): Asked {
  return { project, from: '', to: '' };
}
