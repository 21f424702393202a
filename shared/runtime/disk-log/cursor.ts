// The one cursor of a disk log: up to where it was consumed, and the totals at that place, in one file and one write.
// Whoever consumes the log moves it. Segments before it may be deleted, and nothing else allows that.
import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { writeFileAtomic } from '../data-dir.js';
import { StartError, errorCode } from '../errors.js';
import type { StreamTotals } from '../stream.js';
import type { LogPosition } from './segment.js';

export interface Cursor {
  /** Null before anything was consumed: the log is read from its oldest segment. */
  readonly position: LogPosition | null;
  readonly totals: StreamTotals;
}

export const INITIAL_CURSOR: Cursor = { position: null, totals: { stored: 0, dead: 0 } };

/** A temporary file lives for milliseconds; one this old was left behind by a crash. */
const STALE_TEMPORARY_MS = 60_000;
const count = z.number().int().min(0);
const cursorSchema = z.object({
  version: z.literal(1),
  position: z.object({ segment: z.string().regex(/^\d{1,16}-\d{1,16}$/), offset: count }).nullable(),
  totals: z.object({ stored: count, dead: count }),
});

export function cursorFile(directory: string): string {
  return path.join(directory, 'cursor.json');
}

/** The cursor on disk, or undefined when there is none yet. Throws StartError when it cannot be understood: guessing would lose data. */
export async function readCursor(directory: string): Promise<Cursor | undefined> {
  const file = cursorFile(directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return cursorSchema.parse(JSON.parse(text));
  } catch {
    throw new StartError(
      `${file} is damaged; without it the log is read again from its oldest segment, with totals from 0`,
    );
  }
}

/** Durable when it resolves: content, name and folder are synced. */
export async function writeCursor(directory: string, cursor: Cursor): Promise<void> {
  const { position, totals } = cursor;
  await writeFileAtomic(cursorFile(directory), `${JSON.stringify({ version: 1, position, totals })}\n`);
}

export async function removeStaleCursorFiles(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    if (!name.startsWith('cursor.json.') || !name.endsWith('.tmp')) continue;
    const file = path.join(directory, name);
    const age = await stat(file).then(
      (s) => Date.now() - s.mtimeMs,
      () => 0,
    );
    if (age > STALE_TEMPORARY_MS) await rm(file, { force: true });
  }
}
