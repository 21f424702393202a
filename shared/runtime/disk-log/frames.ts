// A look at the frames of a log, for auditors and the doctor: takes no lock, moves nothing, waits for nothing.
// What another process deletes or appends meanwhile may or may not be seen.
import { open } from 'node:fs/promises';
import { errorCode } from '../errors.js';
import { scanSegment, type Scan, type ScannedFrame } from './scan.js';
import { comparePositions, listSegments, readableEnd, type LogPosition, type Segment } from './segment.js';

export type LogEntry =
  | ({ readonly kind: 'frame'; readonly segment: string } & ScannedFrame)
  | (Extract<Scan, { kind: 'damage' }> & { readonly segment: string });

export interface FrameRange {
  /** Only frames at or behind this position. */
  readonly from?: LogPosition;
  /** Only frames before this position, such as the committed one. */
  readonly before?: LogPosition;
}

const READ_BYTES = 1024 * 1024;

/** All frames of the log in order, and the damage between them. An unfinished frame at the very end is left out. */
export async function* readFrames(directory: string, range: FrameRange = {}): AsyncGenerator<LogEntry> {
  const segments = await listSegments(directory);
  for (const segment of segments) {
    const sealed = segment !== segments.at(-1);
    for await (const entry of readSegment(segment, sealed)) {
      const at = { segment: entry.segment, offset: entry.offset };
      if (range.before !== undefined && comparePositions(at, range.before) >= 0) return;
      if (range.from === undefined || comparePositions(at, range.from) >= 0) yield entry;
    }
  }
}

async function* readSegment(segment: Segment, sealed: boolean): AsyncGenerator<LogEntry> {
  let handle;
  try {
    handle = await open(segment.file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    const end = await readableEnd(handle, segment);
    for (let offset = 0; ;) {
      const scan = await scanSegment(handle, { offset, end, maxBytes: READ_BYTES, sealed });
      if (scan.kind === 'end' || scan.kind === 'incomplete') return;
      if (scan.kind === 'damage') yield { ...scan, segment: segment.id };
      else for (const frame of scan.frames) yield { kind: 'frame', segment: segment.id, ...frame };
      offset = scan.end;
    }
  } finally {
    await handle.close();
  }
}
