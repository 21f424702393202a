// The folder of a disk log, made so that it outlives a power cut: the names of new folders are synced as well.
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';

/** Makes the folder and its parents where they are missing, mode 0700. */
export async function ensureLogDirectory(directory: string): Promise<void> {
  const folder = path.resolve(directory);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // Whoever made the folders may have died before the sync, so it is done at each start; the parent may be new as well.
  await syncDirectory(path.dirname(folder));
  await syncDirectory(path.dirname(path.dirname(folder))).catch(() => undefined);
}

export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
