// From a parsed body to rows and an answer. No I/O, no waiting: everything that must be durable is in what comes out.
import { attributesPart, batchPart } from '../../shared/contract/event-row.js';
import { attributesSchema } from '../../shared/contract/events.js';
import {
  batchSchema,
  isJsonObject,
  type Batch,
  type BatchAnswer,
  type DroppedEvent,
} from '../../shared/contract/batch.js';
import { EVENTS_MAX, ID_CHARS_MAX, ROWS_BYTES_MAX } from '../../shared/contract/limits.js';
import { bytesExceed, linesOf, type Lines } from './blocks.js';
import { dropRows } from './drops.js';
import type { Caller } from './keys.js';
import { Problem } from './problem.js';
import { ALL_STEPS } from './steps/all-steps.js';
import { EventDraft, type BatchContext } from './steps/draft.js';
import { runSteps, type StepTimes } from './steps/run-steps.js';
import { skewMs } from './times.js';

/** Judges the shape of the whole body. */
export function readBatch(body: unknown): Batch | Problem {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return new Problem('invalid_batch', issue && `${issue.path.map(String).join('.') || 'batch'}: ${issue.message}`);
  }
  const { length } = parsed.data.events;
  if (length === 0) return new Problem('empty_batch');
  if (length > EVENTS_MAX) return new Problem('too_many_events', `${length} events, at most ${EVENTS_MAX}`);
  return parsed.data;
}

export interface BatchSource {
  readonly caller: Caller;
  /** The browser sent `Sec-GPC: 1`. */
  readonly gpc: boolean;
  /** ms since the epoch. */
  readonly receivedAt: number;
}

export interface TakenBatch {
  readonly answer: BatchAnswer;
  /** Rows of accepted events and of drops, to be made durable together. */
  readonly lines: readonly Lines[];
}

/** Runs every event of a batch through the steps. */
export function takeBatch(batch: Batch, source: BatchSource, times: StepTimes): TakenBatch | Problem {
  const drafts = batch.events.map((raw) => new EventDraft(raw));
  const context = contextOf(batch, source);
  runSteps(ALL_STEPS, drafts, context, times);
  const rows: string[] = [];
  const dropped: DroppedEvent[] = [];
  const droppedDrafts: EventDraft[] = [];
  for (const [index, draft] of drafts.entries()) {
    if (draft.dropped === undefined) {
      if (!draft.repeated) rows.push(draft.row);
      continue;
    }
    droppedDrafts.push(draft);
    const { dropped: reason, field } = draft;
    dropped.push({ index, id: idSaid(draft.raw), reason, ...(field === undefined ? {} : { field }) });
  }
  const lines = linesOf('events', rows);
  if (bytesExceed(lines, ROWS_BYTES_MAX))
    return new Problem('rows_too_large', `at most ${ROWS_BYTES_MAX} bytes of rows`);
  const drops = dropRows(context.keyed.project.id, droppedDrafts, source.receivedAt).map(
    (row) => `${JSON.stringify(row)}\n`,
  );
  return {
    answer: { accepted: drafts.length - dropped.length, dropped },
    lines: [...lines, ...linesOf('drops', drops)],
  };
}

function contextOf(batch: Batch, { caller, gpc, receivedAt }: BatchSource): BatchContext {
  const { keyed } = caller;
  const attributes = batch.attributes === undefined ? {} : attributesSchema.safeParse(batch.attributes).data;
  return {
    keyed,
    byServer: caller.kind === 'server',
    gpc,
    receivedAt,
    skewMs: skewMs(batch.sentAt, receivedAt),
    backfill: batch.backfill === true,
    generations: batch.generations,
    attributes,
    attributesPart: attributes === undefined ? '' : attributesPart(attributes),
    attributesCount: attributes === undefined ? 0 : Object.keys(attributes).length,
    person: keyed.persons.ofBatch(batch),
    part: batchPart({ projectId: keyed.project.id, receivedAt, surface: batch.surface, sdk: batch.sdk }),
    known: new Map(),
    seen: new Map(),
  };
}

/** The id as the client said it, so that it finds its event again. */
function idSaid(raw: unknown): string | null {
  const id = isJsonObject(raw) ? raw['id'] : undefined;
  return typeof id === 'string' && id.length <= ID_CHARS_MAX ? id : null;
}
