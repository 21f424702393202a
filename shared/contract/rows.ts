// The rows that travel through the stream into ClickHouse: one type per target table, snake_case like its columns.
// In: accepted events and drops. Out: NDJSON. Must never carry text of a prompt or a generation.

/** Tables a block can be meant for. A block's header names one of them. */
export const STREAM_TABLES = ['events', 'drops', 'erasures', 'dead_letters'] as const;
export type StreamTable = (typeof STREAM_TABLES)[number];

/** Event kinds, in the order of the `event_type` enum of the table `events`. New kinds go at the end. */
export const EVENT_TYPES = [
  'generated',
  'shown',
  'copy',
  'accept',
  'edit',
  'reject',
  'ignore',
  'retention',
  'rate',
  'score',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

export type Decision = 'nothing' | 'accept' | 'edit' | 'reject';
export type UserKind = 'none' | 'session' | 'client' | 'user';

/**
 * A row of `events`. Instants are integers, milliseconds since the epoch (DateTime64(3) reads an unquoted integer so);
 * `user_key` is a decimal string (64 bits do not fit a number); `event_id` is a lower-case UUID. On the wire, columns at their
 * default are left out (`EventLine` in event-row.ts).
 */
export interface EventRow {
  project_id: string;
  generation_id: string;
  generated_at: number;
  event_id: string;
  event_type: EventType;
  shows: 0 | 1;
  decides: Decision;
  decision_value: number;
  occurred_at: number;
  received_at: number;
  prompt_id: string;
  prompt_version: string;
  model: string;
  model_version: string;
  experiment: string;
  arm: string;
  assignment: string;
  surface: string;
  task_id: string;
  user_kind: UserKind;
  user_key: string;
  trusted: 0 | 1;
  reason: string;
  visible_ms: number;
  chars: number;
  total_chars: number;
  after_ms: number;
  name: string;
  version: string;
  subject: string;
  rank: number;
  action: string;
  source: string;
  label: string;
  value: number;
  clock_suspect: 0 | 1;
  sdk: string;
  attributes: Record<string, string>;
}

/** A row of `drops`: the events of one batch that were dropped for one reason. `minute` is seconds since the epoch. */
export interface DropRow {
  project_id: string;
  reason: string;
  drop_id: string;
  minute: number;
  n: number;
}

/** A row of `erasures`: somebody asked to be forgotten. `requested_at` is milliseconds since the epoch. */
export interface ErasureRow {
  project_id: string;
  user_key: string;
  requested_at: number;
}

/** Why a row can never be stored. */
export const DEAD_LETTER_REASONS = [
  'bad_crc',
  'unknown_version',
  'unparsable_row',
  'rejected_row',
  'too_large',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];

/** A row of `dead_letters`. `position` names where it stood: `log:segment:offset:line` or `topic:partition:offset:line`. */
export interface DeadLetterRow {
  project_id: string;
  position: string;
  target: StreamTable;
  reason: DeadLetterReason;
  detail: string;
  row: string;
  first_seen: number;
  last_seen: number;
}
