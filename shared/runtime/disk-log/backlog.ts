// How much of a log waits behind a position, and since when. Reads sizes and one header, takes no lock.
import { open } from 'node:fs/promises';
import { errorCode } from '../errors.js';
import { FRAME_HEADER_BYTES, decodeHeader } from './frame.js';
import { listSegments, readAt, segmentBytes, segmentSeq, type LogPosition, type Segment } from './segment.js';

/** Bytes behind `position`, and the age of the oldest of them in ms (0 when there are none). */
export async function measureBacklog(
  directory: string,
  position: LogPosition | null,
  now: number,
): Promise<{ bytes: number; ageMs: number }> {
  let bytes = 0;
  let oldest: number | undefined;
  for (const segment of await listSegments(directory)) {
    if (position !== null && segment.seq < segmentSeq(position.segment)) continue;
    const from = segment.id === position?.segment ? position.offset : 0;
    const waiting = Math.max(0, ((await segmentBytes(segment)) ?? 0) - from);
    bytes += waiting;
    if (waiting > 0) oldest ??= await appendedAt(segment, from);
  }
  return { bytes, ageMs: oldest === undefined ? 0 : Math.max(0, now - oldest) };
}

/** When the frame at `offset` was appended; where none can be read, when its segment was begun. */
async function appendedAt(segment: Segment, offset: number): Promise<number> {
  const begun = Number(segment.id.slice(0, segment.id.indexOf('-')));
  try {
    const handle = await open(segment.file, 'r');
    try {
      const head = await readAt(handle, offset, FRAME_HEADER_BYTES);
      return (head.length < FRAME_HEADER_BYTES ? undefined : decodeHeader(head, 0)?.appendedAt) ?? begun;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return begun;
    throw error;
  }
}
