// What a writer does with the log of its predecessor: cuts the unfinished frame off the newest segment, and finds the next
// sequence number. Must never cut anything but an unfinished frame at the very end, and only while the writer lock is held.
import { open } from 'node:fs/promises';
import { readCursor } from './cursor.js';
import { scanSegment } from './scan.js';
import { listSegments, readableEnd, segmentBytes, segmentSeq, type Segment } from './segment.js';

export interface Recovered {
  readonly nextSeq: number;
  readonly cutBytes: number;
  /** Bytes of each segment, by its id. */
  readonly sizes: ReadonlyMap<string, number>;
}

const READ_BYTES = 1024 * 1024;

export async function recoverLog(directory: string): Promise<Recovered> {
  const segments = await listSegments(directory);
  const sizes = new Map<string, number>();
  let nextSeq = 1;
  let cutBytes = 0;
  for (const segment of segments) {
    const newest = segment === segments.at(-1);
    const { bytes, lastSeq, cut } = await (newest ? recoverNewest(segment) : measure(segment));
    sizes.set(segment.id, bytes);
    nextSeq = Math.max(nextSeq, lastSeq + 1);
    cutBytes += cut;
  }
  // The reader may be in a segment whose unsynced part went with the power, or that somebody removed.
  const position = (await readCursor(directory))?.position;
  if (position) nextSeq = Math.max(nextSeq, segmentSeq(position.segment) + 1);
  return { nextSeq, cutBytes, sizes };
}

/** A reader may delete it meanwhile; the newest segment it never deletes. */
async function measure(segment: Segment): Promise<{ bytes: number; lastSeq: number; cut: number }> {
  return { bytes: (await segmentBytes(segment)) ?? 0, lastSeq: segment.seq, cut: 0 };
}

async function recoverNewest(segment: Segment): Promise<{ bytes: number; lastSeq: number; cut: number }> {
  const handle = await open(segment.file, 'r+');
  try {
    const end = await readableEnd(handle, segment);
    let lastSeq = segment.seq;
    let offset = 0;
    for (;;) {
      const scan = await scanSegment(handle, { offset, end, maxBytes: READ_BYTES, sealed: false });
      if (scan.kind === 'end') return { bytes: end, lastSeq, cut: 0 };
      if (scan.kind === 'incomplete') break;
      if (scan.kind === 'frames') lastSeq = Math.max(lastSeq, ...scan.frames.map((frame) => frame.header.seq));
      offset = scan.end;
    }
    await handle.truncate(offset);
    await handle.sync();
    return { bytes: offset, lastSeq, cut: end - offset };
  } finally {
    await handle.close();
  }
}
