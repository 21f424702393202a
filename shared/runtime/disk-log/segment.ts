// Names and order of the segment files of a disk log, and reading from an open one.
//
// `<epoch ms>-<seq>.seg`: seq is that of its first frame and alone gives the order (a clock can go back). One process life
// writes a segment, nobody ever appends to it again. `<epoch ms>-<seq>-<bytes>.err`: writing failed in it; only its first
// <bytes> were acknowledged, what stands behind them is not read.
import { readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../errors.js';

export interface Segment {
  /** `<epoch ms>-<seq>`: names it in positions, also after its file was renamed. */
  readonly id: string;
  readonly seq: number;
  readonly file: string;
  /** Where reading must stop, when that is known; otherwise the end of the file. */
  readonly acknowledgedBytes: number | undefined;
}

/** A place in the log: the offset in bytes within a segment. */
export interface LogPosition {
  readonly segment: string;
  readonly offset: number;
}

const FILE_NAME = /^(\d{1,16}-(\d{1,16}))(?:\.seg|-(\d{1,16})\.err)$/;
const ID = /^\d{1,16}-(\d{1,16})$/;

export function newSegment(directory: string, now: number, seq: number): Segment {
  const id = `${Math.max(0, Math.trunc(now))}-${seq}`;
  return { id, seq, file: path.join(directory, `${id}.seg`), acknowledgedBytes: undefined };
}

/** The file that a segment becomes when writing failed in it. */
export function failedSegmentFile(segment: Segment, acknowledgedBytes: number): string {
  return path.join(path.dirname(segment.file), `${segment.id}-${acknowledgedBytes}.err`);
}

/** The sequence number in a segment's id. Throws when it is none. */
export function segmentSeq(id: string): number {
  const seq = ID.exec(id)?.[1];
  if (seq === undefined) throw new Error('not the name of a segment');
  return Number(seq);
}

/** All segments, oldest first. Other files are left out. */
export async function listSegments(directory: string): Promise<Segment[]> {
  const segments: Segment[] = [];
  for (const name of await readdir(directory)) {
    const [, id, seq, bytes] = FILE_NAME.exec(name) ?? [];
    if (id === undefined || seq === undefined) continue;
    const acknowledgedBytes = bytes === undefined ? undefined : Number(bytes);
    segments.push({ id, seq: Number(seq), file: path.join(directory, name), acknowledgedBytes });
  }
  return segments.sort((a, b) => a.seq - b.seq || (a.id < b.id ? -1 : 1));
}

export function comparePositions(a: LogPosition, b: LogPosition): number {
  return segmentSeq(a.segment) - segmentSeq(b.segment) || a.offset - b.offset;
}

/** How a position is written in dead letters. */
export function formatPosition(position: LogPosition): string {
  return `log:${position.segment}:${position.offset}`;
}

/** The position that is written so; undefined when it is none of a disk log. */
export function parsePosition(text: string): LogPosition | undefined {
  const [, segment, offset] = /^log:(\d{1,16}-\d{1,16}):(\d{1,16})$/.exec(text) ?? [];
  return segment === undefined || offset === undefined ? undefined : { segment, offset: Number(offset) };
}

/** Where reading ends now. */
export async function readableEnd(handle: FileHandle, segment: Segment): Promise<number> {
  const { size } = await handle.stat();
  return Math.min(size, segment.acknowledgedBytes ?? size);
}

/** Bytes that can be read in a segment; undefined when it was deleted or renamed since the folder was listed. */
export async function segmentBytes(segment: Segment): Promise<number | undefined> {
  try {
    const { size } = await stat(segment.file);
    return Math.min(size, segment.acknowledgedBytes ?? size);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Up to `bytes` from `offset` on; fewer only where the file ends. */
export async function readAt(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await handle.read(buffer, filled, bytes - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
