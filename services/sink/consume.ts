// The loop of the sink: read, insert, commit. In: the stream. Out: rows in ClickHouse, dead letters, a moved position.
// Must never commit a batch before everything in it and before it is acknowledged, and never stop on a bad row.
import type { Clock } from '../../shared/runtime/clock.js';
import { WeatherError } from '../../shared/runtime/errors.js';
import type { Logger } from '../../shared/runtime/log.js';
import { backoffMs, sleep } from '../../shared/runtime/retry.js';
import type { StreamReader } from '../../shared/runtime/stream.js';
import { deadBlock, deadLine, storeDeadLetters } from './dead-letters.js';
import { lanesOf, readGroup, totalsOf, type CountedBatch, type Group, type OpenTable } from './group.js';
import type { Insert } from './insert.js';
import { HELD_BYTES_MAX, READ_WAIT_MS, WITNESS_BACKOFF } from './limits.js';
import type { SinkMetrics } from './metrics.js';
import { TableStore, type RejectedLine } from './store.js';
import { StoppedError, type Waiting } from './waiting.js';

export interface ConsumeOptions {
  readonly reader: StreamReader;
  readonly insert: Insert;
  readonly waiting: Waiting;
  readonly metrics: SinkMetrics;
  readonly log: Logger;
  readonly clock: Clock;
  /** Asks for a graceful end: the insert under way is finished and committed. */
  readonly stop: AbortSignal;
}

/** A group that is not committed yet. */
interface Held {
  readonly group: Group;
  /** The proofs its open tables had at its last attempt, if any: when there is a new one, it is tried at once. */
  proofs: number | undefined;
}

/** Runs until the stop. Rejects only when an invariant is broken. */
export async function consume(options: ConsumeOptions): Promise<void> {
  try {
    await new Consumer(options).run();
  } catch (error) {
    if (!(error instanceof StoppedError)) throw error;
  }
}

class Consumer {
  readonly #options: ConsumeOptions;
  readonly #store: TableStore;
  /** In the order of the stream. More than one only while refused rows wait for a witness, which a later group may bring. */
  #held: Held[] = [];
  /** Without a new proof one group after the other is tried again, with growing pauses. */
  readonly #retry = { attempts: 0, dueAt: 0 };
  #ahead: Promise<Group | undefined> | undefined;

  constructor(options: ConsumeOptions) {
    this.#options = options;
    this.#store = new TableStore(options.insert);
  }

