// Which slots of a report are to be made now. In: its definition, how far each project has come, the time. Out: rows. Pure.
// A report that is new begins with its next slot. One that missed slots makes them, oldest first, unless that is too long ago.
import type { ReportDefinition } from './definition.js';
import { FIRST_SEEN_EDITION, REPORT_ITSELF, type RunRow } from './ledger-rows.js';
import type { Cursor } from './schedule-ledger.js';
import { newestSlot, slotsBetween } from './slots.js';

const HOUR_MS = 3_600_000;
/** A slot that is dealt with so long after its time is still on time, ms: a pass comes once a minute, and services are restarted. */
export const ON_TIME_MS = 15 * 60_000;

export interface DueInput {
  readonly definition: ReportDefinition;
  /** Projects that it is about. */
  readonly projects: readonly string[];
  /** By project. */
  readonly cursors: ReadonlyMap<string, Cursor>;
  /** ms by ClickHouse's clock. */
  readonly now: number;
  readonly owner: string;
}

/** Rows to write: what is due is `claimed`, what is too old `skipped`. */
export function dueSlotRows({ definition, projects, cursors, now, owner }: DueInput): RunRow[] {
  const oldest = now - Math.max(definition.catchUpHours * HOUR_MS, ON_TIME_MS);
  const known = projects.map((project) => cursors.get(project)?.newest ?? 0).filter((newest) => newest > 0);
  const since = Math.max(Math.min(...known, now), oldest - 1);
  const slots = known.length === 0 ? [] : slotsBetween(definition, since, now);
  const missed = known.some((newest) => newest < oldest) ? newestSlot(definition, oldest - 1) : undefined;
  return projects.flatMap((project) => {
    const row = (slot: number) => ({
      ...{ project_id: project, report_id: definition.id, slot: Math.floor(slot / 1000), edition: 1 },
      ...{ target: REPORT_ITSELF, attempt: 0, owner },
    });
    const cursor = cursors.get(project);
    if (cursor === undefined || cursor.newest === 0)
      return [{ ...row(now), edition: FIRST_SEEN_EDITION, status: 'skipped' as const, detail: 'first seen' }];
    const wanted = (slot: number) => slot > cursor.newest && !cursor.known.includes(slot);
    const rows: RunRow[] = [];
    if (missed !== undefined && wanted(missed))
      rows.push({ ...row(missed), status: 'skipped', detail: skippedWords(definition, cursor.newest) });
    for (const slot of slots.filter(wanted)) rows.push({ ...row(slot), status: 'claimed', retry_at: now, detail: '' });
    return rows;
  });
}

function skippedWords({ catchUpHours }: ReportDefinition, since: number): string {
  const day = new Date(since).toISOString().slice(0, 10);
  return `missed for longer than ${catchUpHours} hours; so were those since ${day} before it`;
}
