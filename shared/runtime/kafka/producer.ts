// Sends blocks to Kafka. In: the blocks of one request. Out: a promise that they are in Kafka.
// One request goes to one partition and the list of acknowledgements is checked: kafkajs resolves a send over several
// partitions although it lost one of them when a leader moved meanwhile. The idempotent producer loses records too when sends
// run side by side; copies are harmless here. Must never resolve without the acknowledgement of exactly these records.
import type { Kafka, RecordMetadata } from 'kafkajs';
import { WeatherError } from '../errors.js';
import type { Logger } from '../log.js';
import { sleep } from '../retry.js';
import type { Block } from '../stream.js';
import { createKafka, createPartitioner } from './client.js';
import type { KafkaSettings } from './config.js';
import { encodeRecord } from './record.js';
import { kafkaPlace, kafkaWeather } from './weather.js';

/** Bytes of requests that wait for their acknowledgement. */
export const IN_FLIGHT_BYTES_MAX = 16 * 1024 * 1024;
/** The partitions are looked up again after so long, ms: there may be more of them. */
const PARTITIONS_MAX_AGE_MS = 15_000;
/** What the client itself knows of the partitions is never older, ms. Less than the time between two looks. */
const METADATA_MAX_AGE_MS = 10_000;
const WAIT_MS = 5;

export interface KafkaProducer {
  /**
   * Sends the blocks to one partition, a random one that is idle. Rejects with a WeatherError: not retriable when Kafka refuses
   * the records for what they are; else they may be in Kafka or not.
   */
  send(blocks: readonly Block[]): Promise<void>;
  /** Finds the topic. Rejects with a WeatherError, code `kafka_unknown_topic_or_partition` when Kafka does not have it. */
  check(): Promise<void>;
  /** Waits for what is under way, then disconnects. */
  close(): Promise<void>;
}

export function createKafkaProducer(settings: KafkaSettings, log: Logger): KafkaProducer {
  return new Producer(createKafka(settings, 'tacit-collector', log), settings);
}

/** Throws unless this is the acknowledgement of one request to one partition. */
export function checkAcks(acks: readonly RecordMetadata[], topic: string, partition: number): void {
  const [ack] = acks;
  if (acks.length === 1 && ack?.topicName === topic && ack.partition === partition && ack.errorCode === 0) return;
  throw new WeatherError('kafka_ack', `${acks.length} acknowledgements, not the one of partition ${partition}`, {
    retriable: true,
  });
}

/**
 * Partitions to send to, after a look. A new one has to wait for the next look: until the client has heard of it too, it sends
 * nothing there and resolves all the same, without an acknowledgement.
 */
export function usablePartitions(before: readonly number[], found: readonly number[]): readonly number[] {
  return before.length === 0 ? found : found.filter((partition) => before.includes(partition));
}

class Producer implements KafkaProducer {
  readonly #topic: string;
  readonly #place: string;
  readonly #producer: ReturnType<Kafka['producer']>;
  readonly #admin: ReturnType<Kafka['admin']>;
  readonly #busy = new Set<number>();
  #partitions: readonly number[] = [];
  /** What the last look found. */
  #found: readonly number[] = [];
  #checkedAt = -Infinity;
  #checking: Promise<void> | undefined;
  #connected: Promise<void> | undefined;
  #inFlightBytes = 0;
  #closed = false;

  constructor(kafka: Kafka, settings: KafkaSettings) {
    this.#topic = settings.topic;
    this.#place = kafkaPlace(settings);
    this.#producer = kafka.producer({
      idempotent: false,
      allowAutoTopicCreation: false,
      createPartitioner,
      metadataMaxAge: METADATA_MAX_AGE_MS,
    });
    this.#admin = kafka.admin();
  }

  async send(blocks: readonly Block[]): Promise<void> {
    if (this.#partitions.length === 0) await this.check();
    else if (performance.now() - this.#checkedAt > PARTITIONS_MAX_AGE_MS) void this.check().catch(() => undefined);
    const bytes = blocks.reduce((sum, { body }) => sum + body.length, 0);
    const partition = await this.#takePartition(bytes);
    try {
      const messages = blocks.map((block) => encodeRecord(block, partition));
      checkAcks(await this.#producer.send({ topic: this.#topic, acks: -1, messages }), this.#topic, partition);
    } catch (error) {
      throw error instanceof WeatherError ? error : kafkaWeather(`${this.#place} does not take the records`, error);
    } finally {
      this.#busy.delete(partition);
      this.#inFlightBytes -= bytes;
    }
  }

  async check(): Promise<void> {
    this.#checking ??= this.#look().finally(() => (this.#checking = undefined));
    await this.#checking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    while (this.#busy.size > 0) await sleep(WAIT_MS);
    await this.#checking?.catch(() => undefined);
    await Promise.allSettled([this.#producer.disconnect(), this.#admin.disconnect()]);
  }

  async #look(): Promise<void> {
    try {
      await this.#connect();
      const { topics } = await this.#admin.fetchTopicMetadata({ topics: [this.#topic] });
      const found = (topics[0]?.partitions ?? []).map(({ partitionId }) => partitionId);
      this.#partitions = usablePartitions(this.#found, found);
      this.#found = found;
      this.#checkedAt = performance.now();
    } catch (error) {
      throw kafkaWeather(`${this.#place} was not found`, error);
    }
  }

  async #connect(): Promise<void> {
    this.#connected ??= Promise.all([this.#producer.connect(), this.#admin.connect()]).then(() => undefined);
    try {
      await this.#connected;
    } catch (error) {
      this.#connected = undefined;
      throw error;
    }
  }

  async #takePartition(bytes: number): Promise<number> {
    for (;;) {
      if (this.#closed) throw new WeatherError('kafka_closed', 'the producer is closed', { retriable: true });
      const idle = this.#partitions.filter((partition) => !this.#busy.has(partition));
      const fits = this.#inFlightBytes === 0 || this.#inFlightBytes + bytes <= IN_FLIGHT_BYTES_MAX;
      const partition = fits ? idle[Math.floor(Math.random() * idle.length)] : undefined;
      if (partition !== undefined) {
        this.#busy.add(partition);
        this.#inFlightBytes += bytes;
        return partition;
      }
      await sleep(WAIT_MS);
    }
  }
}
