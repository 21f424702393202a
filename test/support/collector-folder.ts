// A data directory for collector processes of their own: a projects file, the environment, and what their disk log holds.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { isUnreadable } from '../../shared/runtime/stream.js';
import type { StreamTable } from '../../shared/contract/rows.js';
import { WRITE_KEY } from './collector.js';
import { rowsOf } from './memory-stream.js';
import { makeTempDir } from './temp-dir.js';

export interface CollectorFolder {
  readonly env: Readonly<Record<string, string>>;
  readonly projectsFile: string;
  /** Writes the projects file anew, with one project whose write key is `key`. */
  writeProjects(key?: string): Promise<void>;
  /** Every row in the disk log, which no process may be reading. */
  rows(table: StreamTable): Promise<Record<string, unknown>[]>;
  remove(): void;
}

export async function makeCollectorFolder(): Promise<CollectorFolder> {
  const { dir, remove } = makeTempDir('collector');
  const projectsFile = path.join(dir, 'projects.json');
  const diskLog = path.join(dir, 'disk-log');
  await mkdir(diskLog, { recursive: true });
  const folder: CollectorFolder = {
    env: { TACIT_DATA_DIR: dir, TACIT_COLLECTOR_PORT: '0', LOG_LEVEL: 'warn', PATH: '' },
    projectsFile,
    async writeProjects(key = WRITE_KEY) {
      const writeKey = { key, allowNoOrigin: true, eventsPerSecond: 1e6, burst: 1e7 };
      const project = { id: 'test', hashKey: { value: 'hash-key-of-the-tests' }, writeKeys: [writeKey] };
      await writeFile(projectsFile, JSON.stringify({ version: 1, projects: [project] }));
    },
    async rows(table) {
      const reader = await openDiskLogReader({ directory: diskLog });
      try {
        const rows: Record<string, unknown>[] = [];
        for (;;) {
          const batch = await reader.read(16 * 1024 * 1024, 0);
          if (batch === undefined) return rows;
          for (const item of batch.items) if (!isUnreadable(item) && item.table === table) rows.push(...rowsOf(item));
        }
      } finally {
        await reader.close();
      }
    },
    remove,
  };
  await folder.writeProjects();
  return folder;
}
