// The sizes in which the sink inserts blocks that all lie there when it looks: its own grouping, run over a log of its own.
import { readGroup } from '../../services/sink/group.js';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import type { Block } from '../../shared/runtime/stream.js';
import { appendAll } from './blocks.js';

/** In bytes, in order. The directory is left for the caller to remove. */
export async function insertSizes(directory: string, blocks: readonly Block[]): Promise<number[]> {
  const writer = await openDiskLogWriter({ directory });
  await appendAll(writer, blocks);
  await writer.close();
  const reader = await openDiskLogReader({ directory });
  const sizes: number[] = [];
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  for (let read = 0; read < rows;) {
    const group = await readGroup(reader, new AbortController().signal);
    for (const { blocks: together, rows: count } of group?.open ?? []) {
      sizes.push(together.reduce((sum, { body }) => sum + body.length, 0));
      read += count;
    }
  }
  await reader.close();
  return sizes;
}