  async run(): Promise<void> {
    const { stop } = this.#options;
    try {
      while (!stop.aborted) {
        const group = await this.#next();
        if (stop.aborted) return;
        if (group !== undefined) this.#held.push({ group, proofs: undefined });
        await this.#storeHeld();
        if (!(await this.#commitStored())) await this.#startOver();
      }
    } finally {
      await this.#ahead?.catch(() => undefined);
    }
  }

  /** The next group; the one after it is read while this one is inserted. */
  async #next(): Promise<Group | undefined> {
    const { stop } = this.#options;
    const heldBytes = this.#held.reduce((sum, { group }) => sum + group.bytes, 0);
    if (heldBytes >= HELD_BYTES_MAX) {
      await sleep(READ_WAIT_MS, stop);
      return undefined;
    }
    const group = await (this.#ahead ?? this.#read());
    this.#ahead = stop.aborted ? undefined : this.#read();
    // Awaited later: an early failure must not count as unhandled until then.
    this.#ahead?.catch(() => undefined);
    return group;
  }

  async #read(): Promise<Group | undefined> {
    const { reader, waiting, stop, metrics, log } = this.#options;
    while (!stop.aborted) {
      try {
        const group = await readGroup(reader, stop);
        waiting.over('stream');
        if (group !== undefined && group.miscounted > 0) {
          metrics.rowCountMismatches.inc(group.miscounted);
          log.error({ blocks: group.miscounted }, 'blocks name another number of rows than they have; the lines count');
        }
        return group;
      } catch (error) {
        if (!(error instanceof WeatherError)) throw error;
        await waiting.pause('stream', error);
      }
    }
    return undefined;
  }

  async #storeHeld(): Promise<void> {
    const { waiting, clock } = this.#options;
    for (const held of this.#held) if (held.proofs !== this.#proofsOf(held.group)) await this.#tryToStore(held);
    const open = this.#held.filter(({ group }) => group.open.length > 0);
    if (open.length === 0) {
      this.#retry.attempts = 0;
      waiting.over('witness');
      return;
    }
    if (this.#retry.attempts > 0 && clock.monotonic() < this.#retry.dueAt) return;
    const next = this.#retry.attempts === 0 ? undefined : open[this.#retry.attempts % open.length];
    if (next !== undefined) await this.#tryToStore(next);
    this.#retry.attempts += 1;
    this.#retry.dueAt = clock.monotonic() + backoffMs(this.#retry.attempts, WITNESS_BACKOFF);
  }

  #proofsOf(group: Group): number {
    return group.open.reduce((sum, { table }) => sum + this.#store.proofs(table), 0);
  }

  async #tryToStore(held: Held): Promise<void> {
    const { group } = held;
    await this.#storeUnreadable(group);
    const unproven: OpenTable[] = [];
    for (const open of group.open) {
      const answer = await this.#store.store(open.table, open.blocks, open.rows);
      if (answer === 'unproven') unproven.push(open);
      else await this.#finishTable(group, open, answer);
    }
    group.open = unproven;
    held.proofs = this.#proofsOf(group);
    if (unproven.length > 0) this.#options.waiting.note('witness');
  }

  async #storeUnreadable(group: Group): Promise<void> {
    const { metrics, log } = this.#options;
    if (group.unreadable.length === 0) return;
    await storeDeadLetters(group.unreadable.map(deadBlock), this.#options);
    for (const { reason, position } of group.unreadable) {
      metrics.unreadable.inc({ reason });
      log.error({ reason, position }, 'a block cannot be read; it is a dead letter');
    }
    group.unreadable = [];
  }

  async #finishTable(group: Group, { table, rows }: OpenTable, rejected: readonly RejectedLine[]): Promise<void> {
    const { metrics, log } = this.#options;
    metrics.rows.inc({ table, outcome: 'stored' }, rows - rejected.length);
    if (rejected.length === 0) return;
    const letters = rejected.map(({ row, reason }) => deadLine(row, reason));
    await storeDeadLetters(letters, this.#options);
    metrics.rows.inc({ table, outcome: 'dead' }, rejected.length);
    for (const { row } of rejected) {
      const counts = group.batchOf.get(row.block);
      if (counts !== undefined && table === 'events') counts.dead += 1;
    }
    const details = [...new Set(letters.map(({ detail }) => detail))].slice(0, 10);
    log.error({ table, rows: rejected.length, details }, 'rows can never be stored; they are dead letters');
  }

  /** Commits what is stored with nothing open before it. False when the stream does not take the position any more. */
  async #commitStored(): Promise<boolean> {
    for (let held = this.#held[0]; held !== undefined && held.group.open.length === 0; held = this.#held[0]) {
      // Lanes side by side: each commit is a round trip to a broker.
      const lanes = lanesOf(held.group.batches);
      const ends = await Promise.allSettled(lanes.map(async (lane) => await this.#commitLane(lane)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
      if (ends.some((end) => end.status === 'fulfilled' && !end.value)) return false;
      this.#held.shift();
    }
    return true;
  }

  /** Batches of one partition, in their order. */
  async #commitLane(batches: readonly CountedBatch[]): Promise<boolean> {
    for (const counted of batches) {
      if (!(await this.#commit(counted))) return false;
      this.#options.metrics.blockBytes.inc(counted.batch.bytes);
    }
    return true;
  }

  async #commit(counted: CountedBatch): Promise<boolean> {
    const { waiting } = this.#options;
    for (;;) {
      try {
        await counted.batch.commit(totalsOf(counted));
        waiting.over('commit');
        return true;
      } catch (error) {
        if (!(error instanceof WeatherError)) throw error;
        await waiting.pause('commit', error);
        if (!error.retriable) return false;
      }
    }
  }

  /** Back to the committed position: what was stored since then is stored once more, which changes nothing. */
  async #startOver(): Promise<void> {
    const { reader, waiting } = this.#options;
    await this.#ahead?.catch(() => undefined);
    this.#ahead = undefined;
    this.#held = [];
    for (;;) {
      try {
        await reader.rewind();
        return;
      } catch (error) {
        if (!(error instanceof WeatherError)) throw error;
        await waiting.pause('stream', error);
      }
    }
  }
}
