// The loop of the sink: read, insert, commit. In: the stream. Out: rows in ClickHouse, dead letters, a moved position.
// Must never commit a batch before everything in it and before it is acknowledged, and never stop on a bad row.
import type { Clock } from '../../shared/runtime/clock.js';
import { WeatherError } from '../../shared/runtime/errors.js';
import type { Logger } from '../../shared/runtime/log.js';
import { sleep } from '../../shared/runtime/retry.js';
import type { StreamReader } from '../../shared/runtime/stream.js';
import { deadBlock, deadLine, storeDeadLetters } from './dead-letters.js';
import { readGroup, totalsOf, type CountedBatch, type Group, type OpenTable } from './group.js';
import type { Insert } from './insert.js';
import { HELD_BYTES_MAX, READ_WAIT_MS } from './limits.js';
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
  attempts: number;
  /** When it is to be tried again, on the monotonic clock. */
  dueAt: number;
  /** The proofs its tables had at the last attempt: when there is a new one, it is tried at once. */
  proofs: number;
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
        if (group !== undefined) this.#held.push({ group, attempts: 0, dueAt: 0, proofs: 0 });
        for (const held of this.#held) await this.#tryToStore(held);
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

  async #tryToStore(held: Held): Promise<void> {
    const { waiting, clock } = this.#options;
    const { group } = held;
    const proofs = group.open.reduce((sum, { table }) => sum + this.#store.acknowledged(table), 0);
    if (held.attempts > 0 && proofs === held.proofs && clock.monotonic() < held.dueAt) return;
    await this.#storeUnreadable(group);
    const unproven: OpenTable[] = [];
    for (const open of group.open) {
      const answer = await this.#store.store(open.table, open.blocks, open.rows);
      if (answer === 'unproven') unproven.push(open);
      else await this.#finishTable(group, open, answer);
    }
    group.open = unproven;
    if (unproven.length === 0) return;
    held.attempts += 1;
    held.proofs = unproven.reduce((sum, { table }) => sum + this.#store.acknowledged(table), 0);
    held.dueAt = clock.monotonic() + waiting.witnessPauseMs(held.attempts);
    waiting.note('witness');
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
    const { metrics, waiting } = this.#options;
    for (let held = this.#held[0]; held !== undefined && held.group.open.length === 0; held = this.#held[0]) {
      for (const counted of held.group.batches) {
        if (!(await this.#commit(counted))) return false;
        metrics.blockBytes.inc(counted.batch.bytes);
      }
      this.#held.shift();
    }
    if (this.#held.length === 0) waiting.over('witness');
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
