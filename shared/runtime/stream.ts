// The stream between collector and sink: append a block, read from the committed position, commit a position.
// Two drivers implement it (disk log, Kafka); neither the collector nor the sink knows which one it has.
import type { DeadLetterReason, StreamTable } from '../contract/rows.js';

/** NDJSON rows of one table, each line ended by a newline. */
export interface Block {
  readonly table: StreamTable;
  /** Number of rows. */
  readonly rows: number;
  readonly body: Buffer;
}

/** A block as read, with the position that names it in dead letters: `log:<segment>:<offset>` or `<topic>:<partition>:<offset>`. */
export interface DeliveredBlock extends Block {
  readonly position: string;
}

/** What was found in place of a block and can never be read as one. `bytes` is what stood there. */
export interface UnreadableBlock {
  readonly position: string;
  readonly reason: Extract<DeadLetterReason, 'bad_crc' | 'unknown_version' | 'too_large'>;
  readonly detail: string;
  readonly bytes: Buffer;
}

/** Running totals of a stream position, moved in the same write as the position itself. Rows of `events` only. */
export interface StreamTotals {
  readonly stored: number;
  readonly dead: number;
}

/** Blocks that follow the committed position in order, all of one partition where the stream has several. */
export interface StreamBatch {
  readonly items: readonly (DeliveredBlock | UnreadableBlock)[];
  readonly bytes: number;
  /** The partition; absent where the stream has one. */
  readonly lane?: number;
  /**
   * Moves the committed position behind this batch and adds `counts` to the totals, durably and in one write.
   * Batches of one partition are committed in the order in which they were read, those of several also side by side. Rejects with a WeatherError that is not
   * retriable when the batch is not this reader's to commit any more: forget what was read since, and go on after `rewind`.
   */
  commit(counts: StreamTotals): Promise<void>;
}

export interface StreamReader {
  /**
   * The next blocks after those already read, at most about `maxBytes` (at least one block); waits up to `waitMs` for the
   * first one and then answers undefined. Rejects with a WeatherError when the stream cannot be read now.
   */
  read(maxBytes: number, waitMs: number): Promise<StreamBatch | undefined>;
  /** Forgets what was read and not committed: the next read starts at the committed position. */
  rewind(): Promise<void>;
  /** Totals at the committed position. */
  totals(): StreamTotals;
  /** Bytes behind the committed position, and the age of the oldest of them in ms (0 when there are none). */
  backlog(): Promise<{ bytes: number; ageMs: number }>;
  /** How many batches may stand ready side by side, one per partition. Absent: one. */
  lanes?(): number;
  close(): Promise<void>;
}

export interface StreamWriter {
  /** Resolves when every block is durable, in order and without a foreign block between; rejects when none may be counted on. */
  append(blocks: readonly Block[]): Promise<void>;
  /** Why nothing can be appended now, or undefined when appends are taken. */
  refusal(): { code: string; message: string } | undefined;
  close(): Promise<void>;
}

export function isUnreadable(item: DeliveredBlock | UnreadableBlock): item is UnreadableBlock {
  return 'reason' in item;
}
