// Follows a log from a position on, across its segments, while another process writes it. Moves only forward and in memory.
// In: the log's folder and a position. Out: frames in order, or damage that is certain. Waits for what is not written yet:
// it must never take an unfinished frame of a segment that still grows for damage.
import { open, type FileHandle } from 'node:fs/promises';
import type { Clock } from '../clock.js';
import { errorCode } from '../errors.js';
import { scanSegment, type Scan, type ScannedFrame } from './scan.js';
import { listSegments, readAt, readableEnd, segmentSeq, type LogPosition, type Segment } from './segment.js';

export type TailItem =
  | {
      readonly kind: 'frames';
      readonly segment: string;
      readonly frames: readonly ScannedFrame[];
      readonly end: number;
    }
  | (Extract<Scan, { kind: 'damage' }> & { readonly segment: string });

/** How long damage at the very end of a growing segment must stand unchanged before it is believed, ms. */
export const OPEN_DAMAGE_WAIT_MS = 1000;

interface Opened {
  segment: Segment;
  readonly handle: FileHandle;
}

export class LogTail {
  readonly #directory: string;
  readonly #clock: Clock;
  #position: LogPosition | null;
  #opened: Opened | undefined;
  #doubt: { offset: number; end: number; since: number } | undefined;

  constructor(directory: string, position: LogPosition | null, clock: Clock) {
    this.#directory = directory;
    this.#position = position;
    this.#clock = clock;
  }

  /** Behind what was answered last; null before the first segment is there. */
  get position(): LogPosition | null {
    return this.#position;
  }

  async seek(position: LogPosition | null): Promise<void> {
    await this.close();
    this.#position = position;
  }

  /** Moves behind a part of what `next` answered. */
  advance(segment: string, offset: number): void {
    this.#position = { segment, offset };
  }

  /** The next frames, about `maxBytes` of them (at least one), or damage; undefined while there is nothing more. Does not wait. */
  async next(maxBytes: number): Promise<TailItem | undefined> {
    for (;;) {
      const opened = this.#opened ?? (await this.#openAtPosition());
      if (opened === undefined) return undefined;
      const found = await this.#scan(opened, maxBytes, false);
      if (found !== undefined) return found;
      // A later segment must be seen first and the rest of this one read after that: its writer cuts an unfinished frame off,
      // or appends the last one, before it begins the later one.
      const segments = await listSegments(this.#directory);
      const later = segments.find((segment) => segment.seq > opened.segment.seq);
      if (later === undefined) return undefined;
      // It may have another name by now. When it is gone nothing in it was acknowledged: what is left of it is not read.
      const named = segments.find((segment) => segment.id === opened.segment.id);
      if (named !== undefined) {
        opened.segment = named;
        const rest = await this.#scan(opened, maxBytes, true);
        if (rest !== undefined) return rest;
      }
      await this.seek({ segment: later.id, offset: 0 });
    }
  }

  /** Raw content of the segment that `next` answered last. */
  async bytes(offset: number, bytes: number): Promise<Buffer> {
    if (this.#opened === undefined) throw new Error('no segment is open');
    return await readAt(this.#opened.handle, offset, bytes);
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#doubt = undefined;
    await opened?.handle.close();
  }

  /** The segment of the position; where that one is gone, the first later one, from its start. */
  async #openAtPosition(): Promise<Opened | undefined> {
    const position = this.#position;
    const segments = await listSegments(this.#directory);
    const seq = position === null ? 0 : segmentSeq(position.segment);
    const segment = segments.find((one) => one.id === position?.segment) ?? segments.find((one) => one.seq > seq);
    if (segment === undefined) return undefined;
    try {
      this.#opened = { segment, handle: await open(segment.file, 'r') };
    } catch (error) {
      // Renamed or removed since the folder was listed: the next look sees it right.
      if (errorCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    if (segment.id !== position?.segment) this.#position = { segment: segment.id, offset: 0 };
    return this.#opened;
  }

  async #scan({ segment, handle }: Opened, maxBytes: number, sealed: boolean): Promise<TailItem | undefined> {
    const offset = this.#position?.offset ?? 0;
    const end = await readableEnd(handle, segment);
    const scan = await scanSegment(handle, { offset, end, maxBytes, sealed });
    if (scan.kind === 'end' || scan.kind === 'incomplete') return undefined;
    if (scan.kind === 'damage' && scan.open && !this.#isCertain(scan.offset, scan.end)) return undefined;
    this.#doubt = undefined;
    this.#position = { segment: segment.id, offset: scan.end };
    return { ...scan, segment: segment.id };
  }

  /** Damage with nothing behind it may be a write in the making; it is believed when it stays as it is. */
  #isCertain(offset: number, end: number): boolean {
    const now = this.#clock.monotonic();
    if (this.#doubt?.offset !== offset || this.#doubt.end !== end) this.#doubt = { offset, end, since: now };
    return now - this.#doubt.since >= OPEN_DAMAGE_WAIT_MS;
  }
}
