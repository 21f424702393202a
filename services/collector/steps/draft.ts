// What the steps work on: one draft per event, and what all events of a batch share.
import type { DropReason } from '../../../shared/contract/drop-reasons.js';
import type { Person, RowPart } from '../../../shared/contract/event-row.js';
import type { BeaconEvent } from '../../../shared/contract/events.js';
import type { KeyedProject } from '../keys.js';
import { UNKNOWN_GENERATION, type KnownGeneration } from '../known-generation.js';
import type { Receipt } from '../times.js';

/** What all events of one batch share. */
export interface BatchContext extends Receipt {
  readonly keyed: KeyedProject;
  /** By a server key. */
  readonly byServer: boolean;
  /** The browser sent `Sec-GPC: 1`. */
  readonly gpc: boolean;
  readonly generations: Readonly<Record<string, unknown>> | undefined;
  /** Attributes of the batch; undefined when one of them cannot be taken. */
  readonly attributes: Readonly<Record<string, string>> | undefined;
  /** The same, ready for a row that has none of its own. */
  readonly attributesPart: RowPart;
  readonly attributesCount: number;
  readonly person: Person;
  readonly part: RowPart;
  /** Generations that were judged already, by id. */
  readonly known: Map<string, KnownGeneration>;
  /** Ids of this batch that have their row, with the earliest time of their copies, ms. */
  readonly seen: Map<string, number>;
}

const UNREAD: BeaconEvent = Object.freeze({ id: '', g: '', t: 0, type: 'generated' });

/** An event on its way from JSON to row. Ends with a row, as a repetition of one, or with a reason. */
export class EventDraft {
  readonly raw: unknown;
  /** A placeholder until the event was read; no later step sees a draft that could not be. */
  event: BeaconEvent = UNREAD;
  generation: KnownGeneration = UNKNOWN_GENERATION;
  occurredAt = 0;
  clockSuspect = false;
  attributesPart: RowPart = '';
  /** One line of NDJSON. */
  row = '';
  /** The same id came before in this batch. */
  repeated = false;
  dropped: DropReason | undefined = undefined;
  /** What the reason is about. */
  field: string | undefined = undefined;

  constructor(raw: unknown) {
    this.raw = raw;
  }

  drop(reason: DropReason, field?: string): void {
    this.dropped = reason;
    this.field = field;
  }
}

/** `drop_*` may end a draft, `put_*` may only add to it. */
export interface Step {
  readonly name: string;
  run(draft: EventDraft, batch: BatchContext): void;
}
