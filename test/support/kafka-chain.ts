// The whole chain through a real Kafka: collectors and sinks as processes, an embedded ClickHouse, a load with a ledger of its own.
// Out: ways to start and stop each part, and an audit of everything that was ever acknowledged. Must leave nothing running.
// What fails shows the last lines of every process.
import path from 'node:path';
import { kafkaSettings, kafkaConfigSchema } from '../../shared/runtime/kafka/config.js';
import { ensureTopics } from '../../shared/runtime/kafka/topics.js';
import { createLogger } from '../../shared/runtime/log.js';
import { WRITE_KEY } from './collector.js';
import { makeCollectorFolder, type CollectorFolder } from './collector-folder.js';
import { startTestClickHouse, type TestClickHouse } from './clickhouse.js';
import { eventually, eventuallyAnswered } from './eventually.js';
import { startTestKafka, type TestKafka, type TestKafkaOptions } from './kafka.js';
import { readGroup, readWitness } from './kafka-witness.js';
import { acknowledgedIds, readLoadLedger, startLoad, type LedgerEntry, type RunningLoad } from './load.js';
import { auditLoad } from './load-audit.js';
import { startService, type ServiceProcess } from './service-process.js';

export const TOPIC = 'tacit.events';
export const GROUP = 'tacit-sink';
const PROJECT = 'test';
const LOG_TAIL_LINES = 40;

export interface ChainAudit {
  readonly events: number;
  readonly missing: number;
  /** Rows of the events that reporting reads, less their distinct ids; and generations that stand twice or are wrong. */
  readonly countedTwice: number;
  /** Ids stored that nobody sent. */
  readonly foreign: number;
  readonly committed: { readonly stored: number; readonly dead: number };
  /** Rows of `events` in the topic, copies too, by the headers. Each is committed once, however often it was read. */
  readonly rowsInKafka: number;
  /** Those of them that are there again. */
  readonly copiesInKafka: number;
}

export interface ChainLoadOptions {
  readonly senders?: number;
  readonly batches?: number;
  readonly pauseMs?: number;
  /** Which collector it posts to. */
  readonly collector?: number;
}

export interface KafkaChain {
  readonly kafka: TestKafka;
  readonly clickhouse: TestClickHouse;
  readonly folder: CollectorFolder;
  readonly sinks: ReadonlySet<ServiceProcess>;
  /** Collectors are numbered from 0; each has a data directory of its own. */
  collector(which?: number): ServiceProcess;
  /** Starts one, or starts it again, on the port that it had. */
  startCollector(which?: number): Promise<ServiceProcess>;
  /** `url` stands for ClickHouse's own address. */
  startSink(url?: string): Promise<ServiceProcess>;
  load(seed: number, options?: ChainLoadOptions): RunningLoad;
  /** Waits until every acknowledged event is stored and everything is committed, then audits it all. */
  audit(timeoutMs?: number): Promise<ChainAudit>;
  /** Distinct ids in `events`. */
  storedIds(): Promise<number>;
  group(): Promise<{ lag: number; stored: number; dead: number }>;
  /** The last lines of every process that was started, to be shown when something is not as it must be. */
  logs(): string;
  close(): Promise<void>;
}

