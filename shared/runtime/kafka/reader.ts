// The reading end of the stream in Kafka: one member of a consumer group. In: the topic. Out: batches of one partition each, and
// commits that carry the totals. Must never commit what was read under an earlier membership, and never skip a record in silence.
import type { Consumer, EachBatchPayload, Kafka } from 'kafkajs';
import { systemClock, type Clock } from '../clock.js';
import { WeatherError } from '../errors.js';
import type { Logger } from '../log.js';
import { backoffMs, sleep } from '../retry.js';
import type { StreamBatch, StreamReader, StreamTotals } from '../stream.js';
import { Backlog } from './backlog.js';
import { batchNotTaken, createConsumer, createKafka } from './client.js';
import type { KafkaSettings } from './config.js';
import { Deliveries, type WriteCommit } from './deliveries.js';
import { groupPositions, judgeArrival, partitionBounds } from './positions.js';
import { Watchdog } from './watchdog.js';
import { kafkaPlace, kafkaWeather, passesByHand } from './weather.js';

const START_BACKOFF = { minMs: 200, maxMs: 5_000 };
/** How long a stop waits for the group to be told, ms. */
const LEAVE_MS = 1_500;
const POSITION_GONE = 'the position is not in Kafka any more; reading goes on at the oldest record there';
const READ_POLL_MS = 10;
const ROOM_POLL_MS = 50;

export interface KafkaReader extends StreamReader {
  /** Rejects when the process must be started anew: a crash that the client does not recover from, or a stall. */
  readonly failed: Promise<never>;
}

export interface KafkaReaderOptions {
  readonly settings: KafkaSettings;
  readonly log: Logger;
  readonly clock?: Clock;
}

/** Begins to join the group and answers at once: while Kafka or the topic is not there, reads reject as weather. */
export function openKafkaReader(options: KafkaReaderOptions): KafkaReader {
  const reader = new Reader(options, createKafka(options.settings, 'tacit-sink', options.log));
  reader.start();
  return reader;
}

class Reader implements KafkaReader {
  readonly failed: Promise<never>;
  readonly #settings: KafkaSettings;
  readonly #unreadable: string;
  readonly #log: Logger;
  readonly #clock: Clock;
  readonly #consumer: Consumer;
  readonly #admin: ReturnType<Kafka['admin']>;
  readonly #deliveries: Deliveries;
  readonly #backlog: Backlog;
  readonly #closed = new AbortController();
  readonly #watchdog: Watchdog;
  #fail: (error: Error) => void = () => undefined;
  /** Why nothing comes at the moment, if that is known. */
  #trouble: WeatherError | undefined = new WeatherError('kafka_joining', 'not in the group yet', { retriable: true });
  /** The epoch whose positions are known. */
  #begun = 0;
  /** How often in a row the offset that had to come was fetched once more, by partition. */
  readonly #askedAgain = new Map<number, number>();
  #starting: Promise<void> = Promise.resolve();

