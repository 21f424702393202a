// Stage: both ends of the disk log against bare files. Appends against a write and an fdatasync of the same bytes in the same
// groups; reading with commits against reading the same files from end to end.
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { openDiskLogReader } from '../../shared/runtime/disk-log/reader.js';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { listSegments } from '../../shared/runtime/disk-log/segment.js';
import type { Block } from '../../shared/runtime/stream.js';
import { makeTempDir } from '../support/temp-dir.js';
import { rowBlocks } from './blocks.js';
import { using, type Used } from './measure.js';
import { figure, ratio, type Figure, type Ratio, type StageReport } from './report.js';

const READ_BYTES = 8 * 1024 * 1024;

interface Case {
  readonly name: string;
  /** Appends that come at once and so share a group. */
  readonly together: number;
  readonly rowsPerBlock: number;
  readonly groups: number;
}

const CASES: readonly Case[] = [
  { name: '1 append of 10 rows', together: 1, rowsPerBlock: 10, groups: 400 },
  { name: '32 appends of 10 rows at once', together: 32, rowsPerBlock: 10, groups: 300 },
  { name: '32 appends of 100 rows at once', together: 32, rowsPerBlock: 100, groups: 100 },
];

export async function benchDiskLog(short: boolean): Promise<StageReport> {
  const repetitions = short ? 3 : 7;
  const ratios: Ratio[] = [];
  const figures: Figure[] = [];
  for (const one of CASES) {
    const groups = short ? Math.ceil(one.groups / 4) : one.groups;
    const group = rowBlocks(one.together, one.rowsPerBlock);
    const rows = groups * one.together * one.rowsPerBlock;
    const [log, bare]: [Used[], Used[]] = [[], []];
    for (let n = 0; n <= repetitions; n += 1) {
      const turns = [
        async () => void log.push(await appendToLog(group, groups)),
        async () => void bare.push(await appendToFile(group, groups)),
      ];
      for (const turn of n % 2 === 0 ? turns : turns.reverse()) await turn();
    }
    const [measured, floor] = [log.slice(1), bare.slice(1)]; // the first is the warm-up
    ratios.push(
      ratio(
        `events a second, ${one.name}`,
        measured.map((u) => rows / u.seconds),
        floor.map((u) => rows / u.seconds),
      ),
    );
    figures.push(
      figure(
        `${one.name}: events a second`,
        '1/s',
        measured.map((u) => rows / u.seconds),
        floor.map((u) => rows / u.seconds),
      ),
      figure(`${one.name}: CPU per event`, 'us', cpuUs(measured, rows), cpuUs(floor, rows)),
    );
  }
  const read = await benchReading(repetitions, short ? 20_000 : 200_000);
  return {
    stage: 'disk log',
    floor: 'one write and one fdatasync a group, of the same rows without frames; files read from end to end',
    ratios: [...ratios, ...read.ratios],
    figures: [...figures, ...read.figures],
    notes: ['CPU of the process that measures, all threads; in the first case there is one fdatasync for ten events'],
  };
}

function cpuUs(used: readonly Used[], rows: number): number[] {
  return used.map(({ cpuSeconds }) => (cpuSeconds * 1e6) / rows);
}

async function appendToLog(group: readonly Block[], groups: number): Promise<Used> {
  const { dir, remove } = makeTempDir('bench-log');
  const writer = await openDiskLogWriter({ directory: dir });
  try {
    return await using([process.pid], async () => {
      for (let n = 0; n < groups; n += 1) await Promise.all(group.map(async (block) => await writer.append([block])));
    });
  } finally {
    await writer.close();
    remove();
  }
}

async function appendToFile(group: readonly Block[], groups: number): Promise<Used> {
  const { dir, remove } = makeTempDir('bench-file');
  const file = await open(path.join(dir, 'floor'), 'a');
  try {
    return await using([process.pid], async () => {
      for (let n = 0; n < groups; n += 1) {
        await file.writev(group.map(({ body }) => body));
        await file.datasync();
      }
    });
  } finally {
    await file.close();
    remove();
  }
}

async function benchReading(repetitions: number, rows: number): Promise<Pick<StageReport, 'ratios' | 'figures'>> {
  const [log, bare]: [Used[], Used[]] = [[], []];
  for (let n = 0; n <= repetitions; n += 1) {
    const { dir, remove } = makeTempDir('bench-read');
    try {
      const writer = await openDiskLogWriter({ directory: dir });
      const blocks = rowBlocks(100, 100);
      for (let appended = 0; appended < rows; appended += 10_000) await writer.append(blocks);
      await writer.close();
      const files = (await listSegments(dir)).map(({ file }) => file);
      if (files.length === 0) throw new Error(`nothing to read among ${(await readdir(dir)).join(' ')}`);
      // The bare reading comes first: consumed segments are deleted.
      bare.push(await using([process.pid], async () => await readFiles(files)));
      log.push(await using([process.pid], async () => await readLog(dir)));
    } finally {
      remove();
    }
  }
  const [measured, floor] = [log.slice(1), bare.slice(1)];
  return {
    ratios: [ratio('CPU per event, reading', cpuUs(measured, rows), cpuUs(floor, rows))],
    figures: [
      figure(
        'reading: events a second',
        '1/s',
        measured.map((u) => rows / u.seconds),
        floor.map((u) => rows / u.seconds),
      ),
      figure('reading: CPU per event', 'us', cpuUs(measured, rows), cpuUs(floor, rows)),
    ],
  };
}

async function readLog(directory: string): Promise<void> {
  const reader = await openDiskLogReader({ directory });
  for (;;) {
    const batch = await reader.read(READ_BYTES, 0);
    if (batch === undefined) break;
    await batch.commit({ stored: 0, dead: 0 });
  }
  await reader.close();
}

async function readFiles(files: readonly string[]): Promise<void> {
  for (const name of files) {
    const file = await open(name, 'r');
    for (;;) {
      const { bytesRead } = await file.read(Buffer.allocUnsafe(READ_BYTES), 0, READ_BYTES, null);
      if (bytesRead === 0) break;
    }
    await file.close();
  }
}
