// What clients would have posted so that exactly these event rows come of it. In: random event rows, keys of their projects.
// Out: the rows as far as a client can bring them about, and the batches. Must share no code with the collector.
import { createHmac } from 'node:crypto';
import { signGeneration } from '../../services/beacon/server.js';
import type { EventRow } from '../../shared/contract/rows.js';
import type { Random } from './random.js';

const MINUTE_MS = 60_000;
/** A client's clock is corrected from one minute on, ms. */
const WRONG_CLOCK_MS = 10 * MINUTE_MS;
/** Everything is sent within so long, ms: no outcome becomes final meanwhile. */
const SENDING_MS = 45 * MINUTE_MS;
const EVENTS_MAX = 30;
/** The one assignment of random rows, besides none. */
const RANDOMISED = 'randomised:user' as const;

export interface WireKeys {
  readonly hashKey: string;
  readonly signingSecret: string;
}

export interface WireEvent {
  /** As it must be stored. */
  readonly row: EventRow;
  /** The person as the client names it; empty for nobody. */
  readonly person: string;
}

/** A batch without its `sentAt`, which is stamped at each attempt. */
export interface WireBatch {
  readonly project: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** The client's clock is so much behind, ms. */
  readonly clockBehindMs: number;
  readonly accepted: number;
  /** Events that must be dropped, by reason. */
  readonly dropped: Readonly<Record<string, number>>;
}

/**
 * Events of which a collector makes these rows when it gets them at `now` or soon after. Left out: what lies in the future, and
 * generations that become final while they are sent (`finalAfterMs` after a show), since whether an event came late depends on
 * the minute of its receipt.
 */
export function wireEvents(
  rows: readonly EventRow[],
  now: number,
  finalAfterMs: readonly number[],
  { hashKey }: Pick<WireKeys, 'hashKey'>,
): WireEvent[] {
  const past = rows.filter((row) => row.occurred_at < now - MINUTE_MS && row.generated_at < now - MINUTE_MS);
  const becomesFinal = (row: EventRow) =>
    finalAfterMs.some((ms) => row.occurred_at + ms > now - MINUTE_MS && row.occurred_at + ms < now + SENDING_MS);
  const doubtful = new Set(past.filter((row) => row.shows === 1 && becomesFinal(row)).map((row) => row.generation_id));
  return past
    .filter((row) => !doubtful.has(row.generation_id))
    .map((row) => {
      const person = row.user_kind === 'none' ? '' : `person-${row.user_key}`;
      return { person, row: asStored(row, now, person === '' ? '0' : userKey(row.user_kind, person, hashKey)) };
    });
}

function asStored(row: EventRow, now: number, user_key: string): EventRow {
  return {
    ...row,
    user_key,
    received_at: now,
    // A wrong clock moves an event's time by a latency that nobody knows: only where the time decides nothing.
    clock_suspect: row.event_type === 'generated' ? row.clock_suspect : 0,
    reason: row.shows === 1 ? row.reason : '',
    ...(row.experiment === '' && { arm: '', assignment: '' }),
  };
}

function userKey(kind: string, id: string, hashKey: string): string {
  return createHmac('sha256', hashKey).update(`${kind}:${id}`).digest().readBigUInt64BE(0).toString();
}

interface OpenBatch {
  readonly first: WireEvent;
  readonly generations: Map<string, Record<string, unknown>>;
  readonly events: Record<string, unknown>[];
  readonly sizeMax: number;
}

