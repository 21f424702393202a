// How full a disk log is: bytes that wait behind the cursor, and free space of its file system. Says when appends are refused.
// In: sizes of segments, what is written, the cursor on disk. Must never count what was consumed, or a log that is drained
// would stay full.
import { statfs } from 'node:fs/promises';
import { readCursor } from './cursor.js';
import { segmentSeq, type LogPosition } from './segment.js';

export const LOG_BYTES_DEFAULT_MAX = 10 * 1024 ** 3;
/** Share of the free space that the log may take when nothing is said. */
export const LOG_SHARE_OF_FREE_DEFAULT = 0.2;
export const MIN_FREE_BYTES_DEFAULT = 256 * 1024 ** 2;
/** From this share of its bound on the log is reported as filling up. */
export const ALARM_SHARE = 0.8;

export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export interface BoundsOptions {
  readonly directory: string;
  readonly maxBytes: number | undefined;
  readonly minFreeBytes: number | undefined;
  /** Bytes of the segments that are there, by id. */
  readonly sizes: ReadonlyMap<string, number>;
}

export class Bounds {
  readonly #directory: string;
  readonly #sizes: Map<string, number>;
  readonly #minFreeBytes: number;
  #maxBytes: number;
  #position: LogPosition | null = null;
  #waitingBytes = 0;
  #freeBytes = Number.POSITIVE_INFINITY;
  /** Why the last look failed. What is written to a directory that cannot be looked at may be lost, so nothing is taken. */
  #unseen: string | undefined;

  private constructor(options: BoundsOptions) {
    this.#directory = options.directory;
    this.#sizes = new Map(options.sizes);
    this.#minFreeBytes = options.minFreeBytes ?? MIN_FREE_BYTES_DEFAULT;
    this.#maxBytes = options.maxBytes ?? LOG_BYTES_DEFAULT_MAX;
  }

  static async open(options: BoundsOptions): Promise<Bounds> {
    const bounds = new Bounds(options);
    await bounds.refresh();
    // What the log takes already belongs to the space it has a share of.
    const own = [...options.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    const share = LOG_SHARE_OF_FREE_DEFAULT * (bounds.#freeBytes + own);
    if (options.maxBytes === undefined) bounds.#maxBytes = Math.min(LOG_BYTES_DEFAULT_MAX, Math.floor(share));
    return bounds;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  /** Of the file system, as of the last look. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  get alarm(): boolean {
    return this.#waitingBytes >= ALARM_SHARE * this.#maxBytes;
  }

  /** Says that a segment has this many acknowledged bytes now. */
  written(segment: string, bytes: number): void {
    const more = bytes - (this.#sizes.get(segment) ?? 0);
    this.#sizes.set(segment, bytes);
    this.#waitingBytes += more;
    this.#freeBytes -= more;
  }

  /** Why `bytes` more cannot be taken, or undefined when they can. */
  refusal(bytes: number): Refusal | undefined {
    if (this.#unseen !== undefined) return { code: 'disk_error', message: this.#unseen };
    if (this.#waitingBytes + bytes > this.#maxBytes) {
      const message = `the disk log is full: ${this.#waitingBytes} of ${this.#maxBytes} bytes wait to be read`;
      return { code: 'disk_log_full', message };
    }
    if (this.#freeBytes - bytes < this.#minFreeBytes) {
      const message = `the disk is full: ${this.#freeBytes} bytes are free, ${this.#minFreeBytes} must stay free`;
      return { code: 'disk_full', message };
    }
    return undefined;
  }

  /** Looks at the free space and at the cursor, which another process moves. */
  async refresh(): Promise<void> {
    try {
      const { bavail, bsize } = await statfs(this.#directory);
      const cursor = await readCursor(this.#directory);
      if (cursor === undefined && this.#position !== null) throw new Error('its cursor is gone');
      this.#freeBytes = bavail * bsize;
      this.#position = cursor?.position ?? null;
      this.#unseen = undefined;
    } catch (error) {
      this.#unseen = `the disk log cannot be looked at: ${error instanceof Error ? error.message : String(error)}`;
      throw error;
    }
    this.#waitingBytes = this.#countWaiting();
  }

  #countWaiting(): number {
    const position = this.#position;
    let bytes = 0;
    for (const [id, size] of this.#sizes) {
      if (position === null || segmentSeq(id) > segmentSeq(position.segment)) bytes += size;
      else if (id === position.segment) bytes += Math.max(0, size - position.offset);
      else this.#sizes.delete(id);
    }
    return bytes;
  }
}
