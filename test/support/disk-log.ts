// Helpers for tests of the disk log: a folder of its own, blocks with known rows, everything that can be read.
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { StreamTable } from '../../shared/contract/rows.js';
import { listSegments } from '../../shared/runtime/disk-log/segment.js';
import { isUnreadable, type Block, type StreamReader, type UnreadableBlock } from '../../shared/runtime/stream.js';

/** Runs `use` with a new folder and removes it afterwards. */
export async function withLogFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'tacit-disk-log-'));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A block with one row `{"id":...}` for each id. */
export function blockOf(ids: readonly (string | number)[], table: StreamTable = 'events'): Block {
  return { table, rows: ids.length, body: Buffer.from(ids.map((id) => `${JSON.stringify({ id })}\n`).join('')) };
}

export function idsIn(body: Buffer): (string | number)[] {
  const lines = body.toString('utf8').split('\n').slice(0, -1);
  return lines.map((line) => (JSON.parse(line) as { id: string | number }).id);
}

export interface Drained {
  readonly ids: (string | number)[];
  readonly unreadable: UnreadableBlock[];
}

/** Reads (and commits, unless told otherwise) until nothing comes for `waitMs`. */
export async function drain(
  reader: StreamReader,
  { waitMs = 0, maxBytes = 1e6, commit = true } = {},
): Promise<Drained> {
  const drained: Drained = { ids: [], unreadable: [] };
  for (;;) {
    const batch = await reader.read(maxBytes, waitMs);
    if (batch === undefined) return drained;
    for (const item of batch.items) {
      if (isUnreadable(item)) drained.unreadable.push(item);
      else drained.ids.push(...idsIn(item.body));
    }
    if (commit) await batch.commit({ stored: 0, dead: 0 });
  }
}

/** Names of the segment files, oldest first. */
export async function segmentFiles(directory: string): Promise<string[]> {
  return (await listSegments(directory)).map((segment) => path.basename(segment.file));
}

/** The class of open files, whose methods a test may replace to play a failing disk. */
export async function fileHandlePrototype(): Promise<FileHandle> {
  const handle = await open(tmpdir(), 'r');
  await handle.close();
  return Object.getPrototypeOf(handle) as FileHandle;
}
