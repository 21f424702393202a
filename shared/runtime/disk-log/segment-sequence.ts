// The segments that one writer fills, one after the other: numbers the frames, rolls over by size and age, leaves a segment in which
// writing failed. In: blocks. Out: durable frames. Must never go back to a segment it has left.
import type { Block } from '../stream.js';
import { encodeFrames } from './append.js';
import { SegmentWriter } from './segment-writer.js';
import { newSegment } from './segment.js';

/** A segment takes nothing more after this time, so that what was consumed does not lie on the disk for months where little comes. */
export const SEGMENT_AGE_MAX_MS = 60 * 60 * 1000;

export interface SegmentSequenceOptions {
  readonly directory: string;
  readonly segmentBytes: number;
  readonly nextSeq: number;
}

export class SegmentSequence {
  readonly #options: SegmentSequenceOptions;
  #nextSeq: number;
  #current: SegmentWriter | undefined;
  #begunAt = 0;

  constructor(options: SegmentSequenceOptions) {
    this.#options = options;
    this.#nextSeq = options.nextSeq;
  }

  /** Appends blocks of `bytes` on disk to one segment; answers it with its durable size. After a rejection `leave` must be called. */
  async append(blocks: readonly Block[], bytes: number, now: number): Promise<{ segment: string; bytes: number }> {
    const firstSeq = this.#nextSeq;
    this.#nextSeq += blocks.length;
    const writer = await this.#writerFor(bytes, firstSeq, now);
    await writer.append(encodeFrames(blocks, firstSeq, now), bytes);
    return { segment: writer.segment.id, bytes: writer.acknowledgedBytes };
  }

  /** Never writes the current segment again. Answers what hindered its renaming, if anything. */
  async leave(): Promise<unknown> {
    const failed = this.#current;
    this.#current = undefined;
    return await failed?.giveUp();
  }

  async close(): Promise<void> {
    const last = this.#current;
    this.#current = undefined;
    await last?.close();
  }

  async #writerFor(bytes: number, seq: number, now: number): Promise<SegmentWriter> {
    const before = this.#current;
    const young = now - this.#begunAt < SEGMENT_AGE_MAX_MS;
    if (before !== undefined && young && before.acknowledgedBytes + bytes <= this.#options.segmentBytes) return before;
    this.#current = await SegmentWriter.create(newSegment(this.#options.directory, now, seq));
    this.#begunAt = now;
    // All of it is durable already; a close that fails costs nothing.
    await before?.close().catch(() => undefined);
    return this.#current;
  }
}