export async function startKafkaChain(
  brokers = 1,
  {
    collectorEnv = {},
    ...options
  }: Omit<TestKafkaOptions, 'brokers'> & { readonly collectorEnv?: Readonly<Record<string, string>> } = {},
): Promise<KafkaChain> {
  const kafka = await startTestKafka({ ...options, brokers });
  const clickhouse = await startTestClickHouse();
  const folder = await makeCollectorFolder();
  const env = { KAFKA_BROKERS: kafka.brokers, LOG_LEVEL: 'info' };
  const settings = kafkaSettings(kafkaConfigSchema.parse(env));
  if (settings === undefined) throw new Error('no brokers');
  await ensureTopics(settings, createLogger('test', 'silent'));
  const started: { readonly name: string; readonly service: ServiceProcess }[] = [];
  const sinks = new Set<ServiceProcess>();
  const ledgers: string[] = [];
  const running = new Set<RunningLoad>();
  const folders = [folder];
  const collectors: ServiceProcess[] = [];
  const current = (which = 0) => {
    const collector = collectors[which];
    if (collector === undefined) throw new Error(`collector ${which} was not started`);
    return collector;
  };
  const logs = () => started.map(({ name, service }) => `${name}:\n${logTail(service)}`).join('\n');
  const storedIds = async () => {
    const [row] = await clickhouse.migrator.query<{ n: string }>('SELECT uniqExact(event_id) AS n FROM events');
    return Number(row?.n ?? 0);
  };
  const group = async () => await eventuallyAnswered(async () => await readGroup(kafka.brokers, TOPIC, GROUP));
  return {
    kafka,
    clickhouse,
    folder,
    sinks,
    collector: current,
    storedIds,
    group,
    logs,
    startCollector: async (which = 0) => {
      const home = (folders[which] ??= await makeCollectorFolder());
      const before = collectors[which];
      const port = before === undefined ? '0' : String(before.ready['port']);
      const service = await startService('collector', {
        ...home.env,
        ...env,
        ...collectorEnv,
        TACIT_COLLECTOR_PORT: port,
      });
      collectors[which] = service;
      started.push({ name: `collector ${which}`, service });
      return service;
    },
    startSink: async (url = clickhouse.url) => {
      const { user, password } = clickhouse.connections.writer;
      const sink = await startService('sink', {
        ...env,
        TACIT_DATA_DIR: folder.env['TACIT_DATA_DIR'] ?? '',
        TACIT_SINK_PORT: '0',
        CLICKHOUSE_URL: url,
        CLICKHOUSE_WRITER_USER: user,
        CLICKHOUSE_WRITER_PASSWORD: password,
      });
      started.push({ name: `sink ${sinks.size}`, service: sink });
      sinks.add(sink);
      return sink;
    },
    load: (seed, { senders = 4, batches = 0, pauseMs = 20, collector = 0 } = {}) => {
      const ledger = path.join(folder.env['TACIT_DATA_DIR'] ?? '', `ledger-${ledgers.length}`);
      ledgers.push(ledger);
      const address = `http://127.0.0.1:${String(current(collector).ready['port'])}`;
      const load = startLoad({
        collector: address,
        key: WRITE_KEY,
        seed,
        ledger,
        senders,
        generationsPerBatch: 12,
        pauseMs,
        batches,
      });
      running.add(load);
      const over = () => void running.delete(load);
      load.ended.then(over, over);
      return load;
    },
    audit: async (timeoutMs = 60_000) => {
      const entries = new Map<number, LedgerEntry>();
      for (const [file, ledger] of ledgers.entries())
        for (const [index, entry] of readLoadLedger(ledger)) entries.set(file * 1e9 + index, entry);
      const asked = async () => ({ missing: (await missingOf(clickhouse, entries)).length, lag: (await group()).lag });
      await eventually(asked, ({ missing, lag }) => missing === 0 && lag === 0, timeoutMs).catch((error: unknown) => {
        throw new Error(`${String(error)}\n${logs()}`);
      });
      return await auditAll(kafka, clickhouse, entries, await group());
    },
    close: async () => {
      await Promise.allSettled([...running].map(async (load) => await load.stop()));
      await Promise.all(started.map(async ({ service }) => await service.kill()));
      await clickhouse.stop();
      await kafka.stop();
      for (const each of folders) each.remove();
    },
  };
}

async function missingOf(clickhouse: TestClickHouse, entries: ReadonlyMap<number, LedgerEntry>): Promise<string[]> {
  const rows = await clickhouse.migrator.query<{ id: string }>('SELECT DISTINCT toString(event_id) AS id FROM events');
  const stored = new Set(rows.map(({ id }) => id));
  return acknowledgedIds(entries).filter((id) => !stored.has(id));
}

async function auditAll(
  kafka: TestKafka,
  clickhouse: TestClickHouse,
  entries: ReadonlyMap<number, LedgerEntry>,
  committed: { stored: number; dead: number },
): Promise<ChainAudit> {
  const audit = await auditLoad(clickhouse.migrator, PROJECT, entries);
  const [rows] = await clickhouse.migrator.query<{ n: string; distinct: string }>(
    `SELECT count() AS n, uniqExact(event_id) AS distinct FROM events FINAL WHERE project_id = {project:String}`,
    { project: PROJECT },
  );
  // With the default window of a day, what nobody acted on is not decided yet.
  const wrong = audit.wrongOutcomes.filter((text) => !/: ignored with \d+ events, said unresolved$/.test(text));
  const witness = await readWitness(kafka.brokers, TOPIC);
  const notInKafka = acknowledgedIds(entries).filter((id) => !witness.ids.has(id));
  return {
    events: audit.acknowledged,
    missing: audit.missing.length + notInKafka.length,
    countedTwice: Number(rows?.n ?? 0) - Number(rows?.distinct ?? 0) + wrong.length,
    foreign: audit.foreign.length,
    committed: { stored: committed.stored, dead: committed.dead },
    rowsInKafka: witness.rows,
    copiesInKafka: witness.rows - witness.ids.size,
  };
}

function logTail({ log }: ServiceProcess): string {
  return log.slice(-LOG_TAIL_LINES).join('\n');
}

/** One line per scenario. */
export function scenarioLine(name: string, seed: number, audit: ChainAudit, recoveryMs: number): string {
  const { events, missing, countedTwice } = audit;
  const seconds = (recoveryMs / 1000).toFixed(1);
  return `${name}: seed ${seed}, ${events} events, ${missing} missing, ${countedTwice} counted twice, recovery ${seconds} s`;
}
