// The one border between the camelCase of the wire and the snake_case of the table `events`. In: an event with what is known
// about its batch and generation. Out: NDJSON. Columns at their default (empty, 0) are left out: the table fills them in.
// What a batch and a generation say is encoded once, not once per event.
import type { BeaconEvent } from './events.js';
import type { Meaning } from './decides.js';
import type { TokenPayload, GenerationEntry } from './generation.js';
import type { EventRow, UserKind } from './rows.js';

type BatchColumns = Pick<EventRow, 'project_id' | 'received_at' | 'surface' | 'sdk'>;
type GenerationColumns = Pick<
  EventRow,
  | 'generation_id'
  | 'generated_at'
  | 'prompt_id'
  | 'prompt_version'
  | 'model'
  | 'model_version'
  | 'experiment'
  | 'arm'
  | 'assignment'
  | 'task_id'
  | 'user_kind'
  | 'user_key'
  | 'trusted'
>;
type EventColumns = Omit<EventRow, keyof BatchColumns | keyof GenerationColumns>;
/** Columns of one kind of event besides those that all have. */
type KindColumns = Partial<Omit<EventColumns, 'event_id' | 'event_type' | 'occurred_at' | 'attributes'>>;

type Needed =
  'project_id' | 'received_at' | 'generation_id' | 'generated_at' | 'event_id' | 'event_type' | 'occurred_at';
/** A line of NDJSON as it is sent: what is missing has its default. */
export type EventLine = Pick<EventRow, Needed> & Partial<Omit<EventRow, Needed>>;

/** A piece of a row: members of a JSON object without the braces. */
export type RowPart = string;

function part(columns: object): RowPart {
  return JSON.stringify(columns).slice(1, -1);
}

/** A text as it may be stored: no lone surrogate (one would make ClickHouse refuse the whole insert), undefined when empty. */
function text(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : value.toWellFormed();
}

function count(value: number | undefined): number | undefined {
  return value === undefined || value === 0 ? undefined : Math.round(value);
}

export interface BatchFacts {
  readonly projectId: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
  readonly surface: string | undefined;
  readonly sdk: string | undefined;
}

export function batchPart(batch: BatchFacts): RowPart {
  return part({
    project_id: batch.projectId,
    received_at: batch.receivedAt,
    surface: text(batch.surface),
    sdk: text(batch.sdk),
  } satisfies { [K in keyof BatchColumns]: BatchColumns[K] | undefined });
}

/** Somebody, as a keyed hash; `key` is a decimal UInt64. */
export interface Person {
  readonly kind: UserKind;
  readonly key: string;
}

export interface GenerationFacts {
  readonly id: string;
  /** ms since the epoch. */
  readonly generatedAt: number;
  /** What the page says. */
  readonly entry: GenerationEntry | undefined;
  /** What a verified token says: it alone names the dimensions when there is one. */
  readonly token: TokenPayload | undefined;
  readonly person: Person;
}

export function generationPart(generation: GenerationFacts): RowPart {
  const said = generation.token ?? generation.entry;
  const named = generation.person.kind !== 'none';
  return part({
    generation_id: generation.id,
    generated_at: Math.round(generation.generatedAt),
    prompt_id: text(said?.promptId),
    prompt_version: text(said?.promptVersion),
    model: text(said?.model),
    model_version: text(said?.modelVersion),
    experiment: text(said?.experiment?.id),
    arm: text(said?.experiment?.arm),
    assignment: text(said?.experiment?.assignment),
    task_id: text(generation.entry?.taskId),
    user_kind: named ? generation.person.kind : undefined,
    user_key: named ? generation.person.key : undefined,
    trusted: generation.token === undefined ? undefined : 1,
  } satisfies { [K in keyof GenerationColumns]: GenerationColumns[K] | undefined });
}

/** Members of `attributes`; empty when there are none. Own keys are copied as such, so that `__proto__` is a name like any other. */
export function attributesPart(attributes: Readonly<Record<string, string>>): RowPart {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return '';
  const clean = Object.fromEntries(entries.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]));
  return `"attributes":${JSON.stringify(clean)}`;
}

export interface EventFacts {
  readonly event: BeaconEvent;
  readonly meaning: Meaning;
  /** ms since the epoch. */
  readonly occurredAt: number;
  readonly clockSuspect: boolean;
  /** Characters of the whole generation where the event does not say. */
  readonly length: number | undefined;
}

export function eventPart({ event, meaning, occurredAt, clockSuspect, length }: EventFacts): RowPart {
  const kind = kindColumns(event);
  kind.total_chars ??= length;
  if (meaning.shows) kind.shows = 1;
  if (meaning.decides !== 'nothing') {
    kind.decides = meaning.decides;
    kind.decision_value = meaning.value;
  }
  if (clockSuspect) kind.clock_suspect = 1;
  return part({
    event_id: event.id.toLowerCase(),
    event_type: event.type,
    occurred_at: Math.round(occurredAt),
    ...kind,
  });
}

function kindColumns(event: BeaconEvent): { [K in keyof KindColumns]?: KindColumns[K] | undefined } {
  switch (event.type) {
    case 'generated':
      return { total_chars: event.length };
    case 'shown':
      return { visible_ms: count(event.visibleMs), reason: event.forced === true ? 'forced' : undefined };
    case 'copy':
      return { chars: event.chars, total_chars: event.of, reason: event.method, label: event.part };
    case 'accept':
      return { chars: event.chars, total_chars: event.of, reason: event.method };
    case 'edit':
      return {
        chars: event.to,
        total_chars: event.from,
        value: event.distance,
        label: event.approx,
        reason: event.by,
      };
    case 'reject':
      return { reason: event.reason };
    case 'ignore':
      return { reason: event.reason, visible_ms: count(event.visibleMs) };
    case 'retention':
      return { after_ms: count(event.afterMs), value: event.similarity, chars: event.retainedChars };
    case 'rate':
      return { value: event.value, label: text(event.label) };
    case 'score':
      return {
        name: text(event.name),
        version: text(event.version),
        subject: text(event.subject),
        value: event.value,
        label: text(event.label),
        rank: count(event.rank),
        action: event.action,
        source: event.source,
      };
  }
}

/** One line of NDJSON from its parts; empty parts are left out. */
export function joinRow(batch: RowPart, generation: RowPart, attributes: RowPart, event: RowPart): string {
  return attributes === ''
    ? `{${batch},${generation},${event}}\n`
    : `{${batch},${generation},${attributes},${event}}\n`;
}
