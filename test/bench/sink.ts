// Stage: the sink against a direct insert of the same bytes in the same sizes, each into an embedded server of its own with the
// same tables and views. The sink is stopped by a signal while its log is filled, so that both begin with everything there.
import path from 'node:path';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { Block } from '../../shared/runtime/stream.js';
import { startTestClickHouse } from '../support/clickhouse.js';
import { startService } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { appendAll, rowBlocks } from './blocks.js';
import { startDirectFloor, type InsertUse } from './direct-floor.js';
import { cpuSeconds } from './measure.js';
import { emptied, quiet } from './quiet.js';
import { figure, ratio, type StageReport } from './report.js';
import { storedSoFar } from './stored.js';

const ROWS_PER_BLOCK = 200;
const TARGET = { atLeast: 0.85 } as const;
const POLL_MS = 10;

export async function benchSink(short: boolean): Promise<StageReport> {
  const repetitions = short ? 3 : 7;
  const rows = short ? 60_000 : 200_000;
  const blocks = rowBlocks(rows / ROWS_PER_BLOCK, ROWS_PER_BLOCK);
  const sink = await startBenchSink(blocks);
  const direct = await startDirectFloor(blocks);
  const [measured, least]: [InsertUse[], InsertUse[]] = [[], []];
  try {
    const turns = [async () => void measured.push(await sink.pass()), async () => void least.push(await direct.pass())];
    for (let n = 0; n <= repetitions; n += 1) for (const turn of n % 2 === 0 ? turns : turns.toReversed()) await turn();
  } finally {
    await sink.stop();
    await direct.stop();
  }
  return reportOf(rows, direct.sizes, measured.slice(1), least.slice(1)); // the first pass warms up
}

function reportOf(
  rows: number,
  sizes: readonly number[],
  measured: readonly InsertUse[],
  least: readonly InsertUse[],
): StageReport {
  const perCpuSecond = (uses: readonly InsertUse[]) => uses.map(({ client, server }) => rows / (client + server));
  const perSecond = (uses: readonly InsertUse[]) => uses.map(({ seconds }) => rows / seconds);
  const us = (uses: readonly InsertUse[], side: 'client' | 'server') => uses.map((use) => (use[side] * 1e6) / rows);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  return {
    stage: 'sink',
    floor:
      'the same bytes in the same inserts, from memory, by a bare HTTP client; nothing read from disk, checked or committed',
    ratios: [
      ratio('rows per CPU second', perCpuSecond(measured), perCpuSecond(least), TARGET),
      ratio('rows a second', perSecond(measured), perSecond(least)),
    ],
    figures: [
      figure('rows per CPU second, client and ClickHouse', '1/s', perCpuSecond(measured), perCpuSecond(least)),
      figure('rows a second', '1/s', perSecond(measured), perSecond(least)),
      figure('CPU per row, client alone', 'us', us(measured, 'client'), us(least, 'client')),
      figure('CPU per row, ClickHouse alone', 'us', us(measured, 'server'), us(least, 'server')),
    ],
    notes: [
      `${rows} rows of ${Math.round(bytes / rows)} bytes in ${sizes.length} inserts into empty tables; CPU until the server had nothing left to merge`,
    ],
  };
}

interface BenchSink {
  /** Empties the tables and lets the sink store everything from its log. */
  pass(): Promise<InsertUse>;
  stop(): Promise<void>;
}

async function startBenchSink(blocks: readonly Block[]): Promise<BenchSink> {
  const { dir, remove } = makeTempDir('bench-sink');
  const log = path.join(dir, 'disk-log');
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const clickhouse = await startTestClickHouse();
  const writer = await openDiskLogWriter({ directory: log });
  const { url, user, password } = clickhouse.connections.writer;
  const sink = await startService('sink', {
    TACIT_DATA_DIR: dir,
    CLICKHOUSE_URL: url,
    CLICKHOUSE_WRITER_USER: user,
    CLICKHOUSE_WRITER_PASSWORD: password,
    LOG_LEVEL: 'warn',
  });
  const { pid } = sink;
  return {
    pass: async () => {
      await emptied(clickhouse);
      process.kill(pid, 'SIGSTOP');
      const goal = (await storedSoFar(log)) + rows;
      await appendAll(writer, blocks);
      const before = { client: cpuSeconds(pid), server: cpuSeconds(clickhouse.pid()), at: performance.now() };
      process.kill(pid, 'SIGCONT');
      while ((await storedSoFar(log)) < goal) await sleep(POLL_MS);
      const seconds = (performance.now() - before.at) / 1000;
      await quiet(clickhouse.migrator);
      return {
        client: cpuSeconds(pid) - before.client,
        server: cpuSeconds(clickhouse.pid()) - before.server,
        seconds,
      };
    },
    stop: async () => {
      await sink.kill();
      await writer.close();
      await clickhouse.stop();
      remove();
    },
  };
}
