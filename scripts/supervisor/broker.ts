// The Kafka of this run, with its topic: an outside one when KAFKA_BROKERS is set, a local one when asked for, else none.
// In: configuration. Out: the addresses that the collector and the sink are told; undefined when events go through the disk log alone.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { keepKafka, type KeptKafka } from '../../infra/kafka/keep-kafka.js';
import { startLocalKafka } from '../../infra/kafka/local-kafka.js';
import { prepareKafka } from '../../infra/kafka/prepare.js';
import { choosePort } from '../../shared/runtime/choose-port.js';
import type { DataDir } from '../../shared/runtime/data-dir.js';
import { StartError } from '../../shared/runtime/errors.js';
import { kafkaSettings } from '../../shared/runtime/kafka/config.js';
import { ensureTopics } from '../../shared/runtime/kafka/topics.js';
import type { Logger } from '../../shared/runtime/log.js';
import { acquireProcessLock } from '../../shared/runtime/process-lock.js';
import type { SupervisorConfig } from './config.js';

const HOST = '127.0.0.1';

export interface Broker {
  /** As KAFKA_BROKERS takes it. */
  readonly brokers: string;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: SupervisorConfig;
  /** A local Kafka was asked for. */
  readonly local: boolean;
  readonly dirs: DataDir;
  readonly log: Logger;
  readonly say: (line: string) => void;
  /** Called once when the local Kafka died too often. */
  readonly gaveUp: (line: string) => void;
}

export async function openBroker(options: BrokerOptions): Promise<Broker | undefined> {
  const { config, local, log } = options;
  const outside = config.KAFKA_BROKERS;
  if (outside !== undefined && local)
    throw new StartError('KAFKA_BROKERS names a Kafka already: leave out --kafka, or KAFKA_BROKERS.');
  const broker = local
    ? await openLocal(options)
    : outside && { brokers: outside.join(','), stop: async () => undefined };
  if (broker === undefined) return undefined;
  try {
    const settings = kafkaSettings({ ...config, KAFKA_BROKERS: broker.brokers.split(',') });
    if (settings !== undefined) await ensureTopics(settings, log);
  } catch (error) {
    await broker.stop();
    throw error;
  }
  return broker;
}

async function openLocal({ env, dirs, say, gaveUp }: BrokerOptions): Promise<Broker> {
  const software = await prepareKafka({ env, say });
  mkdirSync(dirs.kafka, { recursive: true, mode: 0o700 });
  const dir = path.join(dirs.kafka, '1-broker');
  const lock = await acquireProcessLock(`${dir}.lock`);
  const ports = [await choosePort(HOST, 0), await choosePort(HOST, 0)];
  const kept: KeptKafka = keepKafka(await startLocalKafka({ software, dir, ports }), say);
  void kept.failed.then(gaveUp);
  return {
    brokers: kept.brokers,
    stop: async () => {
      await kept.stop();
      await lock.release();
    },
  };
}