  constructor({ settings, log, clock = systemClock }: KafkaReaderOptions, kafka: Kafka) {
    this.#settings = settings;
    this.#unreadable = `${kafkaPlace(settings)} cannot be read`;
    this.#log = log;
    this.#clock = clock;
    this.#backlog = new Backlog(clock);
    this.#deliveries = new Deliveries(settings.topic);
    this.#consumer = createConsumer(kafka, settings.group);
    this.#admin = kafka.admin();
    this.failed = new Promise<never>((_, reject) => (this.#fail = reject));
    this.failed.catch(() => undefined);
    const isReachable = async () => void (await partitionBounds(this.#admin, settings.topic));
    this.#watchdog = new Watchdog({ clock, isReachable, stalled: (error) => this.#fail(error) });
  }

  start(): void {
    const { GROUP_JOIN, REBALANCING, CRASH, FETCH, HEARTBEAT } = this.#consumer.events;
    this.#consumer.on(REBALANCING, () => this.#deliveries.hold());
    this.#consumer.on(GROUP_JOIN, ({ payload }) => {
      this.#deliveries.join(payload.memberAssignment[this.#settings.topic] ?? []);
      this.#trouble = undefined;
      this.#watchdog.alive();
      this.#log.info({ epoch: this.#deliveries.epoch, partitions: this.#deliveries.partitions }, 'joined the group');
    });
    for (const event of [FETCH, HEARTBEAT]) this.#consumer.on(event, () => this.#watchdog.alive());
    this.#consumer.on(CRASH, ({ payload }) => {
      this.#trouble = kafkaWeather(this.#unreadable, payload.error);
      if (payload.restart || this.#closed.signal.aborted) return;
      if (passesByHand(payload.error)) this.#starting = this.#run(START_BACKOFF.maxMs);
      else this.#fail(this.#trouble);
    });
    this.#starting = this.#run();
  }

  async read(maxBytes: number, waitMs: number): Promise<StreamBatch | undefined> {
    const until = this.#clock.monotonic() + waitMs;
    for (;;) {
      if (this.#closed.signal.aborted) return undefined;
      const batch = this.#deliveries.take(maxBytes);
      if (batch !== undefined) return batch;
      const leftMs = until - this.#clock.monotonic();
      if (leftMs <= 0) break;
      await sleep(Math.min(READ_POLL_MS, leftMs), this.#closed.signal);
    }
    if (this.#trouble !== undefined) throw this.#trouble;
    return undefined;
  }

  async rewind(): Promise<void> {
    await this.#deliveries.settled();
    this.#deliveries.rewind();
  }

  totals(): StreamTotals {
    return this.#deliveries.totals();
  }

  lanes(): number {
    return Math.max(1, this.#deliveries.partitions.length);
  }

  /** Of the partitions held now. */
  async backlog(): Promise<{ bytes: number; ageMs: number }> {
    const bounds = await partitionBounds(this.#admin, this.#settings.topic);
    let records = 0;
    for (const partition of this.#deliveries.partitions) {
      const { low, high } = bounds.get(partition) ?? { low: 0, high: 0 };
      records += Math.max(0, high - Math.max(low, this.#deliveries.committed(partition) ?? low));
    }
    return this.#backlog.measure(records, this.#deliveries.oldest());
  }

  async close(): Promise<void> {
    this.#closed.abort();
    this.#watchdog.stop();
    // While the group waits for another member the client cannot leave; nothing depends on it, and its session ends by itself.
    const left = this.#leave().then(() => true);
    if (!(await Promise.race([left, sleep(LEAVE_MS).then(() => false)])))
      this.#log.warn({ waitedMs: LEAVE_MS }, 'the group was left without a word; it gives the partitions out later');
  }

  async #leave(): Promise<void> {
    await this.#deliveries.settled();
    await Promise.allSettled([this.#consumer.disconnect(), this.#admin.disconnect(), this.#starting]);
  }

  async #run(pauseMs = 0): Promise<void> {
    await sleep(pauseMs, this.#closed.signal);
    for (let attempt = 1; !this.#closed.signal.aborted; attempt += 1) {
      try {
        await this.#admin.connect();
        await this.#consumer.connect();
        await this.#consumer.subscribe({ topics: [this.#settings.topic], fromBeginning: true });
        // Totals are read before the client can put another position, without any, in place of one that is gone.
        this.#deliveries.begin(0, await groupPositions(this.#admin, this.#settings));
        await this.#consumer.run({ autoCommit: false, eachBatch: async (payload) => await this.#take(payload) });
        this.#watchdog.start();
        return;
      } catch (error) {
        this.#trouble = kafkaWeather(this.#unreadable, error);
        await sleep(backoffMs(attempt, START_BACKOFF), this.#closed.signal);
      }
    }
  }

  /** Only puts into the queue. A batch that is not taken must end in an error: a plain return would skip it for good. */
  async #take(payload: EachBatchPayload): Promise<void> {
    const { batch } = payload;
    const { topic } = this.#settings;
    const { epoch } = this.#deliveries;
    if (this.#begun !== epoch) await this.#begin(epoch);
    while (!this.#deliveries.hasRoom) {
      await sleep(ROOM_POLL_MS, this.#closed.signal);
      if (!payload.isRunning() || epoch !== this.#deliveries.epoch) throw batchNotTaken();
      await payload.heartbeat();
    }
    if (!(await this.#follows(batch.partition, Number(batch.messages[0]?.offset ?? 0)))) return;
    // One attempt, with the membership of now: the client's own commitOffsets would try again after a rebalance, with the next one.
    const write: WriteCommit = async (partition, offset, metadata) => {
      const partitions = [{ partition, offset, metadata }];
      await payload.commitOffsetsIfNecessary({ topics: [{ topic, partitions }] });
    };
    if (!payload.isRunning() || !this.#deliveries.push(epoch, batch.partition, batch.messages, write))
      throw batchNotTaken();
    this.#backlog.saw(batch.messages);
  }

  async #begin(epoch: number): Promise<void> {
    const positions = await groupPositions(this.#admin, this.#settings);
    this.#deliveries.begin(epoch, positions);
    this.#begun = epoch;
    for (const partition of this.#deliveries.partitions)
      if (positions.get(partition)?.gone === true) this.#log.error({ partition }, POSITION_GONE);
  }

  /** Whether the records are to be taken. What retention has taken is said loudly; what was skipped is fetched again. */
  async #follows(partition: number, offset: number): Promise<boolean> {
    const { topic } = this.#settings;
    const next = this.#deliveries.next(partition);
    if (next === undefined || offset === next) {
      this.#askedAgain.delete(partition);
      return true;
    }
    const askedAgain = this.#askedAgain.get(partition) ?? 0;
    const bounds = (await partitionBounds(this.#admin, topic)).get(partition) ?? { low: 0, high: 0 };
    if (judgeArrival({ offset, next, askedAgain }, bounds) === 'fetch again') {
      this.#askedAgain.set(partition, askedAgain + 1);
      this.#log.warn({ partition, next, offset }, 'other records came than had to come; those are fetched again');
      this.#consumer.seek({ topic, partition, offset: String(next) });
      return false;
    }
    this.#askedAgain.delete(partition);
    this.#log.error({ partition, next, offset, gone: Math.max(0, offset - next) }, POSITION_GONE);
    return true;
  }
}
