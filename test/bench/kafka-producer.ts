// Stage: the forwarder's way from the disk log into Kafka, against kafkajs as it comes with the same values from memory. Each is a
// process that does nothing else. The forwarder is stopped by a signal while its log is filled, so that both begin with everything.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { requestsOf } from '../../services/collector/forward-pieces.js';
import { openDiskLogWriter } from '../../shared/runtime/disk-log/writer.js';
import { PARTITIONS } from '../../shared/runtime/kafka/topics.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { Block } from '../../shared/runtime/stream.js';
import { makeTempDir } from '../support/temp-dir.js';
import { startBenchKafka, type BenchKafka } from './bench-kafka.js';
import { appendAll, collectorBlocks } from './blocks.js';
import type { ForwardOrder } from './kafka-forward.js';
import type { PlainOrder } from './kafka-plain.js';
import { using, type Used } from './measure.js';
import { startWorker } from './orders.js';
import { figure, ratio, type Figure, type Ratio, type StageReport } from './report.js';
import { storedSoFar } from './stored.js';

const PLAIN_TOPIC = 'bench.plain';
const TARGET = { atMost: 2 } as const;
const POLL_MS = 10;

interface Case {
  readonly name: string;
  /** Batches of ten that reach the collector at once, and so share blocks. */
  readonly together: number;
  readonly isTargeted: boolean;
}

const CASES: readonly Case[] = [
  { name: 'batches of 10, 32 at once', together: 32, isTargeted: true },
  { name: 'batches of 10, one at a time', together: 1, isTargeted: false },
];

/** A side of the comparison: sends everything once. */
interface Side {
  readonly pid: number;
  pass(): Promise<Used>;
  stop(): Promise<void>;
}

export async function benchKafkaProducer(short: boolean): Promise<StageReport> {
  const repetitions = short ? 3 : 9;
  const events = short ? 60_000 : 200_000;
  const kafka = await startBenchKafka();
  const ratios: Ratio[] = [];
  const figures: Figure[] = [];
  const notes: string[] = [];
  try {
    await kafka.addTopic(PLAIN_TOPIC);
    for (const { name, together, isTargeted } of CASES) {
      const blocks = collectorBlocks(events, together);
      const [product, floor] = [await startForwarder(kafka, blocks), await startPlain(kafka, blocks)];
      const [measured, least]: [Used[], Used[]] = [[], []];
      const turns = [
        async () => void measured.push(await product.pass()),
        async () => void least.push(await floor.pass()),
      ];
      try {
        for (let n = 0; n <= repetitions; n += 1)
          for (const turn of n % 2 === 0 ? turns : turns.toReversed()) await turn();
      } finally {
        await Promise.all([product.stop(), floor.stop()]);
      }
      // the first pass warms up
      const us = (used: readonly Used[]) => used.slice(1).map(({ cpuSeconds }) => (cpuSeconds * 1e6) / events);
      const perSecond = (used: readonly Used[]) => used.slice(1).map(({ seconds }) => events / seconds);
      ratios.push(ratio(`CPU per event, ${name}`, us(measured), us(least)));
      figures.push(
        figure(`${name}: CPU per event`, 'us', us(measured), us(least), isTargeted ? TARGET : undefined),
        figure(`${name}: events a second`, '1/s', perSecond(measured), perSecond(least)),
      );
      const bytes = blocks.reduce((sum, { body }) => sum + body.length, 0);
      notes.push(
        `${name}: ${blocks.length} blocks of ${Math.round(bytes / blocks.length)} bytes, ${Math.round(bytes / events)} bytes an event`,
      );
    }
  } finally {
    await kafka.stop();
  }
  return {
    stage: 'kafka-producer',
    floor:
      'kafkajs as it comes sends the same values in requests of the same size from memory; no headers, no checksums, no disk log',
    ratios,
    figures,
    notes: [
      ...notes,
      `${events} events a repetition, ${PARTITIONS} partitions, one broker, acks -1; CPU is that of a process which does only this, reading the log and moving its cursor included`,
    ],
  };
}

async function startForwarder(kafka: BenchKafka, blocks: readonly Block[]): Promise<Side> {
  const { dir, remove } = makeTempDir('bench-forward');
  const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
  const writer = await openDiskLogWriter({ directory: dir });
  const worker = await startWorker<ForwardOrder, null>('kafka-forward');
  await worker.ask({ settings: kafka.settings, directory: dir });
  const { pid } = worker;
  return {
    pid,
    pass: async () => {
      process.kill(pid, 'SIGSTOP');
      const goal = (await storedSoFar(dir)) + rows;
      await appendAll(writer, blocks);
      return await using([pid], async () => {
        process.kill(pid, 'SIGCONT');
        while ((await storedSoFar(dir)) < goal) await sleep(POLL_MS);
      });
    },
    stop: async () => {
      await worker.stop();
      await writer.close();
      remove();
    },
  };
}

async function startPlain(kafka: BenchKafka, blocks: readonly Block[]): Promise<Side> {
  const { dir, remove } = makeTempDir('bench-plain');
  const file = path.join(dir, 'values');
  writeFileSync(file, Buffer.concat(blocks.map(({ body }) => body)));
  const positioned = blocks.map((block) => ({ ...block, position: '' }));
  const requests = requestsOf(positioned).map((request) =>
    'reason' in request ? [] : request.map(({ body }) => body.length),
  );
  const worker = await startWorker<PlainOrder, null>('kafka-plain');
  await worker.ask({ kind: 'load', brokers: kafka.brokers, file, requests });
  return {
    pid: worker.pid,
    pass: async () =>
      await using([worker.pid], async () => {
        await worker.ask({ kind: 'send', topic: PLAIN_TOPIC, partitions: PARTITIONS });
      }),
    stop: async () => {
      await worker.stop();
      remove();
    },
  };
}
