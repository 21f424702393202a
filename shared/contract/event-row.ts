// The one border between the camelCase of the wire and the snake_case of the table `events`. In: an event with what is known
// about its batch and generation. Out: NDJSON. Columns at their default (empty, 0) are left out: the table fills them in.
// What a batch and a generation say is encoded once, not once per event; the text is put together by hand, since
// `JSON.stringify` of an object per event was the largest part of the collector's own work.
import type { BeaconEvent } from './events.js';
import type { Meaning } from './decides.js';
import type { TokenPayload, GenerationEntry } from './generation.js';
import type { EventRow, UserKind } from './rows.js';

type Needed =
  'project_id' | 'received_at' | 'generation_id' | 'generated_at' | 'event_id' | 'event_type' | 'occurred_at';
/** A line of NDJSON as it is sent: what is missing has its default. */
export type EventLine = Pick<EventRow, Needed> & Partial<Omit<EventRow, Needed>>;

/** A piece of a row: members of a JSON object, a comma before each; the batch's piece also opens the object. */
export type RowPart = string;

type Column = keyof EventRow;

function number(column: Column, value: number | undefined): RowPart {
  return value === undefined || value === 0 ? '' : `,"${column}":${value}`;
}

/** A word of a closed list, or an id without characters that JSON escapes. */
function word(column: Column, value: string | undefined): RowPart {
  return value === undefined || value === '' ? '' : `,"${column}":"${value}"`;
}

/** A client's text, as it may be stored: a lone surrogate would make ClickHouse refuse the whole insert. */
function text(column: Column, value: string | undefined): RowPart {
  return value === undefined || value === '' ? '' : `,"${column}":${JSON.stringify(value.toWellFormed())}`;
}

/** A duration or an instant of a client, which may be fractional. */
function millis(column: Column, value: number): RowPart {
  return number(column, Math.round(value));
}

export interface BatchFacts {
  readonly projectId: string;
  /** ms since the epoch. */
  readonly receivedAt: number;
  readonly surface: string | undefined;
  readonly sdk: string | undefined;
}

export function batchPart(batch: BatchFacts): RowPart {
  return (
    `{"project_id":"${batch.projectId}"` +
    millis('received_at', batch.receivedAt) +
    text('surface', batch.surface) +
    text('sdk', batch.sdk)
  );
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

export function generationPart({ id, generatedAt, entry, token, person }: GenerationFacts): RowPart {
  const said = token ?? entry;
  const dimensions =
    said === undefined
      ? ''
      : text('prompt_id', said.promptId) +
        text('prompt_version', said.promptVersion) +
        text('model', said.model) +
        text('model_version', said.modelVersion) +
        text('experiment', said.experiment?.id) +
        text('arm', said.experiment?.arm) +
        word('assignment', said.experiment?.assignment);
  const somebody = person.kind === 'none' ? '' : word('user_kind', person.kind) + word('user_key', person.key);
  return (
    text('generation_id', id) +
    millis('generated_at', generatedAt) +
    dimensions +
    text('task_id', entry?.taskId) +
    somebody +
    (token === undefined ? '' : number('trusted', 1))
  );
}

/** Own keys are copied as such, so that `__proto__` is a name like any other. */
export function attributesPart(attributes: Readonly<Record<string, string>>): RowPart {
  const entries = Object.entries(attributes);
  if (entries.length === 0) return '';
  const clean = Object.fromEntries(entries.map(([key, value]) => [key.toWellFormed(), value.toWellFormed()]));
  return `,"attributes":${JSON.stringify(clean)}`;
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
  return (
    word('event_id', event.id.toLowerCase()) +
    word('event_type', event.type) +
    millis('occurred_at', occurredAt) +
    kindPart(event) +
    number('total_chars', totalChars(event) ?? length) +
    (meaning.shows ? number('shows', 1) : '') +
    (meaning.decides === 'nothing' ? '' : word('decides', meaning.decides)) +
    number('decision_value', meaning.value) +
    (clockSuspect ? number('clock_suspect', 1) : '')
  );
}

function totalChars(event: BeaconEvent): number | undefined {
  if (event.type === 'copy' || event.type === 'accept') return event.of;
  if (event.type === 'edit') return event.from;
  return event.type === 'generated' ? event.length : undefined;
}

/** What only events of one type say. */
function kindPart(event: BeaconEvent): RowPart {
  switch (event.type) {
    case 'generated':
      return '';
    case 'shown':
      return millis('visible_ms', event.visibleMs) + (event.forced === true ? word('reason', 'forced') : '');
    case 'copy':
      return number('chars', event.chars) + word('reason', event.method) + word('label', event.part);
    case 'accept':
      return number('chars', event.chars) + word('reason', event.method);
    case 'edit':
      return (
        number('chars', event.to) +
        number('value', event.distance) +
        word('reason', event.by) +
        word('label', event.approx)
      );
    case 'reject':
      return word('reason', event.reason);
    case 'ignore':
      return word('reason', event.reason) + millis('visible_ms', event.visibleMs);
    case 'retention':
      return (
        millis('after_ms', event.afterMs) + number('value', event.similarity) + number('chars', event.retainedChars)
      );
    case 'rate':
      return number('value', event.value) + text('label', event.label);
    case 'score':
      return (
        text('name', event.name) +
        text('version', event.version) +
        text('subject', event.subject) +
        number('value', event.value) +
        text('label', event.label) +
        number('rank', event.rank) +
        word('action', event.action) +
        word('source', event.source)
      );
  }
}

/** One line of NDJSON. Only concatenates: the text is written out once, with that of the whole block. */
export function joinRow(batch: RowPart, generation: RowPart, attributes: RowPart, event: RowPart): string {
  return `${batch}${generation}${attributes}${event}}\n`;
}
