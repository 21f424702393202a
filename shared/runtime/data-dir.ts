// Where things lie in the data directory. One machine or container owns a data directory; only its owner may read it.
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

export interface DataDir {
  readonly root: string;
  /** What a script needs to talk to a running instance; there while everything is ready. */
  readonly runFile: string;
  readonly projectsFile: string;
  /** Which reports there are; need not be there. */
  readonly reportsFile: string;
  /** Reports as files. */
  readonly reports: string;
  /** Secrets that `npm start` made: keys, tokens and passwords of the embedded mode. */
  readonly secretsFile: string;
  readonly diskLog: string;
  readonly clickhouse: string;
  /** Data of a local Kafka, a folder for each number of brokers. */
  readonly kafka: string;
  /** Address and credentials of the running embedded ClickHouse. */
  readonly clickhouseFile: string;
}

export function dataDir(root: string): DataDir {
  const at = (...parts: string[]) => path.join(root, ...parts);
  return {
    root,
    runFile: at('run.json'),
    projectsFile: at('projects.json'),
    reportsFile: at('reports.json'),
    reports: at('reports'),
    secretsFile: at('secrets.json'),
    diskLog: at('disk-log'),
    clickhouse: at('clickhouse'),
    kafka: at('kafka'),
    clickhouseFile: at('clickhouse', 'connection.json'),
  };
}

/** Makes the directory (mode 0700) when it is not there, and closes it to others when it is. */
export function ensureDataDir(root: string): DataDir {
  mkdirSync(root, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  return dataDir(root);
}

/** Replaces a file so that a reader sees the old or the new content and a crash leaves one of them. Mode 0600 unless said. */
export async function writeFileAtomic(file: string, content: string, mode = 0o600): Promise<void> {
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  const directory = await open(path.dirname(file), 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
