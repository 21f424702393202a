// A disk log of its own, a sink process on it, and what came of both. In: a running test ClickHouse. Out: ways to append, start,
// wait and look. Must leave neither process nor folder behind.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { readCursor } from '../../shared/runtime/disk-log/cursor.js';
import { openDiskLogWriter, type DiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import type { StreamTotals } from '../../shared/runtime/stream.js';
import type { TestClickHouse } from './clickhouse.js';
import { eventually } from './eventually.js';
import { startService, type ServiceProcess } from './service-process.js';

const TABLES = ['events', 'generations', 'drops', 'dead_letters', 'erasures'];

export interface StoredDeadLetter {
  readonly position: string;
  readonly target: string;
  readonly reason: string;
  readonly detail: string;
  readonly row: string;
  readonly project_id: string;
}

export interface SinkFixture {
  readonly directory: string;
  readonly logDirectory: string;
  readonly writer: DiskLogWriter;
  /** Starts the process; `url` stands for ClickHouse's own address. */
  startSink(url?: string): Promise<ServiceProcess>;
  totals(): Promise<StreamTotals>;
  /** Waits until so many rows are committed, and fails when they are not exactly these. */
  reachTotals(expected: StreamTotals, timeoutMs?: number): Promise<void>;
  storedIds(): Promise<string[]>;
  deadLetters(): Promise<StoredDeadLetter[]>;
  /** Kills what runs and removes the folder. */
  close(): Promise<void>;
}

/** Empties the tables of the stream and makes an empty log. */
export async function openSinkFixture(clickhouse: TestClickHouse): Promise<SinkFixture> {
  for (const table of TABLES) await clickhouse.migrator.command(`TRUNCATE TABLE ${table}`);
  const directory = await mkdtemp(path.join(os.tmpdir(), 'tacit-sink-'));
  const logDirectory = path.join(directory, 'disk-log');
  const writer = await openDiskLogWriter({ directory: logDirectory });
  const started: ServiceProcess[] = [];
  const totals = async () => (await readCursor(logDirectory))?.totals ?? { stored: 0, dead: 0 };
  return {
    directory,
    logDirectory,
    writer,
    totals,
    startSink: async (url = clickhouse.url) => {
      const { user, password } = clickhouse.connections.writer;
      const sink = await startService('sink', {
        TACIT_DATA_DIR: directory,
        TACIT_SINK_PORT: '0',
        CLICKHOUSE_URL: url,
        CLICKHOUSE_WRITER_USER: user,
        CLICKHOUSE_WRITER_PASSWORD: password,
      });
      started.push(sink);
      return sink;
    },
    reachTotals: async (expected, timeoutMs = 30_000) => {
      const enough = (now: StreamTotals) => now.stored + now.dead >= expected.stored + expected.dead;
      const now = await eventually(totals, enough, timeoutMs);
      if (now.stored !== expected.stored || now.dead !== expected.dead)
        throw new Error(`totals are ${JSON.stringify(now)}, not ${JSON.stringify(expected)}`);
    },
    storedIds: async () => {
      const rows = await clickhouse.reporter.query<{ id: string }>(
        'SELECT DISTINCT toString(event_id) AS id FROM events ORDER BY id',
      );
      return rows.map(({ id }) => id);
    },
    deadLetters: async () =>
      await clickhouse.reporter.query<StoredDeadLetter>(
        'SELECT position, target, reason, detail, row, project_id FROM dead_letters FINAL ORDER BY position, row',
      ),
    close: async () => {
      await Promise.all(started.map(async (sink) => await sink.kill()));
      await writer.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The health server of a sink. */
export async function sinkGet(sink: ServiceProcess, pathname: string): Promise<{ status: number; body: string }> {
  const response = await fetch(`http://127.0.0.1:${String(sink.ready['port'])}${pathname}`);
  return { status: response.status, body: await response.text() };
}
