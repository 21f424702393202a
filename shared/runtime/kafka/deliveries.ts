// What was fetched and not committed yet, and how far each partition is. In: joins, records in their order, commits. Out: batches
// of one partition. Pure of any client. A join begins an epoch: what was read before it can never be committed after it, since the
// partition may belong to another member by then, whose position a late commit would turn back.
import { WeatherError } from '../errors.js';
import type { StreamBatch, StreamTotals } from '../stream.js';
import { encodeTotals } from './commit-metadata.js';
import { kafkaWeather } from './weather.js';
import type { Committed } from './positions.js';
import { decodeRecord, type IncomingRecord } from './record.js';

/** Bytes of records that were fetched and are not read yet. */
export const QUEUE_BYTES_MAX = 16 * 1024 * 1024;

export interface FetchedRecord extends IncomingRecord {
  /** ms since the epoch, decimal. */
  readonly timestamp: string;
}

/** Writes one position of one partition, once, by the membership it was made for. */
export type WriteCommit = (partition: number, offset: string, metadata: string) => Promise<void>;

interface Delivery {
  readonly partition: number;
  readonly records: readonly FetchedRecord[];
}

interface Partition {
  /** The offset that must come next, once it is known. */
  next: number | undefined;
  committed: number | undefined;
  totals: StreamTotals;
  queue: FetchedRecord[];
  outstanding: Delivery[];
}

const NO_TOTALS: StreamTotals = { stored: 0, dead: 0 };

export class Deliveries {
  readonly #topic: string;
  #epoch = 0;
  #write: WriteCommit | undefined;
  readonly #partitions = new Map<number, Partition>();
  /** Newest totals that were seen of each partition, held or not. */
  readonly #known = new Map<number, StreamTotals>();
  /** The partition that was read last; the one after it comes next, so that none waits for the others. */
  #turn = 0;
  #queuedBytes = 0;
  /** The commit under way of each partition, and what waits behind it. */
  readonly #commits = new Map<number, Promise<void>>();

  constructor(topic: string) {
    this.#topic = topic;
  }

  get epoch(): number {
    return this.#epoch;
  }

