// The reading end of the disk log: one process consumes it, whether the writer runs or not, and moves its cursor.
// In: segment files. Out: blocks with their positions, and what could not be read. Must never move the cursor past a block
// that was not committed, and never delete a segment before the cursor behind it is durable.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { systemClock, type Clock } from '../clock.js';
import { WeatherError, errorCode } from '../errors.js';
import { createLogger, type Logger } from '../log.js';
import { acquireProcessLock, type ProcessLock } from '../process-lock.js';
import { sleep } from '../retry.js';
import type { DeliveredBlock, StreamBatch, StreamReader, StreamTotals, UnreadableBlock } from '../stream.js';
import { measureBacklog } from './backlog.js';
import { INITIAL_CURSOR, readCursor, removeStaleCursorFiles, writeCursor, type Cursor } from './cursor.js';
import { BLOCK_BYTES_MAX, FRAME_HEADER_BYTES } from './frame.js';
import { ensureLogDirectory } from './log-directory.js';
import { QUARANTINE_BYTES_MAX, Quarantine } from './quarantine.js';
import { formatPosition, listSegments, segmentSeq, type LogPosition } from './segment.js';
import { LogTail, type TailItem } from './tail.js';

/** Pauses between two looks while nothing comes: they double from the first to the last. */
const POLL_MIN_MS = 5;
const POLL_MAX_MS = 100;

export interface DiskLogReaderOptions {
  readonly directory: string;
  readonly log?: Logger;
  readonly clock?: Clock;
  /** How long to wait for a predecessor's lock, ms. */
  readonly lockWaitMs?: number;
  /** Bound of what is kept of damaged ranges. */
  readonly quarantineBytes?: number;
}

