// Keeps what could not be read as a frame, for a person to look at: one file per damaged range, durable before the cursor
// passes it, bounded in all. In: the bytes and where they stood. Out: a file `quarantine/<segment>-<offset>.bad`.
import { mkdir, open, readdir, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../errors.js';
import { syncDirectory } from './log-directory.js';
import type { LogPosition } from './segment.js';

export const QUARANTINE_BYTES_MAX = 256 * 1024 * 1024;

export class Quarantine {
  readonly #directory: string;
  readonly #maxBytes: number;
  #bytes: number | undefined;

  constructor(logDirectory: string, maxBytes = QUARANTINE_BYTES_MAX) {
    this.#directory = path.join(logDirectory, 'quarantine');
    this.#maxBytes = maxBytes;
  }

  /** Answers whether the bytes are kept; false when the quarantine is full. Keeping the same range twice is harmless. */
  async keep(position: LogPosition, bytes: Buffer): Promise<boolean> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    this.#bytes ??= await this.#used();
    const file = path.join(this.#directory, `${position.segment}-${position.offset}.bad`);
    const used = this.#bytes - ((await sizeOf(file)) ?? 0);
    if (used + bytes.length > this.#maxBytes) return false;
    await write(file, bytes);
    await syncDirectory(this.#directory);
    await syncDirectory(path.dirname(this.#directory));
    this.#bytes = used + bytes.length;
    return true;
  }

  async #used(): Promise<number> {
    let bytes = 0;
    for (const name of await readdir(this.#directory)) bytes += (await sizeOf(path.join(this.#directory, name))) ?? 0;
    return bytes;
  }
}

async function write(file: string, bytes: Buffer): Promise<void> {
  const handle: FileHandle = await open(file, 'w', 0o600);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sizeOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
