// What no collector can do without: the schemas of the contract, and rows as objects. In: parsed JSON. Out: the rows that the
// collector writes for it, column by column; a test holds them against it. Knows no keys, tokens, persons, drops or clocks.
import { batchSchema } from '../../shared/contract/batch.js';
import { meaningOf } from '../../shared/contract/decides.js';
import type { EventLine } from '../../shared/contract/event-row.js';
import { schemaFor, type BeaconEvent } from '../../shared/contract/events.js';
import { generationEntrySchema, type GenerationEntry } from '../../shared/contract/generation.js';

const VISIBLE_MS_MIN = 750;

type OwnColumns = Partial<EventLine>;

/** Throws when anything does not fit: the load has nothing to refuse. */
export function floorRows(body: unknown, receivedAt: number): EventLine[] {
  const batch = batchSchema.parse(body);
  const entries = new Map<string, GenerationEntry>();
  return batch.events.map((raw) => {
    const { type } = raw as { type: unknown };
    const event = schemaFor(type)?.parse(raw);
    if (event === undefined) throw new Error('there is no such type');
    let entry = entries.get(event.g);
    if (entry === undefined) {
      entry = generationEntrySchema.parse(batch.generations?.[event.g]);
      entries.set(event.g, entry);
    }
    const meaning = meaningOf(event, VISIBLE_MS_MIN);
    return {
      project_id: 'bench',
      received_at: receivedAt,
      surface: batch.surface ?? '',
      sdk: batch.sdk ?? '',
      generation_id: event.g,
      generated_at: entry.generatedAt ?? 0,
      prompt_id: entry.promptId ?? '',
      prompt_version: entry.promptVersion ?? '',
      model: entry.model ?? '',
      model_version: entry.modelVersion ?? '',
      user_kind: 'user',
      user_key: '12345678901234567890',
      attributes: batch.attributes as Record<string, string>,
      event_id: event.id,
      event_type: event.type,
      occurred_at: event.t,
      ...ownColumns(event, entry.length ?? 0),
      ...(meaning.shows ? { shows: 1 as const } : {}),
      ...(meaning.decides === 'nothing' ? {} : { decides: meaning.decides }),
      ...(meaning.value === 0 ? {} : { decision_value: meaning.value }),
    };
  });
}

/** Columns of the types that the load sends. */
function ownColumns(event: BeaconEvent, length: number): OwnColumns {
  switch (event.type) {
    case 'generated':
      return { total_chars: event.length ?? length };
    case 'shown':
      return { visible_ms: Math.round(event.visibleMs), total_chars: length };
    case 'copy':
      return {
        chars: event.chars,
        reason: event.method,
        ...(event.part === undefined ? {} : { label: event.part }),
        total_chars: event.of,
      };
    case 'accept':
      return { chars: event.chars ?? 0, reason: event.method, total_chars: event.of ?? length };
    case 'edit':
      return { chars: event.to, value: event.distance, reason: event.by, total_chars: event.from };
    case 'reject':
      return { reason: event.reason, total_chars: length };
    case 'ignore':
      return { reason: event.reason, visible_ms: Math.round(event.visibleMs), total_chars: length };
    case 'retention':
    case 'rate':
    case 'score':
      throw new Error(`the load sends no ${event.type}`);
  }
}
