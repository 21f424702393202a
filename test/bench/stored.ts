// How far a disk log has been stored. In: its directory. Out: rows of `events` at or before its committed position.
import { readCursor } from '../../shared/runtime/disk-log/cursor.js';

export async function storedSoFar(directory: string): Promise<number> {
  return (await readCursor(directory))?.totals.stored ?? 0;
}
