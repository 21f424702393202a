// The writing end of the disk log: one process appends blocks, each durable before its promise resolves.
// In: blocks. Out: frames in segment files. Must never drop what it acknowledged, and never write a file again in which a
// write or a sync failed.
import path from 'node:path';
import { systemClock, type Clock } from '../clock.js';
import { WeatherError, errorCode } from '../errors.js';
import { createLogger, type Logger } from '../log.js';
import { acquireProcessLock, type ProcessLock } from '../process-lock.js';
import type { Block, StreamWriter } from '../stream.js';
import { measureAppend, type Append } from './append.js';
import { Bounds, type Refusal } from './bounds.js';
import { INITIAL_CURSOR, readCursor, writeCursor } from './cursor.js';
import { GroupCommit } from './group-commit.js';
import { ensureLogDirectory } from './log-directory.js';
import { recoverLog } from './recovery.js';
import { SegmentSequence } from './segment-sequence.js';

export const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;
/** What may wait in memory for its group. */
export const PENDING_BYTES_MAX = 64 * 1024 * 1024;
/** One write and one sync. */
const GROUP_BYTES_MAX = 8 * 1024 * 1024;
const CHECK_INTERVAL_MS = 1000;
/** How long appends are refused after a failed write, before the disk is tried again. */
const PAUSE_AFTER_ERROR_MS = 1000;

export interface DiskLogWriterOptions {
  readonly directory: string;
  readonly log?: Logger;
  readonly clock?: Clock;
  /** Bytes that may wait to be read; by default 10 GB or a fifth of the free space, whichever is less. */
  readonly maxBytes?: number;
  readonly segmentBytes?: number;
  /** Free space of the file system below which appends are refused. */
  readonly minFreeBytes?: number;
  /** How long to wait for a predecessor's lock, ms. */
  readonly lockWaitMs?: number;
}

/** Figures for metrics, as of now (free space and the cursor: of the last second). */
export interface DiskLogGauges {
  readonly bytesWaiting: number;
  readonly bytesMax: number;
  readonly bytesFree: number;
  /** The log fills up: 80 % of its bound wait to be read. */
  readonly alarm: boolean;
  readonly failedGroups: number;
}

export interface DiskLogWriter extends StreamWriter {
  readonly gauges: DiskLogGauges;
}

/** Takes the writer lock, repairs the tail and makes the cursor. Throws StartError when another process writes this log. */
export async function openDiskLogWriter(options: DiskLogWriterOptions): Promise<DiskLogWriter> {
  const { directory } = options;
  await ensureLogDirectory(directory);
  const wait = options.lockWaitMs === undefined ? {} : { waitMs: options.lockWaitMs };
  const lock = await acquireProcessLock(path.join(directory, 'writer.lock'), wait);
  try {
    const log = options.log ?? createLogger('disk-log', 'silent');
    if ((await readCursor(directory)) === undefined) await writeCursor(directory, INITIAL_CURSOR);
    const { nextSeq, cutBytes, sizes } = await recoverLog(directory);
    if (cutBytes > 0)
      log.warn({ bytes: cutBytes }, 'an unfinished frame was cut off; nobody was told that it is stored');
    const bounds = await Bounds.open({
      directory,
      maxBytes: options.maxBytes,
      minFreeBytes: options.minFreeBytes,
      sizes,
    });
    const segments = new SegmentSequence({
      directory,
      segmentBytes: options.segmentBytes ?? SEGMENT_BYTES_MAX,
      nextSeq,
    });
    return new Writer({ ...options, log, lock, bounds, segments });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

interface WriterParts extends DiskLogWriterOptions {
  readonly log: Logger;
  readonly lock: ProcessLock;
  readonly bounds: Bounds;
  readonly segments: SegmentSequence;
}

class Writer implements DiskLogWriter {
  readonly #parts: WriterParts;
  readonly #clock: Clock;
  readonly #groups: GroupCommit<Append>;
  readonly #timer: NodeJS.Timeout;
  #failedGroups = 0;
  #pausedUntil = Number.NEGATIVE_INFINITY;
  #alarmed = false;
  #closing: Promise<void> | undefined;

  constructor(parts: WriterParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? systemClock;
    const commit = async (appends: readonly Append[]) => await this.#commit(appends);
    const groupBytesMax = Math.min(GROUP_BYTES_MAX, parts.segmentBytes ?? SEGMENT_BYTES_MAX);
    this.#groups = new GroupCommit({ commit, groupBytesMax });
    this.#timer = setInterval(() => void this.#check(), CHECK_INTERVAL_MS).unref();
  }

  get gauges(): DiskLogGauges {
    const { waitingBytes, maxBytes, freeBytes, alarm } = this.#parts.bounds;
    const failedGroups = this.#failedGroups;
    return { bytesWaiting: waitingBytes, bytesMax: maxBytes, bytesFree: freeBytes, alarm, failedGroups };
  }

  refusal(): Refusal | undefined {
    return this.#refusal(1);
  }

  async append(blocks: readonly Block[]): Promise<void> {
    const append = measureAppend(blocks);
    if (blocks.length === 0) return;
    const refusal = this.#refusal(append.bytes);
    if (refusal !== undefined) throw new WeatherError(refusal.code, refusal.message, { retriable: true });
    await this.#groups.add(append, append.bytes);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    await this.#closing;
  }

  async #close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#groups.drained();
    try {
      await this.#parts.segments.close();
    } finally {
      await this.#parts.lock.release();
    }
  }

  #refusal(bytes: number): Refusal | undefined {
    if (this.#closing !== undefined) return { code: 'disk_log_closed', message: 'the disk log is closed' };
    if (this.#clock.monotonic() < this.#pausedUntil)
      return { code: 'disk_error', message: 'the disk log could not be written a moment ago' };
    const pending = this.#groups.pendingBytes;
    if (pending + bytes > PENDING_BYTES_MAX)
      return { code: 'disk_log_busy', message: `the disk is slow: ${pending} bytes wait to be written` };
    return this.#parts.bounds.refusal(pending + bytes);
  }

  async #commit(appends: readonly Append[]): Promise<void> {
    const now = this.#clock.now();
    const blocks = appends.flatMap((append) => append.blocks);
    const bytes = appends.reduce((sum, append) => sum + append.bytes, 0);
    try {
      const written = await this.#parts.segments.append(blocks, bytes, now);
      this.#parts.bounds.written(written.segment, written.bytes);
    } catch (error) {
      await this.#fail(error);
      throw new WeatherError('disk_error', `the disk log could not be written: ${errorCode(error) ?? String(error)}`, {
        retriable: true,
        cause: error,
      });
    }
  }

  async #fail(error: unknown): Promise<void> {
    this.#failedGroups += 1;
    this.#pausedUntil = this.#clock.monotonic() + PAUSE_AFTER_ERROR_MS;
    const hindered = await this.#parts.segments.leave();
    this.#parts.log.error({ err: error, hindered }, 'a group could not be written; its senders were told to try again');
  }

  async #check(): Promise<void> {
    const { bounds, log } = this.#parts;
    try {
      await bounds.refresh();
    } catch (error) {
      log.warn({ err: error }, 'the free space or the cursor of the disk log could not be read');
    }
    if (bounds.alarm && !this.#alarmed)
      log.error(this.gauges, 'the disk log fills up: what it holds is not being read');
    this.#alarmed = bounds.alarm;
  }
}
