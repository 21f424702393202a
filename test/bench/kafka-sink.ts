// Stage: the sink through Kafka against ClickHouse's own Kafka engine, both from the same records of the same topic, each into an
// embedded server of its own with the same tables and views. Both stand still, by a signal, while the topic is filled; then one
// after the other stores everything.
import { createKafkaProducer } from '../../shared/runtime/kafka/producer.js';
import { createLogger } from '../../shared/runtime/log.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { Block } from '../../shared/runtime/stream.js';
import { startTestClickHouse, type TestClickHouse } from '../support/clickhouse.js';
import { startService } from '../support/service-process.js';
import { makeTempDir } from '../support/temp-dir.js';
import { startBenchKafka, type BenchKafka } from './bench-kafka.js';
import { collectorBlocks } from './blocks.js';
import { ENGINE_SETTINGS, startKafkaEngine } from './kafka-engine.js';
import { cpuSeconds } from './measure.js';
import { emptied, quiet } from './quiet.js';
import { figure, ratio, type StageReport } from './report.js';

const TOGETHER = 32;
const BLOCKS_PER_REQUEST = 8;
const TARGET = { atLeast: 0.9 } as const;
const POLL_MS = 20;
/** A pass that takes longer says that something is broken, ms. */
const PASS_MS_MAX = 120_000;

interface SideUse {
  /** CPU seconds of everything on this side of Kafka. */
  readonly cpu: number;
  /** CPU seconds of ClickHouse alone. */
  readonly server: number;
  readonly seconds: number;
}

/** One of the two that read the topic. */
interface Reader {
  readonly clickhouse: TestClickHouse;
  /** Everything that is to stand still while the topic is filled. */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

export async function benchKafkaSink(short: boolean): Promise<StageReport> {
  const repetitions = short ? 3 : 7;
  const rows = short ? 60_000 : 300_000;
  const blocks = collectorBlocks(rows, TOGETHER);
  const kafka = await startBenchKafka();
  const readers: Reader[] = [];
  const [measured, engine]: [SideUse[], SideUse[]] = [[], []];
  const broker: number[] = [];
  try {
    const [sink, peer] = [await startSink(kafka), await startEngine(kafka)];
    readers.push(sink, peer);
    const turns = [
      async () => void measured.push(await pass(sink, rows)),
      async () => void engine.push(await pass(peer, rows)),
    ];
    for (let n = 0; n <= repetitions; n += 1) {
      for (const { clickhouse } of readers) await emptied(clickhouse);
      for (const { pids } of readers) for (const pid of pids) process.kill(pid, 'SIGSTOP');
      await fill(kafka, blocks);
      const before = cpuSeconds(kafka.pid());
      for (const turn of n % 2 === 0 ? turns : turns.toReversed()) await turn();
      broker.push(cpuSeconds(kafka.pid()) - before);
    }
  } finally {
    for (const reader of readers) await reader.stop();
    await kafka.stop();
  }
  return reportOf(rows, blocks, measured.slice(1), engine.slice(1), broker.slice(1)); // the first pass warms up
}

function reportOf(
  rows: number,
  blocks: readonly Block[],
  measured: readonly SideUse[],
  engine: readonly SideUse[],
  broker: readonly number[],
): StageReport {
  const perSecond = (uses: readonly SideUse[]) => uses.map(({ seconds }) => rows / seconds);
  const perCpuSecond = (uses: readonly SideUse[]) => uses.map(({ cpu }) => rows / cpu);
  const serverUs = (uses: readonly SideUse[]) => uses.map(({ server }) => (server * 1e6) / rows);
  const bytes = blocks.reduce((sum, { body }) => sum + body.length, 0);
  const settings = Object.entries(ENGINE_SETTINGS).map(([name, value]) => `${name} = ${value}`);
  return {
    stage: 'kafka-sink',
    floor: "ClickHouse's own Kafka engine with a materialized view into the same tables, from the same records",
    ratios: [
      ratio('rows a second', perSecond(measured), perSecond(engine), TARGET),
      ratio('rows per CPU second', perCpuSecond(measured), perCpuSecond(engine)),
    ],
    figures: [
      figure('rows a second', '1/s', perSecond(measured), perSecond(engine)),
      figure('rows per CPU second, without the broker', '1/s', perCpuSecond(measured), perCpuSecond(engine)),
      figure('CPU per row, ClickHouse alone', 'us', serverUs(measured), serverUs(engine)),
      figure(
        'CPU per row, broker, for both together',
        'us',
        broker.map((seconds) => (seconds * 1e6) / rows),
      ),
    ],
    notes: [
      `${rows} rows of ${Math.round(bytes / rows)} bytes in ${blocks.length} records; until the last row can be counted; CPU until the server had nothing left to merge`,
      `the engine's settings: ${settings.join(', ')}`,
      'the engine, as it is set here, checks no sums, counts no outcomes and keeps no dead letters',
    ],
  };
}

/** Sends every block once more: same ids, into tables that were emptied. */
async function fill(kafka: BenchKafka, blocks: readonly Block[]): Promise<void> {
  const producer = createKafkaProducer(kafka.settings, createLogger('bench', 'silent'));
  const sent: Promise<void>[] = [];
  for (let at = 0; at < blocks.length; at += BLOCKS_PER_REQUEST)
    sent.push(producer.send(blocks.slice(at, at + BLOCKS_PER_REQUEST)));
  await Promise.all(sent);
  await producer.close();
}

/** Lets one of them go on and waits until everything is stored. */
async function pass({ clickhouse, pids }: Reader, rows: number): Promise<SideUse> {
  const cpu = () => ({ all: cpuSeconds(...pids), server: cpuSeconds(clickhouse.pid()) });
  const [before, started] = [cpu(), performance.now()];
  for (const pid of pids) process.kill(pid, 'SIGCONT');
  while ((await count(clickhouse)) < rows) {
    if (performance.now() - started > PASS_MS_MAX) throw new Error(`only ${await count(clickhouse)} rows were stored`);
    await sleep(POLL_MS);
  }
  const seconds = (performance.now() - started) / 1000;
  await quiet(clickhouse.migrator);
  const after = cpu();
  return { cpu: after.all - before.all, server: after.server - before.server, seconds };
}

async function count({ migrator }: TestClickHouse): Promise<number> {
  const [row] = await migrator.query<{ n: string }>('SELECT count() AS n FROM events');
  return Number(row?.n ?? 0);
}

async function startSink({ brokers }: BenchKafka): Promise<Reader> {
  const { dir, remove } = makeTempDir('bench-kafka-sink');
  const clickhouse = await startTestClickHouse();
  const { url, user, password } = clickhouse.connections.writer;
  const sink = await startService('sink', {
    TACIT_DATA_DIR: dir,
    KAFKA_BROKERS: brokers,
    CLICKHOUSE_URL: url,
    CLICKHOUSE_WRITER_USER: user,
    CLICKHOUSE_WRITER_PASSWORD: password,
    LOG_LEVEL: 'warn',
  });
  return {
    clickhouse,
    pids: [sink.pid, clickhouse.pid()],
    stop: async () => {
      await sink.kill();
      await clickhouse.stop();
      remove();
    },
  };
}

async function startEngine({ settings }: BenchKafka): Promise<Reader> {
  const clickhouse = await startKafkaEngine(settings);
  return { clickhouse, pids: [clickhouse.pid()], stop: async () => await clickhouse.stop() };
}