/** Takes the reader lock. Throws StartError when another process reads this log, or when its cursor is damaged. */
export async function openDiskLogReader(options: DiskLogReaderOptions): Promise<StreamReader> {
  const { directory } = options;
  await ensureLogDirectory(directory);
  const wait = options.lockWaitMs === undefined ? {} : { waitMs: options.lockWaitMs };
  const lock = await acquireProcessLock(path.join(directory, 'reader.lock'), wait);
  try {
    const reader = new Reader(options, lock, (await readCursor(directory)) ?? INITIAL_CURSOR);
    await removeStaleCursorFiles(directory);
    await reader.deleteConsumed();
    return reader;
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface Outstanding {
  readonly end: LogPosition;
}

class Reader implements StreamReader {
  readonly #directory: string;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #lock: ProcessLock;
  readonly #tail: LogTail;
  readonly #quarantine: Quarantine;
  readonly #closed = new AbortController();
  #cursor: Cursor;
  #outstanding: Outstanding[] = [];
  #commits: Promise<void> = Promise.resolve();
  #busy: Promise<unknown> = Promise.resolve();

  constructor(options: DiskLogReaderOptions, lock: ProcessLock, cursor: Cursor) {
    this.#directory = options.directory;
    this.#log = options.log ?? createLogger('disk-log', 'silent');
    this.#clock = options.clock ?? systemClock;
    this.#lock = lock;
    this.#cursor = cursor;
    this.#tail = new LogTail(options.directory, cursor.position, this.#clock);
    this.#quarantine = new Quarantine(options.directory, options.quarantineBytes ?? QUARANTINE_BYTES_MAX);
  }

  async read(maxBytes: number, waitMs: number): Promise<StreamBatch | undefined> {
    const until = this.#clock.monotonic() + waitMs;
    for (let pauseMs = POLL_MIN_MS; ; pauseMs = Math.min(POLL_MAX_MS, pauseMs * 2)) {
      if (this.#closed.signal.aborted) return undefined;
      const batch = await this.#alone(async () => await this.#next(maxBytes));
      if (batch !== undefined) return batch;
      const leftMs = until - this.#clock.monotonic();
      if (leftMs <= 0) return undefined;
      await sleep(Math.min(pauseMs, leftMs), this.#closed.signal);
    }
  }

  async rewind(): Promise<void> {
    await this.#alone(async () => {
      await this.#commits;
      this.#outstanding = [];
      await this.#tail.seek(this.#cursor.position);
    });
  }

  totals(): StreamTotals {
    return this.#cursor.totals;
  }

  async backlog(): Promise<{ bytes: number; ageMs: number }> {
    return await measureBacklog(this.#directory, this.#cursor.position, this.#clock.now());
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#alone(async () => {
      await this.#commits;
      await this.#tail.close();
      await this.#lock.release();
    });
  }

  /** Removes the segments before the cursor's. One that cannot be removed now goes with a later commit. */
  async deleteConsumed(): Promise<void> {
    const { position } = this.#cursor;
    if (position === null) return;
    for (const segment of await listSegments(this.#directory)) {
      if (segment.seq >= segmentSeq(position.segment)) return;
      await rm(segment.file, { force: true });
    }
  }

  async #next(maxBytes: number): Promise<StreamBatch | undefined> {
    if (this.#closed.signal.aborted) return undefined;
    const before = this.#tail.position;
    try {
      const item = await this.#tail.next(maxBytes);
      if (item === undefined) return undefined;
      const items = item.kind === 'frames' ? delivered(item) : [await this.#setAside(item)];
      const bytes = items.reduce((sum, one) => sum + ('reason' in one ? one.bytes.length : one.body.length), 0);
      const position = this.#tail.position;
      if (position === null) throw new Error('the log was read without a position');
      return this.#batch(items, bytes, position);
    } catch (error) {
      await this.#tail.seek(before);
      throw new WeatherError('disk_log_read', `the disk log could not be read: ${errorCode(error) ?? String(error)}`, {
        retriable: true,
        cause: error,
      });
    }
  }

  #batch(items: StreamBatch['items'], bytes: number, end: LogPosition): StreamBatch {
    const outstanding: Outstanding = { end };
    this.#outstanding.push(outstanding);
    const commit = async (counts: StreamTotals) => {
      const done = this.#commits.then(async () => await this.#commit(outstanding, counts));
      this.#commits = done.catch(() => undefined);
      await done;
    };
    return { items, bytes, commit };
  }

  async #commit(batch: Outstanding, counts: StreamTotals): Promise<void> {
    if (this.#outstanding[0] !== batch) throw new Error('batches are committed in the order they were read, once each');
    const { stored, dead } = this.#cursor.totals;
    const totals = { stored: stored + counts.stored, dead: dead + counts.dead };
    const before = this.#cursor.position;
    const cursor: Cursor = { position: batch.end, totals };
    try {
      await writeCursor(this.#directory, cursor);
    } catch (error) {
      const message = `the cursor of the disk log could not be written: ${errorCode(error) ?? String(error)}`;
      throw new WeatherError('disk_log_cursor', message, { retriable: true, cause: error });
    }
    this.#cursor = cursor;
    this.#outstanding.shift();
    if (before?.segment === batch.end.segment) return;
    await this.deleteConsumed().catch((error: unknown) => {
      this.#log.warn({ err: error }, 'a consumed segment could not be deleted yet');
    });
  }

  /** Puts damaged bytes into quarantine, a bounded piece at a time. */
  async #setAside(damage: Extract<TailItem, { kind: 'damage' }>): Promise<UnreadableBlock> {
    const { segment, offset, reason, detail } = damage;
    const end = Math.min(damage.end, offset + FRAME_HEADER_BYTES + BLOCK_BYTES_MAX);
    this.#tail.advance(segment, end);
    const bytes = await this.#tail.bytes(offset, end - offset);
    const kept = await this.#quarantine.keep({ segment, offset }, bytes);
    const position = formatPosition({ segment, offset });
    this.#log.error({ position, reason, detail, bytes: bytes.length, kept }, 'a part of the disk log cannot be read');
    return { position, reason, detail: kept ? detail : `${detail}; not kept, the quarantine is full`, bytes };
  }

  /** Reading, rewinding and closing move the same tail: one at a time. */
  async #alone<T>(run: () => Promise<T>): Promise<T> {
    const result = this.#busy.then(run);
    this.#busy = result.catch(() => undefined);
    return await result;
  }
}

function delivered({ segment, frames }: Extract<TailItem, { kind: 'frames' }>): DeliveredBlock[] {
  return frames.map(({ table, header, body, offset }) => {
    return { table, rows: header.rows, body, position: formatPosition({ segment, offset }) };
  });
}