  get partitions(): readonly number[] {
    return [...this.#partitions.keys()];
  }

  get hasRoom(): boolean {
    return this.#queuedBytes < QUEUE_BYTES_MAX;
  }

  /** Begins an epoch with these partitions and forgets everything that is not committed. */
  join(partitions: readonly number[]): void {
    this.#epoch += 1;
    this.#write = undefined;
    this.#queuedBytes = 0;
    this.#partitions.clear();
    for (const partition of partitions) {
      const totals = this.#known.get(partition) ?? NO_TOTALS;
      this.#partitions.set(partition, { next: undefined, committed: undefined, totals, queue: [], outstanding: [] });
    }
  }

  /** The group is about to be joined anew: a commit sent now would only wait behind the join, to be refused after it. */
  hold(): void {
    this.#write = undefined;
  }

  /** Says where the group stands; an epoch reads nothing before it knows. */
  begin(epoch: number, committed: ReadonlyMap<number, Committed>): void {
    for (const [number, { totals }] of committed) if (totals !== undefined) this.#known.set(number, totals);
    if (epoch !== this.#epoch) return;
    for (const [number, partition] of this.#partitions) {
      const found = committed.get(number);
      if (found === undefined) continue;
      partition.next = found.offset;
      partition.committed = found.offset;
      partition.totals = this.#known.get(number) ?? NO_TOTALS;
    }
  }

  /** The offset that must come next, or undefined when any may. */
  next(partition: number): number | undefined {
    return this.#partitions.get(partition)?.next;
  }

  committed(partition: number): number | undefined {
    return this.#partitions.get(partition)?.committed;
  }

  /** Takes records of one partition in their order. False when they belong to an epoch that is over: nothing was taken. */
  push(epoch: number, partition: number, records: readonly FetchedRecord[], write: WriteCommit): boolean {
    const state = this.#partitions.get(partition);
    const last = records.at(-1);
    if (epoch !== this.#epoch || state === undefined) return false;
    this.#write = write;
    if (last === undefined) return true;
    state.queue.push(...records);
    state.next = Number(last.offset) + 1;
    this.#queuedBytes += bytesOf(records);
    return true;
  }

  /** The next batch: records of one partition, about `maxBytes` of them, at least one. */
  take(maxBytes: number): StreamBatch | undefined {
    const numbers = this.partitions;
    for (let step = 1; step <= numbers.length; step += 1) {
      const at = (this.#turn + step) % numbers.length;
      const number = numbers[at];
      const partition = number === undefined ? undefined : this.#partitions.get(number);
      if (number === undefined || partition === undefined || partition.queue.length === 0) continue;
      this.#turn = at;
      return this.#deliver(number, partition, maxBytes);
    }
    return undefined;
  }

  /** What was taken and not committed comes again. */
  rewind(): void {
    for (const partition of this.#partitions.values()) {
      const again = partition.outstanding.flatMap(({ records }) => records);
      partition.queue = [...again, ...partition.queue];
      partition.outstanding = [];
      this.#queuedBytes += bytesOf(again);
    }
  }

  /** Totals at the committed positions of the partitions that are held now. */
  totals(): StreamTotals {
    const held = [...this.#partitions.values()];
    const sum = (key: keyof StreamTotals) => held.reduce((total, { totals }) => total + totals[key], 0);
    return { stored: sum('stored'), dead: sum('dead') };
  }

  /** When the oldest record that is here and not committed was sent, ms since the epoch. */
  oldest(): number | undefined {
    const times = [...this.#partitions.values()].flatMap(({ outstanding, queue }) => {
      const first = outstanding[0]?.records[0] ?? queue[0];
      return first === undefined ? [] : [Number(first.timestamp)];
    });
    return times.length === 0 ? undefined : Math.min(...times);
  }

  /** Resolves when no commit is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#commits.values());
  }

  #deliver(number: number, partition: Partition, maxBytes: number): StreamBatch {
    let count = 0;
    let bytes = 0;
    for (const record of partition.queue) {
      const more = record.value?.length ?? 0;
      if (count > 0 && bytes + more > maxBytes) break;
      count += 1;
      bytes += more;
    }
    const records = partition.queue.splice(0, count);
    this.#queuedBytes -= bytes;
    const delivery: Delivery = { partition: number, records };
    partition.outstanding.push(delivery);
    const items = records.map((one) => decodeRecord(this.#topic, number, one));
    const commit = async (counts: StreamTotals) => {
      const before = this.#commits.get(number) ?? Promise.resolve();
      const done = before.then(async () => await this.#commit(delivery, counts));
      this.#commits.set(
        number,
        done.catch(() => undefined),
      );
      await done;
    };
    return { items, bytes, lane: number, commit };
  }

  async #commit(delivery: Delivery, counts: StreamTotals): Promise<void> {
    const partition = this.#partitions.get(delivery.partition);
    const last = delivery.records.at(-1);
    if (partition === undefined || last === undefined || !partition.outstanding.includes(delivery)) throw stale();
    if (partition.outstanding[0] !== delivery)
      throw new Error('batches of a partition are committed in the order they were read, once each');
    const offset = Number(last.offset) + 1;
    const totals = { stored: partition.totals.stored + counts.stored, dead: partition.totals.dead + counts.dead };
    if (this.#write === undefined)
      throw new WeatherError('kafka_rebalancing', 'the group gives its partitions out anew', { retriable: true });
    try {
      await this.#write(delivery.partition, String(offset), encodeTotals(totals));
    } catch (error) {
      throw kafkaWeather('the position was not committed', error);
    }
    partition.totals = totals;
    this.#known.set(delivery.partition, totals);
    partition.committed = offset;
    partition.outstanding = partition.outstanding.filter((one) => one !== delivery);
  }
}

function stale(): WeatherError {
  const message = 'the partition was given out anew since this was read';
  return new WeatherError('kafka_stale', message, { retriable: false });
}

function bytesOf(records: readonly FetchedRecord[]): number {
  return records.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
}
