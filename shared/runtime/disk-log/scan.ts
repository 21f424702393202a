// Reads frames out of an open segment. In: an offset where a frame should begin. Out: intact frames, or what stands there
// instead of one: nothing yet, a part of a frame, or damage up to the next intact frame. Changes nothing.
import type { FileHandle } from 'node:fs/promises';
import type { StreamTable } from '../../contract/rows.js';
import type { UnreadableBlock } from '../stream.js';
import {
  BLOCK_BYTES_MAX,
  FRAME_HEADER_BYTES,
  FRAME_MAGIC,
  decodeHeader,
  frameTable,
  headerProblem,
  isFrameIntact,
  type FrameHeader,
} from './frame.js';
import { readAt } from './segment.js';

export interface ScannedFrame {
  readonly offset: number;
  /** Where the next one begins. */
  readonly end: number;
  readonly header: FrameHeader;
  readonly table: StreamTable;
  readonly body: Buffer;
}

export type Scan =
  | { readonly kind: 'frames'; readonly frames: readonly [ScannedFrame, ...ScannedFrame[]]; readonly end: number }
  /** `open`: nothing intact follows, and the segment may still grow. */
  | ({ readonly kind: 'damage'; readonly offset: number; readonly end: number; readonly open: boolean } & Problem)
  /** A frame that may be being written. Only where the segment may still grow. */
  | { readonly kind: 'incomplete'; readonly offset: number }
  | { readonly kind: 'end' };

type Problem = Pick<UnreadableBlock, 'reason' | 'detail'>;

export interface ScanRange {
  readonly offset: number;
  /** Where the segment's content ends now. */
  readonly end: number;
  /** How much to read at once, about; one frame is read whole in any case. */
  readonly maxBytes: number;
  /** Nobody writes this segment any more: what is incomplete stays so. */
  readonly sealed: boolean;
}

const RESYNC_WINDOW_BYTES = 1024 * 1024;

export async function scanSegment(handle: FileHandle, range: ScanRange): Promise<Scan> {
  const { offset, end } = range;
  if (offset >= end) return { kind: 'end' };
  let wanted = Math.max(range.maxBytes, FRAME_HEADER_BYTES);
  for (;;) {
    const chunk = await readAt(handle, offset, Math.min(wanted, end - offset));
    // The file may have been cut since its size was asked for: then it ends where this reading ended.
    const cut = chunk.length < Math.min(wanted, end - offset);
    const { frames, stop } = scanChunk(chunk, offset);
    const [first, ...rest] = frames;
    if (first !== undefined) return { kind: 'frames', frames: [first, ...rest], end: (rest.at(-1) ?? first).end };
    if (stop.kind === 'damage')
      return await measureDamage(handle, { ...range, end: cut ? offset + chunk.length : end }, stop);
    if (stop.needs > chunk.length && offset + stop.needs <= end && !cut) {
      wanted = stop.needs;
      continue;
    }
    if (chunk.length === 0) return { kind: 'end' };
    if (!range.sealed) return { kind: 'incomplete', offset };
    const problem: Problem = {
      reason: 'bad_crc',
      detail: `an unfinished frame: ${chunk.length} of ${stop.needs} bytes`,
    };
    return await measureDamage(handle, range, { ...problem, declaredBytes: undefined });
  }
}

type Stop =
  /** The frame that begins here has this many bytes, as far as is known, and the chunk ends before. */
  { kind: 'partial'; needs: number } | ({ kind: 'damage' } & Damage);
type Damage = Problem & { declaredBytes: number | undefined };

/** Intact frames from the start of the chunk on, and why it went no further behind them. */
function scanChunk(chunk: Buffer, base: number): { frames: ScannedFrame[]; stop: Stop } {
  const frames: ScannedFrame[] = [];
  for (let at = 0; ;) {
    if (at + FRAME_HEADER_BYTES > chunk.length) return { frames, stop: { kind: 'partial', needs: FRAME_HEADER_BYTES } };
    const header = decodeHeader(chunk, at);
    if (header === undefined) {
      const detail = 'no intact frame header';
      return { frames, stop: { kind: 'damage', reason: 'bad_crc', detail, declaredBytes: undefined } };
    }
    const needs = FRAME_HEADER_BYTES + header.bytes;
    const problem = headerProblem(header);
    const table = frameTable(header);
    if (problem !== undefined || table === undefined)
      return {
        frames,
        stop: { kind: 'damage', reason: 'unknown_version', detail: '', ...problem, declaredBytes: needs },
      };
    if (at + needs > chunk.length) return { frames, stop: { kind: 'partial', needs } };
    if (!isFrameIntact(chunk, at, header)) {
      const detail = `payload checksum (seq ${header.seq}, ${header.rows} rows, ${header.bytes} bytes)`;
      return { frames, stop: { kind: 'damage', reason: 'bad_crc', detail, declaredBytes: needs } };
    }
    const body = chunk.subarray(at + FRAME_HEADER_BYTES, at + needs);
    frames.push({ offset: base + at, end: base + at + needs, header, table, body });
    at += needs;
  }
}

/** How far the damage at `range.offset` reaches: to the declared end where a frame or the file's end bears it out, else to the next intact frame. */
async function measureDamage(handle: FileHandle, range: ScanRange, damage: Damage): Promise<Scan> {
  const { reason, detail } = damage;
  const { offset, end, sealed } = range;
  if (damage.declaredBytes !== undefined) {
    const declaredEnd = offset + damage.declaredBytes;
    if (declaredEnd > end && !sealed) return { kind: 'incomplete', offset };
    if (declaredEnd === end) return { kind: 'damage', offset, end, open: !sealed, reason, detail };
    if (declaredEnd < end && (await isBoundary(handle, declaredEnd, range)))
      return { kind: 'damage', offset, end: declaredEnd, open: false, reason, detail };
  }
  const next = await findFrame(handle, { ...range, offset: offset + 1 });
  return { kind: 'damage', offset, end: next ?? end, open: next === undefined && !sealed, reason, detail };
}

/** Offset of the next frame that is intact as a whole, or (where the segment may still grow) that is being written. */
async function findFrame(handle: FileHandle, range: ScanRange): Promise<number | undefined> {
  for (let at = range.offset; at < range.end;) {
    const window = await readAt(handle, at, Math.min(RESYNC_WINDOW_BYTES, range.end - at));
    if (window.length < FRAME_MAGIC.length) return undefined;
    for (let found = window.indexOf(FRAME_MAGIC); found !== -1; found = window.indexOf(FRAME_MAGIC, found + 1))
      if (await isBoundary(handle, at + found, range)) return at + found;
    // The magic may lie across the border of two windows.
    at += window.length - FRAME_MAGIC.length + 1;
  }
  return undefined;
}

/** Whether a frame begins here. The magic alone proves nothing: a payload may hold it. */
async function isBoundary(handle: FileHandle, at: number, { end, sealed }: ScanRange): Promise<boolean> {
  if (at + FRAME_HEADER_BYTES > end) return !sealed;
  const head = await readAt(handle, at, FRAME_HEADER_BYTES);
  const header = head.length < FRAME_HEADER_BYTES ? undefined : decodeHeader(head, 0);
  if (header === undefined) return false;
  const bytes = FRAME_HEADER_BYTES + header.bytes;
  if (at + bytes > end) return !sealed;
  if (header.bytes > BLOCK_BYTES_MAX || headerProblem(header) !== undefined) return true;
  const frame = await readAt(handle, at, bytes);
  return frame.length === bytes && isFrameIntact(frame, 0, header);
}
