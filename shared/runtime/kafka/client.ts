// The one place that builds kafkajs. In: settings. Out: a client whose own log lines go into ours.
// Must never log a broker's answer with its payload, nor anything of the sign-in.
import kafkajs, { type Consumer, type Kafka, type LogEntry, type SASLOptions } from 'kafkajs';
import type { Logger } from '../log.js';
import { patchKafkajs } from './client-patch.js';
import type { KafkaSettings } from './config.js';

const CONNECTION_TIMEOUT_MS = 3_000;
/**
 * A broker that does not answer is given up after so long, ms; the request is then tried again. Longer than a session: a member
 * that waits for its partitions while another one is gone must be told so by Kafka. Giving up instead, the client joins under a
 * new name, and its old one is one more member that is gone.
 */
const REQUEST_TIMEOUT_MS = 15_000;
const RETRY = { initialRetryTime: 100, maxRetryTime: 2_000, retries: 6 };

const CONSUMER = {
  /**
   * A member that died keeps its partitions for so long, and holds up whoever joins; several in a row add up. Being taken for dead
   * by mistake costs little: what was read and not committed is read once more.
   */
  sessionTimeout: 10_000,
  heartbeatInterval: 3_000,
  rebalanceTimeout: 10_000,
  /** A topic that gets more partitions is noticed so soon, ms. */
  metadataMaxAge: 30_000,
  minBytes: 64 * 1024,
  maxWaitTimeInMs: 200,
  maxBytesPerPartition: 2 * 1024 * 1024,
  maxBytes: 8 * 1024 * 1024,
  allowAutoTopicCreation: false,
};

export function createKafka(settings: KafkaSettings, clientId: string, log: Logger): Kafka {
  const { sasl } = settings;
  if (!patchKafkajs()) log.debug({}, 'this version of the Kafka client is not known and is used as it comes');
  return new kafkajs.Kafka({
    clientId,
    brokers: [...settings.brokers],
    ssl: settings.ssl,
    ...(sasl !== undefined && { sasl: { ...sasl } as SASLOptions }),
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: RETRY,
    logLevel: kafkajs.logLevel.WARN,
    logCreator: () => (entry) => relay(entry, log),
  });
}

export function createConsumer(kafka: Kafka, groupId: string): Consumer {
  return kafka.consumer({ groupId, ...CONSUMER });
}

/** kafkajs tries again after nearly everything that it calls an error: what costs something is logged by who notices it. */
function relay({ level, namespace, log: { message } }: LogEntry, log: Logger): void {
  log[level <= kafkajs.logLevel.ERROR ? 'info' : 'debug']({ namespace, said: message }, 'the Kafka client says');
}

/** kafkajs warns, on the console, of a partitioner that is not used here: every record names its partition. */
export const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;

/** What ends a batch that was not taken: the client tries again after an error of its own kind, without a word at level error. */
export function batchNotTaken(): Error {
  return new kafkajs.KafkaJSError('the group was joined anew', { retriable: true });
}
