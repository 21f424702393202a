// Writes files as a target: each whole or not at all. In: a folder, a path below it, contents. Out: how it ended.
// What goes wrong with a disk is weather: somebody makes room or gives the right, and the next attempt writes.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomic } from '../../../shared/runtime/data-dir.js';
import { errorCode } from '../../../shared/runtime/errors.js';
import type { Ending } from './attempt.js';

export interface WrittenFile {
  readonly name: string;
  readonly content: string;
}

/** A name may have so many characters, as files on every system may. */
export const NAME_CHARS_MAX = 200;

/** One part of a path: no separators, no dots at its ends, nothing that a system reads as something else. */
export function safeName(text: string): string {
  const safe = text
    .replace(/[^A-Za-z0-9._-]/g, (character) => `~${character.codePointAt(0)?.toString(16) ?? ''}`)
    .replace(/^\.+|\.+$/g, (dots) => '~'.repeat(dots.length));
  return safe === '' ? '~' : safe.slice(0, NAME_CHARS_MAX);
}

const DISK: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full for this user',
  EACCES: 'the folder may not be written',
  EPERM: 'the folder may not be written',
  EROFS: 'the disk may only be read',
  ENOTDIR: 'a file stands where the folder should be',
  EEXIST: 'a file stands where the folder should be',
  EISDIR: 'a folder stands where the file should be',
};

/** Never rejects. `mode`: rights of the files; without one, as the umask says. */
export async function writeFiles(
  folder: string,
  parts: readonly string[],
  files: readonly WrittenFile[],
  mode?: number,
): Promise<Ending> {
  try {
    const place = path.join(folder, ...parts.map(safeName));
    await mkdir(place, { recursive: true, ...(mode === undefined ? {} : { mode: 0o700 }) });
    for (const { name, content } of files)
      await writeFileAtomic(path.join(place, safeName(name)), content, mode ?? 0o666);
    return { result: 'sent', detail: files.length === 1 ? '1 file' : `${files.length} files` };
  } catch (error) {
    return { result: 'retry', detail: DISK[errorCode(error) ?? ''] ?? 'the files could not be written' };
  }
}
