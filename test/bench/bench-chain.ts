// A whole instance under load. In: a load process. Out: what a pass used, and how to look into the instance.
// Must leave neither process nor folder behind.
import { readConnectionFile } from '../../infra/local/connection-file.js';
import { createClickHouse, type ClickHouse } from '../../shared/runtime/clickhouse.js';
import { dataDir } from '../../shared/runtime/data-dir.js';
import { sleep } from '../../shared/runtime/retry.js';
import { startInstance } from '../support/instance.js';
import { cpuSeconds, peakMemoryBytes } from './measure.js';
import type { BenchKafka } from './bench-kafka.js';
import type { Worker } from './orders.js';
import type { LoadOrder, LoadResult } from './post-load.js';
import { quiet } from './quiet.js';
import { storedSoFar } from './stored.js';

export type Load = Worker<LoadOrder, LoadResult>;

const PROJECT = 'bench';
const EVENTS_PER_BATCH = 10;
const CONNECTIONS = 32;
const POLL_MS = 10;
export const KINDS = ['collector', 'sink', 'clickhouse', 'reporter', 'demo', 'supervisor', 'kafka'] as const;
export type Kind = (typeof KINDS)[number];

export interface ChainPass {
  /** CPU seconds by kind of process. */
  readonly cpu: Readonly<Record<Kind, number>>;
  /** Until the last batch was answered. */
  readonly acceptedSeconds: number;
  /** From the first post until the last row was stored and committed. */
  readonly storedSeconds: number;
}

export interface BenchChain {
  /** Kinds of processes that there are. */
  readonly kinds: readonly Kind[];
  readonly clickhouse: ClickHouse;
  readonly collector: string;
  readonly key: string;
  /** Posts batches that were never posted before, as fast as they are answered, and waits until all is stored. */
  pass(load: Load, events: number, number: number): Promise<ChainPass>;
  /** Most memory of each kind of process so far, bytes. */
  memory(): Readonly<Record<Kind, number>>;
  stop(): Promise<void>;
}

/** An order for so many events in small batches over many connections. */
export function saturating(url: string, key: string, events: number): LoadOrder {
  const requests = events / EVENTS_PER_BATCH;
  return {
    url,
    key,
    eventsPerBatch: EVENTS_PER_BATCH,
    requests,
    connections: CONNECTIONS,
    first: 0,
    distinct: requests,
  };
}

/** With a Kafka events go through it. It stays its caller's, to stop after the chain. */
export async function startBenchChain(kafka?: BenchKafka): Promise<BenchChain> {
  const instance = await startInstance({
    projects: [{ id: PROJECT, allowNoOrigin: true, eventsPerSecond: 500_000 }],
    ...(kafka === undefined ? {} : { env: { KAFKA_BROKERS: kafka.brokers } }),
  });
  const { collector } = instance.run;
  const key = instance.secrets.get(PROJECT)?.writeKey ?? '';
  const { clickhouseFile, diskLog } = dataDir(instance.dataDir);
  const connection = await readConnectionFile(clickhouseFile);
  if (connection === undefined) throw new Error('the embedded ClickHouse is not there');
  const { url, database, users } = connection;
  const clickhouse = createClickHouse({ url, database, ...users.migrator });
  const pids = (kind: Kind) => (kind !== 'kafka' ? instance.pids(kind) : kafka === undefined ? [] : [kafka.pid()]);
  const cpuNow = () => byKind((kind) => cpuSeconds(...pids(kind)));
  const stored = async () => await (kafka === undefined ? storedSoFar(diskLog) : kafka.stored());
  return {
    kinds: KINDS.filter((kind) => pids(kind).length > 0),
    clickhouse,
    collector,
    key,
    pass: async (load, events, number) => {
      const order = { ...saturating(collector, key, events), first: number * events };
      await load.ask({ ...order, prepare: true });
      const goal = (await stored()) + events;
      const before = cpuNow();
      const started = performance.now();
      const { seconds } = await load.ask(order);
      while ((await stored()) < goal) await sleep(POLL_MS);
      const storedSeconds = (performance.now() - started) / 1000;
      await quiet(clickhouse);
      const after = cpuNow();
      return { cpu: byKind((kind) => after[kind] - before[kind]), acceptedSeconds: seconds, storedSeconds };
    },
    memory: () => byKind((kind) => pids(kind).reduce((sum, pid) => sum + peakMemoryBytes(pid), 0)),
    stop: async () => {
      await clickhouse.close();
      await instance.dispose();
    },
  };
}

function byKind(value: (kind: Kind) => number): Record<Kind, number> {
  return Object.fromEntries(KINDS.map((kind) => [kind, value(kind)])) as Record<Kind, number>;
}

/** Ms until everything is ready, of a new data directory and of the same one again. */
export async function measureStart(): Promise<{ fresh: number; again: number }> {
  const started = performance.now();
  const instance = await startInstance();
  const fresh = performance.now() - started;
  try {
    await instance.stop();
    return { fresh, again: await instance.start() };
  } finally {
    await instance.dispose();
  }
}