/** The events in random order, in batches of one person each; some batches hold bad events too. */
export function wireBatches(random: Random, events: readonly WireEvent[], keys: WireKeys): WireBatch[] {
  const open = new Map<string, OpenBatch>();
  const closed: OpenBatch[] = [];
  for (const wire of random.shuffle(events)) {
    const { row, person } = wire;
    const key = JSON.stringify([row.project_id, row.user_kind, person, row.surface, row.clock_suspect]);
    const entry = entryOf(row, keys);
    let batch = open.get(key);
    const known = batch?.generations.get(row.generation_id);
    const differs = known !== undefined && JSON.stringify(known) !== JSON.stringify(entry);
    if (batch === undefined || differs || batch.events.length >= batch.sizeMax) {
      if (batch !== undefined) closed.push(batch);
      batch = { first: wire, generations: new Map(), events: [], sizeMax: 1 + random.below(EVENTS_MAX) };
      open.set(key, batch);
    }
    batch.generations.set(row.generation_id, entry);
    batch.events.push(wireEvent(row));
  }
  return random.shuffle([...closed, ...open.values()]).map((batch) => finished(random, batch));
}

/** What a batch says of a generation. */
function entryOf(row: EventRow, { signingSecret }: WireKeys): Record<string, unknown> {
  const { experiment: id, arm, assignment } = row;
  const task = row.task_id === '' ? {} : { taskId: row.task_id };
  const said = {
    promptId: row.prompt_id,
    promptVersion: row.prompt_version,
    model: row.model,
    modelVersion: row.model_version,
    generatedAt: row.generated_at,
    ...(id !== '' && { experiment: { id, arm, ...(assignment === RANDOMISED && { assignment: RANDOMISED }) } }),
  };
  if (row.trusted === 0) return { ...said, ...task };
  return { token: signGeneration({ ...said, generationId: row.generation_id }, signingSecret), ...task };
}

function wireEvent(row: EventRow): Record<string, unknown> {
  return { id: row.event_id, g: row.generation_id, t: row.occurred_at, type: row.event_type, ...fieldsOf(row) };
}

/** Fields of which the collector concludes what the row says. */
function fieldsOf(row: EventRow): Record<string, unknown> {
  switch (row.event_type) {
    case 'shown':
      if (row.shows === 0) return { visibleMs: 749 };
      return row.reason === 'forced' ? { visibleMs: 20, forced: true } : { visibleMs: 750 };
    case 'copy':
      return row.decides === 'nothing'
        ? { chars: 3, of: 900, method: 'keyboard' }
        : { chars: 900, of: 900, method: 'button' };
    case 'accept':
      return { method: 'insert' };
    case 'edit':
      return { similarity: row.decision_value, distance: 7, from: 900, to: 890, by: 'submit' };
    case 'reject':
      return { reason: 'dismissed' };
    case 'generated':
    case 'ignore':
    case 'retention':
    case 'rate':
    case 'score':
      return {};
  }
}

function finished(random: Random, { first, generations, events, sizeMax }: OpenBatch): WireBatch {
  const { row, person } = first;
  const bad = sizeMax % 5 === 0 ? badEvents(random, row.generation_id) : { events: [], dropped: {} };
  const body = {
    ...(row.surface !== '' && { surface: row.surface }),
    ...(person !== '' && { [`${row.user_kind}Id`]: person }),
    generations: Object.fromEntries(generations),
    events: random.shuffle([...events, ...bad.events]),
  };
  const clockBehindMs = row.clock_suspect === 1 ? WRONG_CLOCK_MS : 0;
  return { project: row.project_id, body, clockBehindMs, accepted: events.length, dropped: bad.dropped };
}

function badEvents(random: Random, g: string): { events: unknown[]; dropped: Record<string, number> } {
  const event = (over: object) => ({ id: random.uuid(), g, t: Date.now(), type: 'generated', ...over });
  const events = [
    event({ type: 'jump' }),
    event({ type: 'jump' }),
    event({ id: `no-uuid-${random.uuid()}` }),
    event({ type: 'edit', similarity: 1.5, distance: 1, from: 1, to: 1, by: 'submit' }),
    event({ g: `nobody-knows-${random.uuid()}` }),
    `no object ${random.uuid()}`,
  ];
  const dropped = { unknown_type: 2, invalid_id: 1, invalid_field: 1, missing_generated_at: 1, not_an_object: 1 };
  return { events, dropped };
}
